"""What the loop of a training tells whoever follows it, and what it asks."""

from dataclasses import dataclass
from typing import Protocol

from nnctl.runs import Row


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a training stands inside an epoch.

    Attributes:
        epoch: the epoch, from 1.
        epochs: how many there will be.
        step: steps done in this epoch.
        steps: steps of an epoch.
        results: the loss and metrics of the epoch so far.
        learning_rate: the rate of the last step that was done, in the fewest decimals that are its float32.
    """

    epoch: int
    epochs: int
    step: int
    steps: int
    results: Row
    learning_rate: float


class Follower(Protocol):
    """Follows a training step by step."""

    def stepped(self, progress: Progress) -> None:
        """Some steps have run: about four times a second."""

    def ended_epoch(self, row: Row, best: bool) -> None:
        """An epoch has ended with these numbers; `best` if no earlier one was better."""

    def interrupted(self) -> bool:
        """Whether training should stop at the next opportunity."""
