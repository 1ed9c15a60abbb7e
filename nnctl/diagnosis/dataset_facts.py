"""What was measured on the data: ranges, balance, leaks, and how far a majority vote and a linear model get."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Baselines:
    """What needs no network: the yardsticks of "it does not learn".

    Attributes:
        metric: `accuracy`, or `r2` for regression, or `subset`-free mean accuracy of the labels for multilabel: higher is better.
        trivial: the score of the commonest class, or 0 for the mean of the targets.
        linear: the score of a ridge or logistic model on held-out examples.
        neighbour: the score of the nearest neighbour on held-out examples.
    """

    metric: str
    trivial: float
    linear: float
    neighbour: float


@dataclass(frozen=True, slots=True)
class DatasetFacts:
    """What was measured on a sample of the data, in the units of the source unless it says otherwise.

    Attributes:
        train: the number of training examples.
        task: `multiclass`, `binary`, `multilabel` or `regression`.
        outputs: the number of classes, labels or targets.
        image: whether an example is an image.
        baselines: the yardsticks.
    """

    train: int
    task: str
    outputs: int
    image: bool
    baselines: Baselines
