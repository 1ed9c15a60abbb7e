"""What names mean, from Python: `explain(["dense"])`, and the shelves that hold all topics, kind by kind."""

from nnctl.topics import find_shelf, list_shelves
from nnctl.topics import find_topics as explain

__all__ = ["explain", "find_shelf", "list_shelves"]
