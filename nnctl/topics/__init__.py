"""What `nnctl explain` and `nnctl list` tell: topics on shelves, made of the spec's tables and of prose beside them.

Nothing here loads NumPy, Keras or the network.
"""

from nnctl.topics.index import find_shelf, find_topics, list_shelves
from nnctl.topics.topic import Row, Shelf, Topic

__all__ = ["Row", "Shelf", "Topic", "find_shelf", "find_topics", "list_shelves"]
