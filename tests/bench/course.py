"""How a training went, by what its program said and when: nnctl's lines and those of the plain programs."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

_STEP = re.compile(r"^step$|\bstep \d+/\d+")
# `epoch  2/10    0.43 s  lr 0.01  loss ... val_accuracy 0.8947  best`, and `epoch 2 accuracy 0.8806 0.8947`.
_EPOCH = re.compile(r"^epoch +(\d+)(?:/\d+ +[\d.]+ s +lr .* val_accuracy|(?: seconds \S+)? accuracy \S+) (\d\.\d+)")
_TEST = re.compile(r"^test accuracy (\d\.\d+)")


@dataclass(frozen=True, slots=True)
class Course:
    """How a training went.

    Attributes:
        first_step: seconds from the start of its process until it told of a step; None if it never did.
        epochs: for each epoch the seconds from the start until it told that the epoch had ended, and the accuracy on the
            examples held out.
        test: the accuracy on test that it ended with; None if it told of none.
    """

    first_step: float | None
    epochs: tuple[tuple[float, float], ...]
    test: float | None

    @property
    def steady(self) -> list[float]:
        """Seconds from the end of one epoch to the end of the next: all that an epoch holds, and no compilation."""
        ends = [end for end, _ in self.epochs]
        return [after - before for before, after in pairwise(ends)]

    def reached(self, accuracy: float) -> float | None:
        """Seconds from the start until the end of the first epoch with this accuracy or a better one; None if none has."""
        return next((end for end, held in self.epochs if held >= accuracy), None)


def course(lines: Sequence[tuple[float, str]]) -> Course:
    """The course of a training by its lines and when they came, in seconds from its start."""
    step = next((when for when, line in lines if _STEP.search(line)), None)
    ended = {int(found[1]): (when, float(found[2])) for when, line in lines if (found := _EPOCH.match(line))}
    test = next((float(found[1]) for _, line in lines if (found := _TEST.match(line))), None)
    return Course(step, tuple(ended[number] for number in sorted(ended)), test)


def held(line: str) -> float:
    """The accuracy on the examples held out that a line tells of; 0 if it tells of none."""
    found = _EPOCH.match(line)
    return float(found[2]) if found else 0.0
