"""The memory that training a network takes, told from its shapes before anything is built."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from nnctl.data.dataset import Dataset
from nnctl.data.memory import available
from nnctl.errors import Problem, SpecError
from nnctl.spec import network
from nnctl.spec.sections import Component, Spec
from nnctl.spec.shapes import Shape

_NUMBER = 4  # bytes of a float32
_HALF = 2  # bytes of an activation in a 16-bit type
# Numbers that an optimizer keeps for each weight: the variables that its `build` adds in Keras 3.15.
_SLOTS = {
    "sgd": 0, "rmsprop": 1, "adagrad": 1, "lion": 1, "adafactor": 0, "muon": 2, "adadelta": 2, "adam": 2, "adamw": 2,
    "adamax": 2, "nadam": 2, "ftrl": 2, "lamb": 2,
}  # fmt: skip
# Layers whose result is their input under another shape: no memory of its own.
_VIEWS = {"flatten", "reshape", "identity", "input"}


@dataclass(frozen=True, slots=True)
class Footprint:
    """Bytes that one training takes at the least, beside its data.

    Attributes:
        weights: the weights, each with its gradient and with what the optimizer keeps for it.
        activations: what the layers give for one batch, and the gradients of the largest two beside each other.
        parameters: how many weights there are.
        largest: the layer that takes most, and how many weights it has.
    """

    weights: int
    activations: int
    parameters: int
    largest: tuple[Component, int]

    @property
    def bytes(self) -> int:
        """All of it."""
        return self.weights + self.activations


def footprint(spec: Spec, shape: Shape, examples: int) -> Footprint:
    """What training a network on examples of a shape takes.

    A weight is a float32 with a gradient and the optimizer's slots (none for SGD, one with momentum, two for Adam), one more
    for its moving average and one for accumulated gradients. An activation is kept for each example of a batch until its
    gradient is known. Layers whose shapes are not known count for nothing, so this is a lower bound.

    Args:
        spec: the spec.
        shape: of one example, without the batch axis.
        examples: how many there are to train on: no batch is larger.
    """
    counts, sizes = network.weights(spec.layers, shape), list(_outputs(spec, shape))
    batch = min(spec.train.batch_size, examples)
    width = _HALF if spec.train.precision.startswith("mixed") else _NUMBER
    weights = _NUMBER * sum(counts) * (2 + _slots(spec.train.optimizer))
    activations = width * batch * (sum(sizes) + sum(sorted(sizes)[-2:]))
    takes = [count * _NUMBER * (2 + _slots(spec.train.optimizer)) for count in counts]
    loads = [take + width * batch * size for take, size in zip(takes, sizes, strict=True)]
    index = loads.index(max(loads))
    return Footprint(weights, activations, sum(counts), (spec.layers[index], counts[index]))


def afford_network(spec: Spec, dataset: Dataset, limit: int | None = None) -> None:
    """Refuses a network that would take more memory than there is, or than `limit` bytes.

    Raises:
        SpecError: it would; the layer that takes most is named.
    """
    need = footprint(spec, dataset.shape, len(dataset.train.x))
    room = available() if limit is None else limit
    if room is None or need.bytes <= room:
        return
    layer, count = need.largest
    parts = f"{_said(need.weights)} for {need.parameters:,} weights and {_said(need.activations)} for a batch"
    there = f"{_said(room)} are free" if limit is None else f"--max-memory is {_said(room)}"
    message = f"training it takes about {_said(need.bytes)} ({parts}), and {there}"
    hint = (
        f"{layer.name} takes most, with {count:,} weights"
        if count
        else f"{layer.name} takes most; a smaller batch_size"
    )
    raise SpecError(Problem("out-of-memory", message, layer.places.get("units", layer.place), hint))


def _outputs(spec: Spec, shape: Shape) -> Iterator[int]:
    """The numbers that each layer gives for one example; 0 where that is not known."""
    given = network.input_shape(spec.layers, shape)
    shapes = [(layer, out) for layer, out, _ in network.trace(spec.layers, given)]
    for layer, out in (*shapes, *((layer, None) for layer in spec.layers[len(shapes) :])):
        known = out is not None and None not in out and layer.name not in _VIEWS
        yield math.prod(size or 0 for size in out) if known and out is not None else 0


def _slots(optimizer: Component) -> int:
    arguments = optimizer.arguments
    slots = _SLOTS.get(optimizer.name, 2)
    slots += optimizer.name in ("sgd", "rmsprop") and bool(arguments.get("momentum"))
    slots += optimizer.name == "rmsprop" and arguments.get("centered") is True
    slots += optimizer.name == "adam" and arguments.get("amsgrad") is True
    steps = arguments.get("gradient_accumulation_steps")
    return slots + (arguments.get("use_ema") is True) + (isinstance(steps, int) and steps > 1)


def _said(count: int) -> str:
    return f"{count / 2**30:,.1f} GiB" if count >= 2**30 else f"{count / 2**20:,.1f} MiB"
