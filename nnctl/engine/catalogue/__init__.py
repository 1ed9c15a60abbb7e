"""The catalogue of Keras: what its signatures and docstrings say, joined with what the reviewed table says.

`python -m nnctl.engine.catalogue` writes the result to `nnctl/spec/catalogue/catalogue.json`, from which `check` knows every
layer, optimizer, loss and so on without TensorFlow.
"""

from nnctl.engine.catalogue.joining import format_catalogue, join_catalogue

__all__ = ["format_catalogue", "join_catalogue"]
