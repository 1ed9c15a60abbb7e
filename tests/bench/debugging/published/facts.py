"""What the published rule sets look at: the spec's layers and training, the scaled inputs, and the history of one training."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from nnctl.spec.sections import Component, Spec

Array = NDArray[np.float32]
_ACTIVATING = ("relu", "leaky_relu", "prelu", "elu", "softmax", "activation")


@dataclass(slots=True)
class Facts:
    """The facts of one training.

    Attributes:
        spec: the spec.
        inputs: the first batch as the first layer of the spec gets it, float32.
        rate: the learning rate of the first step.
        history: a row an epoch: `loss`, `accuracy`, `val_loss`, `val_accuracy` where there are such.
        gradients: for each epoch the gradient of each kernel on the first batch, from the input to the output.
        status: `done` or `diverged`.
    """

    spec: Spec
    inputs: Array
    rate: float
    history: list[dict[str, float]]
    gradients: list[list[Array]] = field(default_factory=list)
    status: str = "done"


@dataclass(frozen=True, slots=True)
class Symptom:
    """A published tool's message, and the codes of the findings that mean the same."""

    name: str
    codes: tuple[str, ...]


def activations(spec: Spec) -> list[tuple[Component, str]]:
    """Each layer with weights and the activation that follows it, be it an argument or a layer of its own."""
    found: list[tuple[Component, str]] = []
    for layer in spec.layers:
        given = layer.arguments.get("activation")
        name = given.name if isinstance(given, Component) else str(given or "linear")
        if layer.name == "dense" or layer.name.startswith("conv"):
            found.append((layer, name))
        elif layer.name in _ACTIVATING and found and found[-1][1] == "linear":
            found[-1] = (found[-1][0], name if layer.name == "activation" else layer.name)
    return found
