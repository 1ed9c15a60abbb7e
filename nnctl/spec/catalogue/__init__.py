"""What there is to name in a spec, and what is known of it: the components of Keras with their arguments and their traits."""

from nnctl.spec.catalogue.entries import (
    PATH,
    Argument,
    Entry,
    entry,
    excluded,
    named,
    names,
    spelled,
    spellings,
    version,
)

__all__ = ["PATH", "Argument", "Entry", "entry", "excluded", "named", "names", "spelled", "spellings", "version"]
