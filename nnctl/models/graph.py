"""What a model file says of its network, as plain checked values."""

from dataclasses import dataclass

from nnctl.errors import Problem, RunError
from nnctl.spec.sections import Component

Index = tuple[int | tuple[int | None, int | None, int | None], ...]
"""What stands in the brackets of `x[...]`, the batch axis first: a whole number, or (start, stop, step)."""


@dataclass(frozen=True, slots=True)
class Step:
    """One operation of the network.

    Attributes:
        name: its name, unique in the network.
        component: the layer; `concatenate`, which no spec can name, joins several sources along its `axis`; None for a slice.
        sources: the names of the steps, or of the input, that it reads.
        index: what the slice takes, or None for a layer.
    """

    name: str
    component: Component | None
    sources: tuple[str, ...]
    index: Index | None = None


@dataclass(frozen=True, slots=True)
class Graph:
    """A network with one input and one output.

    Attributes:
        name: the model's name.
        kind: `Sequential` or `Functional`.
        input_name: the input's name.
        shape: the shape of one example, without the batch axis; None for a size that may vary.
        dtype: the type of the examples.
        steps: the operations, each after those that it reads; at least one.
        output: the name of the step that is the output.
    """

    name: str
    kind: str
    input_name: str
    shape: tuple[int | None, ...]
    dtype: str
    steps: tuple[Step, ...]
    output: str


def refusal(message: str) -> RunError:
    """The error for what a model file may not hold; `admit` puts the file's name in front."""
    hint = "nnctl opens models made of the layers that a spec can name; do not load it with Keras unless you trust it"
    return RunError(Problem("refused-model", message, hint=hint))


def damage(message: str) -> RunError:
    """The error for a file that is no whole model; `admit` puts the file's name in front."""
    return RunError(Problem("bad-model", f"is damaged or not a Keras model: {message}"))
