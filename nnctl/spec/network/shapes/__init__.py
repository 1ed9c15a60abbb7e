"""Shapes, followed through a network without TensorFlow: what `check` knows of a spec before anything is built.

A rule for each layer, by family, tells what the layer makes of a shape; `tests/engine/test_shapes.py` holds every rule
against Keras itself. Where no rule knows, nothing is said: a layer without one gives None.
"""

from nnctl.spec.network.shapes import (  # noqa: F401, each enters its rules
    borders,
    convolution,
    dense,
    elementwise,
    images,
    normalization,
    pooling,
    recurrent,
    reshaping,
    wrappers,
)
from nnctl.spec.network.shapes.follow import follow, input_rank, outcome, parameters

__all__ = ["follow", "input_rank", "outcome", "parameters"]
