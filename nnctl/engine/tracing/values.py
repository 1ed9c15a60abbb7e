"""What a trace tells: frozen values, whose arrays are those of the engine's own network, loss and optimizer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

Shape = tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class TracedExample:
    """The example that goes through the network.

    Attributes:
        index: its place in train, from 0.
        count: how many examples train has.
        row: its row in the array or table that train was cut from.
        stored: its values as the source holds them.
        fed: its values as the first layer gets them: scaled, with columns embedded.
        columns: the names of the columns of a table, else ().
        label: what is to be answered, by its name; numbers as they are.
        weight: how much it counts in the loss; 1 where all count alike.
    """

    index: int
    count: int
    row: int
    stored: NDArray[Any]
    fed: NDArray[Any]
    columns: tuple[str, ...]
    label: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class TracedLayer:
    """A layer on the way forward.

    Attributes:
        index: its place in `model.layers`, from 0.
        name: its kind in the catalogue.
        activation: the one that it applies itself, or None.
        formula: how its output is computed.
        input: the shape of what it is fed, without the batch axis.
        output: what it gives, without the batch axis.
        parameters: how many weights it has.
        idle: whether it changes values while training alone, so that here it hands them on.
    """

    index: int
    name: str
    activation: str | None
    formula: str | None
    input: Shape
    output: NDArray[Any]
    parameters: int
    idle: bool = False

    @property
    def where(self) -> str:
        """What messages call it."""
        return f"layers[{self.index}] {self.name}"

    @property
    def zeros(self) -> float:
        """The share of its outputs that are 0."""
        return float((self.output == 0).mean())


@dataclass(frozen=True, slots=True, eq=False)
class TracedUnit:
    """A unit written out: what it adds up, and what comes of that.

    Attributes:
        layer: the place of its layer in `model.layers`.
        unit: its number in the layer, from 0.
        position: of a convolution the place of the output that is looked at, else ().
        inputs: what it is fed, of the shape of its weights; None of a layer whose unit is more than one sum.
        weights: its weights; None as before.
        offset: where in the layer's input the patch of a convolution begins, () for a layer that reads all of it.
        bias: its bias; None where it has none.
        total: the sum with the bias, as the engine's layer computes it; None as before.
        activation: what is applied to it; `linear` for nothing.
        outputs: what it gives: one number, or one for each step of a sequence.
    """

    layer: int
    unit: int
    position: Shape
    inputs: NDArray[Any] | None
    weights: NDArray[Any] | None
    offset: Shape
    bias: float | None
    total: float | None
    activation: str
    outputs: NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False)
class TracedLoss:
    """The loss of the example.

    Attributes:
        name: of the loss.
        formula: how it is computed; None where none is told.
        steps: the formula with the numbers put in, each step equal to the one before; () where it is too long to be written.
        target: what the output is compared with, as the loss takes it.
        output: the output, as the loss takes it.
        value: what the engine's loss gives, the example's weight included.
        penalty: what regularizers of the layers add.
    """

    name: str
    formula: str | None
    steps: tuple[str, ...]
    target: NDArray[Any]
    output: NDArray[Any]
    value: float
    penalty: float

    @property
    def total(self) -> float:
        """What training minimises: the loss with the penalties."""
        return self.value + self.penalty


@dataclass(frozen=True, slots=True, eq=False)
class Forward:
    """The way of an example through the network to its loss. The network runs as it does when it is used: nothing is dropped.

    Attributes:
        example: the example.
        layers: those of the spec, in order.
        units: those that are written out: all of a small network, else the chosen one.
        chosen: which of them the chosen one is; None where no layer has a weight.
        answers: the output's numbers by name: of classes, labels or targets.
        probable: whether they are probabilities.
        loss: the loss.
    """

    example: TracedExample
    layers: tuple[TracedLayer, ...]
    units: tuple[TracedUnit, ...]
    chosen: int | None
    answers: Mapping[str, float]
    probable: bool
    loss: TracedLoss


@dataclass(frozen=True, slots=True, eq=False)
class Difference:
    """The gradient of one weight, by the backward pass and by finite differences.

    Attributes:
        weight: the name of the weights that it is of: `kernel`.
        index: its place among them.
        value: the weight.
        gradient: the gradient of the example's loss, penalties included, by the engine's backward pass.
        difference: (L(w + h) - L(w - h)) / 2h.
        step: h.
        type: what the differences are computed in: `float64`, or `float32` where a layer cannot do that.
        tolerance: how far apart they may be, as a share of the larger one.
        agrees: whether they are no further apart.
        reason: why they may differ; None where they agree.
    """

    weight: str
    index: Shape
    value: float
    gradient: float
    difference: float
    step: float
    type: str
    tolerance: float
    agrees: bool
    reason: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class TracedSlope:
    """A layer on the way back.

    Attributes:
        layer: its place in `model.layers`.
        rule: how the gradient goes through it; None where none is told.
        slope: the root mean square of the gradient by its outputs; None where none arrives, or where the loss takes the layer's
            activation together with itself.
        gradient: the root mean square of the gradient by its first weights; None where it has none to train.
        checked: of the weight among these with the largest gradient, in the chosen unit if it is in this layer, both gradients.
    """

    layer: int
    rule: str | None
    slope: float | None
    gradient: float | None
    checked: Difference | None


@dataclass(frozen=True, slots=True, eq=False)
class TracedUpdate:
    """What one step of an optimizer on a batch does to a weight, as Keras's own `train_step` does it.

    Attributes:
        optimizer: its name.
        formula: how it computes the new weight; None where none is told.
        rate: the learning rate of the step.
        old: the weight before.
        gradient: the gradient that the optimizer is handed: of the mean loss of the batch, penalties included, in training mode.
        new: the weight afterwards.
        kept: what the optimizer keeps of this weight, by name, before and afterwards.
        example: the loss of the example before and afterwards, penalties included, of the network as it is used.
        batch: that of the batch.
        course: the step's number, the batch's loss and the weight, at 0, 1, 10, 100 and so on, and at the last step.
    """

    optimizer: str
    formula: str | None
    rate: float
    old: float
    gradient: float
    new: float
    kept: Mapping[str, tuple[float, float]]
    example: tuple[float, float]
    batch: tuple[float, float]
    course: tuple[tuple[int, float, float], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Traced:
    """One step of learning.

    Attributes:
        subject: what was traced: the spec's name or the run's path.
        trained: whether it is a run's best model; else weights as they are drawn from the spec's seed.
        forward: the way to the loss.
        backward: the way of the gradient back, the last layer first.
        followed: the layer whose weight the updates follow, the one that `backward` has checked there; None where there is none.
        count: how many examples the batch has that the updates are made of.
        updates: a step, or more, of each optimizer, all from the same weights.
    """

    subject: str
    trained: bool
    forward: Forward
    backward: tuple[TracedSlope, ...] = ()
    followed: int | None = None
    count: int = 0
    updates: tuple[TracedUpdate, ...] = ()
