"""Whether a network is compiled with XLA: by what it holds and how much work there is."""

from dataclasses import dataclass

from nnctl.spec.sections import Component, Spec

# Measured on two cores, Keras 3.15.1, TensorFlow 2.21, the article's MLP: an epoch of 422 steps takes 0.61 s as a graph and
# 0.41 s under XLA, whose first epoch takes 0.2 to 0.3 s longer than the graph's for all it saves. Convolutions become 5 to 25
# times slower, and layers that draw random numbers 5 times.
SAVED_PER_STEP = 0.45e-3  # seconds
COMPILING = 0.5  # seconds more than tracing a graph
# What XLA on the CPU does at least as well as TensorFlow's own kernels: products, element by element, normalisation.
_GAINS = {
    *("dense", "flatten", "reshape", "permute", "repeat_vector", "identity", "rescaling", "normalization"),
    *("activation", "relu", "leaky_relu", "prelu", "elu", "softmax"),
    *(
        "activity_regularization",
        "batch_normalization",
        "layer_normalization",
        "unit_normalization",
        "rms_normalization",
    ),
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
    if slow := next((layer.name for layer in _within(spec.layers) if layer.name not in _GAINS), None):
        return Compilation(False, f"{slow} is not known to gain from XLA on a CPU")
    saved = steps * SAVED_PER_STEP
    if saved < COMPILING:
        return Compilation(False, f"{steps:,} steps are too few to pay for compiling")
    return Compilation(True, f"{steps:,} steps of layers that XLA fuses")


def expected_compilation(spec: Spec, steps: int | None) -> Compilation | None:
    """What `compilation_of` will say; None if that depends on a number of steps that is not known yet."""
    if steps is not None:
        return compilation_of(spec, steps)
    few, many = compilation_of(spec, 0), compilation_of(spec, 10**12)
    return few if few == many else None


def _within(layers: tuple[Component, ...]) -> list[Component]:
    """The layers and those that they wrap."""
    inner = [value for layer in layers for value in layer.arguments.values() if isinstance(value, Component)]
    return [*layers, *(layer for layer in inner if layer.family == "layer")]
