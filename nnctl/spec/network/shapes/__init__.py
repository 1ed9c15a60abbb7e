"""Shapes, followed through a network without TensorFlow: what `check` knows of a spec before anything is built.

The catalogue names a rule for each layer, which tells what the layer makes of a shape; `tests/engine/test_shapes.py` holds
every rule against Keras itself. Where nothing can be known of a layer, its rule says so.
"""

from nnctl.spec.network.shapes.rules import compute_outcome, find_input_rank, follow

__all__ = ["compute_outcome", "find_input_rank", "follow"]
