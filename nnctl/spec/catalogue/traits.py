"""What nnctl knows of components beyond their signatures: which layers drop units, which labels a loss takes, whether a metric
rises, what an optimizer keeps.

The reviewed table (`nnctl/engine/catalogue/reviewed.yaml`) has a row for each component, and the words of its rows are the
fields below: a new layer, loss or metric is one row there. No other module keeps a list of components by name.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, TypeVar

from nnctl.spec.catalogue.entries import get_entry, list_names, read_traits

LabelForm = Literal["integer", "one_hot", "binary", "signed", "number"]
Output = Literal["shares", "probabilities", "signed", "scores", "numbers", "directions", "regions", "embedding"]
Takes = Literal[
    "answers", "classes", "ranks", "decisions", "order", "shares", "probabilities", "signed", "scores", "numbers",
    "directions", "correlation",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class LayerTraits:
    """What is known of a layer.

    Attributes:
        shape: what it does to a shape: the name of a rule in `nnctl.spec.network.shapes.rules`.
        activates: it is an activation and nothing else.
        drops: it sets values to 0 at random while training, or multiplies them with noise.
        adds_noise: it adds noise while training.
        normalises: it brings what it is fed to a common scale by statistics of its own.
        batch_statistics: those are the batch's while training, and moving averages of them afterwards.
        evens: it takes away what sets one example apart from another as a whole: its length, or its level and spread.
        rescales: it multiplies and shifts what it is fed by numbers that do not change.
        moves: it gives the same values in another shape.
        changes_rank: the number of axes behind it is no longer that of the data.
        keeps_width: each value stays where it is, so that the width of the output is set by a layer before it.
        reads_integers: it reads whole numbers that stand for something, and their scale means nothing.
        mask: what becomes of a mask of steps: it `makes` one; it `passes` one on, which a recurrent layer does only with the
            steps themselves; it `ends` one, because it leaves the masked steps out. None for a layer that loses it.
        counted_by: of these, the argument that says how many there are, from 0 on; None where any number will do.
        carries: each value that it gives is one that it is fed, or 0.
        convolves: along how many axes it convolves; 0 for none.
        one_kernel: its weights are one kernel, which `spectral_normalization` can normalise.
        fan_in: a unit adds up as many products as initializers take for its fan-in.
        gates: of a recurrent layer, the matrices that stand side by side in a kernel: four of an LSTM; 0 for any other.
        states: of a recurrent layer, what is handed from step to step, and kept at each for the gradient.
        xla: how it fares under XLA on a CPU, as measured (`nnctl.spec.network.compilation`): `gains`; `plain` for what
            gains, too, but loses to oneDNN where its products are large; None where it is slower or was not measured.
        bfloat16: whether products of bfloat16 were seen to gain with it (`nnctl.spec.network.precision`).
        augments: it changes images at random, and may stand in `train.augment`.
        makes_room: it may stand there in front of one that crops.
        mixes: it mixes each example with another one of its batch, images and labels.
        training_only: why it has no place inside a network; completes "it ...". None if it has one.
    """

    shape: str
    activates: bool = False
    drops: bool = False
    adds_noise: bool = False
    normalises: bool = False
    batch_statistics: bool = False
    evens: bool = False
    rescales: bool = False
    moves: bool = False
    changes_rank: bool = False
    keeps_width: bool = False
    reads_integers: bool = False
    mask: Literal["makes", "passes", "ends"] | None = None
    counted_by: str | None = None
    carries: bool = False
    convolves: int = 0
    one_kernel: bool = False
    fan_in: bool = False
    gates: int = 0
    states: int = 0
    xla: Literal["gains", "plain"] | None = None
    bfloat16: bool = False
    augments: bool = False
    makes_room: bool = False
    mixes: bool = False
    training_only: str | None = None


@dataclass(frozen=True, slots=True)
class LossTraits:
    """What is known of a loss, as the docstrings of keras.losses have it.

    Attributes:
        labels: the form that it takes labels in: `integer`, the index of a class; `one_hot`, a row of shares; `binary`, 0 or
            1; `signed`, -1 or 1; `number`, numbers that are compared with numbers, as they stand.
        output: what it takes the network's output for: `shares` of one of many classes; `probabilities`, a yes or no for each
            output; `signed` scores, whose sign is the answer; `scores`, the largest of which is the answer; `numbers`;
            `directions` of vectors; `regions`, whose overlap counts; an `embedding`, whose width is free.
        distance: of a loss that compares numbers by their distance, how its gradient grows with the error: `squared`, with
            it (or with that of the logarithms); `absolute`, not at all; `both`, up to a point. None for any other.
        difference: it is a function of output minus target alone: adding the same to both changes nothing.
        positive: it takes the logarithm of the output, or a root, and is NaN where that is below 0.
        couples: what an example adds depends on the others of its batch, unless an `axis` keeps it to itself
            (`nnctl.spec.network.reduction`).
        entropy: it is the cross-entropy itself: ln K for answers that know nothing of K classes.
        bfloat16: whether the seven bits of a bfloat16 are enough for it: it asks which output is largest.
        sibling: the loss that compares the same in another form of the labels.
        usual_for: the tasks that it is the usual loss of.
        head: the activation whose gradient with it is output minus label (Bishop 2006, 4.3), of a usual loss.
    """

    labels: LabelForm = "number"
    output: Output = "numbers"
    distance: Literal["squared", "absolute", "both"] | None = None
    difference: bool = False
    positive: bool = False
    couples: bool = False
    entropy: bool = False
    bfloat16: bool = False
    sibling: str | None = None
    usual_for: tuple[str, ...] = ()
    head: str | None = None


@dataclass(frozen=True, slots=True)
class MetricTraits:
    """What is known of a metric.

    Attributes:
        takes: what it takes of an output (`nnctl.spec.network.undefined` tells which outputs have it): `answers`, right or
            wrong; `classes`, the one answer of many outputs; `ranks`, the order of the classes of an example; `decisions`, a
            yes or no of each output; `order`, how the examples stand by an output; `shares` of one of many classes;
            `probabilities` of a yes; `signed` scores; `scores`, one a class; `numbers`; `directions` of vectors;
            `correlation` of numbers with numbers.
        whole: batches do not add up to its value, or Keras approximates it; a whole split is scored by this formula of
            `nnctl.metrics.whole` from all of its outputs.
        rises: whether more of it is better.
        counts_right: it counts answers that are right.
        accuracy: of these, it is the share of examples whose first answer is right.
        labels: the form that it takes labels in, where that does not follow from the output: `integer` or `signed`.
        usual_for: the tasks that a starter watches it for.
    """

    takes: Takes
    whole: Literal["area", "best_at", "determination", "pearson", "concordance"] | None = None
    rises: bool = False
    counts_right: bool = False
    accuracy: bool = False
    labels: LabelForm | None = None
    usual_for: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rates:
    """Which learning rates suit an optimizer; the sources stand in the reviewed table.

    Attributes:
        default: Keras's own.
        usual: the one to try first.
        least: below it training hardly moves.
        most: above it training may not settle.
        highest: above it training is lost.
        travel: the least sum of all rates of a training that can get anywhere; 0 where that is not known.
    """

    default: float
    usual: float
    least: float
    most: float
    highest: float
    travel: float


@dataclass(frozen=True, slots=True)
class OptimizerTraits:
    """What is known of an optimizer: the values that it keeps beside the weights, as its `build` has it, and its rates.

    Attributes:
        slots: values for each weight.
        more_slots: the arguments that ask for one more where they are given and not zero.
        factored: for a matrix it keeps a value for each row and each column more.
        matrix_slots: values for each weight of a matrix, where they are others.
        adaptive: it scales each weight's step by the size of its own gradients.
        fuses: whether its update gains from XLA on a CPU (measured, `nnctl.spec.network.compilation`).
        rates: which learning rates suit it.
    """

    slots: int
    rates: Rates
    more_slots: tuple[str, ...] = ()
    factored: bool = False
    matrix_slots: int | None = None
    adaptive: bool = False
    fuses: bool = False


@dataclass(frozen=True, slots=True)
class ScheduleTraits:
    """What is known of a schedule.

    Attributes:
        peak: the argument that names its largest rate, or the rates among which it is.
        climbs: it begins below its largest rate.
    """

    peak: str
    climbs: bool = False


@dataclass(frozen=True, slots=True)
class ActivationTraits:
    """What is known of an activation.

    Attributes:
        range: the least and the largest value that it gives, None where there is no bound; None where an argument may change
            it, or there is no bound at all.
        shares: its outputs sum to 1.
        clips: it is 0, without a gradient, wherever its input is below 0.
        dies: it is 0 over a range of inputs, so that a unit behind it can be 0 for every example.
        saturates: outputs from which on, either way, its slope is under 3 % of its steepest.
        firm: it passes the gradient of an active unit on undiminished.
        looked_behind: a cross-entropy of Keras finds its logits by itself, where it is the network's last word.
    """

    range: tuple[float | None, float | None] | None = None
    shares: bool = False
    clips: bool = False
    dies: bool = False
    saturates: tuple[float, float] | None = None
    firm: bool = False
    looked_behind: bool = False

    @property
    def probability(self) -> bool:
        """Whether it gives a number from 0 to 1 for each output by itself."""
        return self.range == (0, 1) and not self.shares

    @property
    def positive(self) -> bool:
        """Whether it gives a number above 0 for each output by itself, and passes a gradient on wherever it does."""
        return self.range is not None and self.range[0] == 0 and not (self.shares or self.clips)

    @property
    def bounded(self) -> bool:
        """Whether it squeezes whatever it is given in between two bounds; what clips lets pass what lies there."""
        return self.range is not None and None not in self.range and not self.clips

    @property
    def signed(self) -> bool:
        """Whether it gives numbers from -1 to 1."""
        return self.range == (-1, 1)


@dataclass(frozen=True, slots=True)
class InitializerTraits:
    """What is known of an initializer.

    Attributes:
        constant: it gives each weight the same value.
    """

    constant: bool = False


Traits = TypeVar("Traits")
FAMILIES: dict[str, type[Any]] = {
    "layer": LayerTraits,
    "loss": LossTraits,
    "metric": MetricTraits,
    "optimizer": OptimizerTraits,
    "schedule": ScheduleTraits,
    "activation": ActivationTraits,
    "initializer": InitializerTraits,
}
"""The families whose components have traits, with what holds them."""


@cache
def get_layer(name: str) -> LayerTraits:
    """The traits of a layer by its name; an unknown one raises KeyError, as in each family."""
    return LayerTraits(**read_traits("layer", name))


@cache
def get_loss(name: str) -> LossTraits:
    """The traits of a loss."""
    return LossTraits(**read_traits("loss", name))


@cache
def get_metric(name: str) -> MetricTraits:
    """The traits of a metric."""
    return MetricTraits(**read_traits("metric", name))


@cache
def get_optimizer(name: str) -> OptimizerTraits:
    """The traits of an optimizer."""
    found = read_traits("optimizer", name)
    return OptimizerTraits(**{**found, "rates": Rates(*found["rates"])})


@cache
def get_schedule(name: str) -> ScheduleTraits:
    """The traits of a learning-rate schedule."""
    return ScheduleTraits(**read_traits("schedule", name))


@cache
def get_activation(name: str | None) -> ActivationTraits:
    """The traits of an activation; nothing is known of None, and of a layer that is an activation of its own (`prelu`)."""
    return ActivationTraits(**(read_traits("activation", name) if name in list_names("activation") else {}))


@cache
def get_initializer(name: str) -> InitializerTraits:
    """The traits of an initializer."""
    return InitializerTraits(**read_traits("initializer", name))


@cache
def get_usual_loss(task: str) -> str:
    """The usual loss of a task: `multiclass`, `binary`, `multilabel` or `regression`."""
    return next(name for name in list_names("loss") if task in get_loss(name).usual_for)


@cache
def list_usual_metrics(task: str) -> tuple[str, ...]:
    """What a starter watches of a task, the first of which tells most."""
    return tuple(name for name in list_names("metric") if task in get_metric(name).usual_for)


@cache
def is_wrapper(name: str) -> bool:
    """Whether a layer holds another one, which does the work."""
    argument = get_entry("layer", name).arguments.get("layer")
    return argument is not None and argument.kind == "layer"


def select_names(family: str, wanted: Callable[[Any], object]) -> tuple[str, ...]:
    """The names of a family's components whose traits are wanted, sorted."""
    of = {"layer": get_layer, "loss": get_loss, "metric": get_metric, "optimizer": get_optimizer}[family]
    return tuple(name for name in list_names(family) if wanted(of(name)))
