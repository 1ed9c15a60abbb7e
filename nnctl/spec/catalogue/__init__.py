"""What there is to name in a spec, and what is known of it: the components of Keras with their arguments and their traits."""

from nnctl.spec.catalogue.entries import Argument, Entry, entry, excluded, named, names, spelled, spellings, version

__all__ = ["Argument", "Entry", "entry", "excluded", "named", "names", "spelled", "spellings", "version"]
