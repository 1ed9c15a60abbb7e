"""What there is to name in a spec, and what is known of it: the components of Keras with their arguments and their traits."""

from nnctl.spec.catalogue.entries import Argument, Entry, find_entry, get_entry, list_names, list_spellings

__all__ = ["Argument", "Entry", "find_entry", "get_entry", "list_names", "list_spellings"]
