"""What was measured on the network itself, with a few examples and a few seconds."""

from dataclasses import dataclass

from nnctl.diagnosis import thresholds


@dataclass(frozen=True, slots=True)
class Trial:
    """A short training: of the spec as it is, or with one thing changed.

    Attributes:
        label: what was changed, in words.
        steps: the steps that were made.
        whole: whether these are all the steps that the spec asks for.
        losses: the mean loss of each of some twenty stretches of steps, penalties included.
        score: on held-out examples, in the metric of the baselines: higher is better; the worst there is after divergence.
        train_score: on training examples.
        diverged: whether the loss or a weight was no longer finite, or the loss grew tenfold.
        commonest: the share of held-out examples that get the commonest answer; 0 for numbers.
        seconds: how long it took, compilation included.
        left_out: what of the training it could not run: the key of `train`, and the metric that it watches.
    """

    label: str
    steps: int
    whole: bool
    losses: tuple[float, ...]
    score: float
    train_score: float
    diverged: bool
    commonest: float
    seconds: float
    left_out: tuple[str, ...] = ()

    @property
    def falling(self) -> bool:
        """Whether the loss still falls: the last fifth is at least two per cent below the fifth before it."""
        fifth = max(1, len(self.losses) // 5)
        late, before = self.losses[-fifth:], self.losses[-2 * fifth : -fifth]
        first = sum(before) / len(before) if before else 0.0
        return bool(before) and sum(late) / len(late) < first - thresholds.STILL_FALLING * abs(first)


@dataclass(frozen=True, slots=True)
class LayerProbe:
    """One layer with weights, seen on at most 256 training examples.

    Attributes:
        index: its place in `model.layers`.
        mean: of its outputs, behind its activation.
        deviation: of its outputs.
        zeros: the share of outputs that are exactly 0; says nothing by itself.
        dead: the share of units that are 0 for every example (of ReLU and its kin); 0 for other activations.
        saturated: the share of units that are saturated at a bound of their activation for nine examples in ten.
        gradient: the root mean square of the kernel's gradient.
        weight: the root mean square of the kernel.
        update: the root mean square of what one step changes, over `weight`.
    """

    index: int
    mean: float
    deviation: float
    zeros: float
    dead: float
    saturated: float
    gradient: float
    weight: float
    update: float


@dataclass(frozen=True, slots=True)
class Separation:
    """How well a layer without weights lets the classes be told apart, by the nearest neighbours.

    Attributes:
        index: its place in `model.layers`.
        before: the share of right answers by what it is fed.
        after: the same by what it gives.
    """

    index: int
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Twins:
    """Classes between which the answers say nothing.

    Attributes:
        classes: their indices, two or more.
        examples: of any of them, that got one of them as their answer.
        right: how many of these got their own.
        chance: how many would have, were the answers drawn without looking.
    """

    classes: tuple[int, ...]
    examples: int
    right: int
    chance: float


@dataclass(frozen=True, slots=True)
class Exchange:
    """Labels of a split that are counted in another order than those of train.

    Attributes:
        split: `validation` or `test`.
        score: the share of right answers as the labels stand.
        better: the same in the other order.
        classes: for each class of the split, by index, which one of train it is.
    """

    split: str
    score: float
    better: float
    classes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Overfit:
    """Whether the network can overfit one batch, and what it took.

    Attributes:
        examples: how many there are in the batch.
        rungs: each attempt with its score from 0 to 1 and whether that passes: first with the spec's optimizer, then with
            Adam at a small and a large rate; without dropout, penalties and augmentation.
    """

    examples: int
    rungs: tuple[tuple[str, float, bool], ...]

    @property
    def passed(self) -> bool:
        """Whether the spec's own optimizer did it."""
        return self.rungs[0][2]

    @property
    def possible(self) -> bool:
        """Whether any attempt did it."""
        return any(passed for _, _, passed in self.rungs)


@dataclass(frozen=True, slots=True)
class RateRange:
    """The learning-rate range test of Smith 2017 (Cyclical Learning Rates): the rate grows with each step.

    Attributes:
        rates: the rate of each step.
        losses: the smoothed loss after each step.
        steepest: the rate at which the loss falls fastest, or None if it never falls.
        diverging: the first rate at which the loss is beyond repair, or None.
        asked: the rate that the spec asks for.
    """

    rates: tuple[float, ...]
    losses: tuple[float, ...]
    steepest: float | None
    diverging: float | None
    asked: float

    @property
    def suggested(self) -> float | None:
        """A rate to try: where the loss falls fastest, but at most a tenth of where it diverges; one digit."""
        if self.steepest is None:
            return None
        bound = self.diverging / 10 if self.diverging else self.steepest
        return float(f"{min(self.steepest, bound):.0e}")


@dataclass(frozen=True, slots=True)
class Moved:
    """A trial with the labels of other rows that tells them, where that with an example's own labels does not.

    Attributes:
        rows: how many rows further in the file these labels stand.
        held: how many examples its score is of.
        trial: the trial.
    """

    rows: int
    held: int
    trial: Trial


@dataclass(frozen=True, slots=True)
class ProbeFacts:
    """What the probes saw.

    Attributes:
        initial_loss: the loss of the untrained network on held-in examples, without penalties.
        expected_loss: what an untrained network's loss should be, or None where nothing is known of it.
        before: the layers before the first step.
        after: the layers after the trial of the spec as it is.
        reference: the trial of the spec as it is.
        shuffled: the same with the labels in random order, or None where it was not run: a network that does no better on
            the real ones does not look at its inputs.
        held: how many held-out examples the scores of trials are of.
        separation: where the trial stays below a linear model or neighbours, what each layer without weights lets through.
        test_score: of the trial of the spec as it is, the score on as many test examples at most; None without test.
        drift: where that is far below the score on held-out examples, what sets test apart from train as it is stored, a
            sentence each.
        ranked: the trial with ranks in the place of far values, or None where it was not run.
        twins: classes that the trial of the spec as it is tells from all others and not from each other.
        moved: where the trial of the spec as it is tells nothing, one with the labels of the next row, or of the row before,
            that does; None without.
        exchanged: splits whose classes stand in another order than those of train.
        overfit: whether one batch can be overfitted.
        rates: the learning-rate range test, or None where the optimizer has no rate.
        inference_gap: the loss in inference mode over the loss in training mode, on the same examples after the trial.
    """

    initial_loss: float
    expected_loss: float | None
    before: tuple[LayerProbe, ...]
    after: tuple[LayerProbe, ...]
    reference: Trial
    overfit: Overfit
    rates: RateRange | None
    inference_gap: float
    shuffled: Trial | None = None
    held: int = 0
    test_score: float | None = None
    separation: tuple[Separation, ...] = ()
    drift: tuple[str, ...] = ()
    ranked: Trial | None = None
    twins: tuple[Twins, ...] = ()
    exchanged: tuple[Exchange, ...] = ()
    moved: Moved | None = None
