"""How far a spec lets its optimizer go: examples, steps, learning rate."""

import math
from dataclasses import dataclass

from nnctl.data import count_examples
from nnctl.diagnosis import rates, thresholds
from nnctl.diagnosis.facts.facts import Facts
from nnctl.diagnosis.facts.network import count_gathered, read_argument
from nnctl.spec.catalogue import traits


@dataclass(frozen=True, slots=True)
class Budget:
    """What a training has to spend.

    Attributes:
        examples: how many there are to train on, once validation is cut.
        an_epoch: steps in an epoch, each an update of the weights.
        steps: steps in all.
        gathered: batches whose gradients make one of them.
        rate: the largest learning rate, Keras's own where the spec has none.
        travel: the rate times the steps; with momentum m divided by 1 - m, since so many steps push the same way.
    """

    examples: int
    an_epoch: int
    steps: int
    gathered: int
    rate: float
    travel: float


def find_band(facts: Facts) -> traits.Rates:
    """The learning rates of the spec's optimizer."""
    return traits.get_optimizer(facts.spec.train.optimizer.name).rates


def is_adaptive(facts: Facts) -> bool:
    """Whether the spec's optimizer scales each weight's step by the size of its own gradients."""
    return traits.get_optimizer(facts.spec.train.optimizer.name).adaptive


def read_rate(facts: Facts) -> float:
    """The largest learning rate: the spec's, or Keras's own."""
    given = rates.find_peak(facts.spec.train)
    return find_band(facts).default if given is None else given


def compute_speedup(facts: Facts) -> float:
    """By how much momentum lengthens the way of plain SGD: 1 / (1 - momentum); infinite for a momentum of 1."""
    optimizer = facts.spec.train.optimizer
    momentum = float(read_argument(optimizer, "momentum") or 0) if not is_adaptive(facts) else 0.0
    return math.inf if momentum >= 1 else 1 / (1 - momentum)


def compute_budget(facts: Facts) -> Budget | None:
    """The budget, or None where nobody knows how many examples there are."""
    train, examples = facts.spec.train, facts.examples or count_examples(facts.spec.data, facts.known)[0]
    if examples is None:
        return None
    examples = max(1, examples)
    batches = math.ceil(examples / min(train.batch_size, examples))
    gathered = count_gathered(train)
    steps = max(1, batches * train.epochs // gathered)
    travelled = read_rate(facts) * steps * compute_speedup(facts)
    return Budget(examples, max(1, batches // gathered), steps, gathered, read_rate(facts), travelled)


def count_enough_epochs(an_epoch: int) -> int:
    """The epochs of so many steps that make twice as many as are few."""
    return math.ceil(2 * thresholds.FEW_STEPS / an_epoch)
