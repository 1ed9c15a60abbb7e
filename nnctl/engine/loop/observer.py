"""What a run that is trained tells whoever watches it; the engine itself prints nothing."""

from typing import Protocol

from nnctl.engine.loop.progress import Follower, Progress
from nnctl.engine.loop.training import Training
from nnctl.runs import Row, RunDirectory

__all__ = ["Observer", "Progress", "Silent"]


class Observer(Follower, Protocol):
    """Watches a run from its first step to its last."""

    def begun(self, training: Training, run: RunDirectory) -> None:
        """The run's directory is there, and its first step, or the first one that is resumed, is next."""

    def said(self, message: str) -> None:
        """Something that the user should know; of a run that goes on, before `begun` as well."""

    def trained(self) -> None:
        """The last step has run and its state is written: what follows may be broken off by a KeyboardInterrupt."""


class Silent:
    """An observer that says nothing and never stops a training."""

    def begun(self, training: Training, run: RunDirectory) -> None: ...

    def stepped(self, progress: Progress) -> None: ...

    def ended_epoch(self, row: Row, best: bool) -> None: ...

    def said(self, message: str) -> None: ...

    def trained(self) -> None: ...

    def interrupted(self) -> bool:
        return False
