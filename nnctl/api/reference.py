"""What names mean, from Python: `explain(["dense"])`, and the shelves that hold all topics, kind by kind."""

from nnctl.topics import find as explain
from nnctl.topics import shelf, shelves

__all__ = ["explain", "shelf", "shelves"]
