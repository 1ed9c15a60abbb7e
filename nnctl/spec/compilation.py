"""Whether a network is compiled with XLA: by what it holds and how much work there is."""

from dataclasses import dataclass

from nnctl.spec.sections import Component, Spec

# Measured on two cores, Keras 3.15.1, TensorFlow 2.21, MNIST in batches of 128. A step under XLA beside one as a graph: the
# article's MLP 0.5 ms less, two layers of 16 units 0.2, eight of 64 units 0.8, with two dropouts 2, with two batch
# normalisations 2.6; an LSTM over 28 steps 5, a GRU 6, two directions 9. Its first call takes 0.4 to 0.8 s longer with three
# to six such layers, 1 to 1.3 s with a recurrent one. Convolutions become 2.5 to 25 times slower.
SAVED_A_LAYER, SAVED_BY_RECURRENCE = 0.08e-3, 1e-3  # seconds a step, at least
COMPILING, COMPILING_A_LAYER, COMPILING_RECURRENCE = 0.2, 0.08, 0.8  # seconds more than tracing a graph
_RECURRENT = {"lstm", "gru", "simple_rnn"}
# What XLA on the CPU does at least as well as TensorFlow's own kernels: products, element by element, normalisation, random
# masks (`nnctl.engine.draws`), means and maxima over whole axes, loops over time.
_GAINS = {
    *("dense", "flatten", "reshape", "permute", "repeat_vector", "identity", "rescaling", "normalization", "embedding"),
    *("activation", "relu", "leaky_relu", "prelu", "elu", "softmax", "activity_regularization"),
    *("batch_normalization", "layer_normalization", "unit_normalization", "rms_normalization", "group_normalization"),
    *("dropout", "alpha_dropout", "gaussian_dropout", "gaussian_noise"),
    *("spatial_dropout1d", "spatial_dropout2d", "spatial_dropout3d"),
    *(f"global_{kind}_pooling{axes}d" for kind in ("average", "max") for axes in (1, 2, 3)),
    *("bidirectional", "time_distributed", *_RECURRENT),
}


@dataclass(frozen=True, slots=True)
class Compilation:
    """How the steps are compiled.

    Attributes:
        xla: whether a chunk of steps is one XLA computation; otherwise it is a TensorFlow graph.
        reason: why, for people.
    """

    xla: bool
    reason: str


def compilation_of(spec: Spec, steps: int) -> Compilation:
    """How to compile the steps of a training of this many steps.

    Args:
        spec: the spec; its `train.xla` has the last word.
        steps: steps of the whole training.
    """
    if spec.train.xla is not None:
        return Compilation(spec.train.xla, "as train.xla says")
    if spec.train.augment:
        return Compilation(False, "augmentation does not compile under XLA")
    if spec.train.precision != "float32":
        return Compilation(False, f"{spec.train.precision} has not been seen to gain from XLA on a CPU")
    if spec.data.options.get("embed"):
        return Compilation(False, "the embedding of columns is not known to gain from XLA on a CPU")
    layers = _within(spec.layers)
    if slow := next((layer.name for layer in layers if layer.name not in _GAINS), None):
        return Compilation(False, f"{slow} is not known to gain from XLA on a CPU")
    if steps < _worth(layers):
        return Compilation(False, f"{steps:,} steps are too few to pay for compiling")
    return Compilation(True, f"{steps:,} steps of layers that XLA fuses")


def expected_compilation(spec: Spec, steps: int | None) -> Compilation | None:
    """What `compilation_of` will say; None if that depends on a number of steps that is not known yet."""
    if steps is not None:
        return compilation_of(spec, steps)
    few, many = compilation_of(spec, 0), compilation_of(spec, 10**12)
    return few if few == many else None


def _worth(layers: list[Component]) -> float:
    """From how many steps on compiling these layers takes less time than it saves."""
    recurrent = sum(layer.name in _RECURRENT for layer in layers)
    saved = SAVED_A_LAYER * len(layers) + SAVED_BY_RECURRENCE * recurrent
    return (COMPILING + COMPILING_A_LAYER * len(layers) + COMPILING_RECURRENCE * recurrent) / saved


def _within(layers: tuple[Component, ...]) -> list[Component]:
    """The layers and those that they wrap."""
    inner = [value for layer in layers for value in layer.arguments.values() if isinstance(value, Component)]
    return [*layers, *(layer for layer in inner if layer.family == "layer")]
