"""When a checkpoint is due, and in which order its files are written; what it holds is said in `checkpoint`."""

import time

from nnctl.engine.loop.training import Training
from nnctl.engine.state import checkpoint
from nnctl.runs import RunDirectory, checkpoints
from nnctl.runs.checkpoints import Reference

SHARE = 0.02  # of the time of a training, at most, goes into checkpoints
_GUESS = 0.005  # seconds that the first one is taken to cost


class Keeper:
    """Writes the checkpoints of one training.

    One is written at the end of an epoch, and inside of one when `every_seconds` have gone by; neither before all that were
    written and this one, if it costs what the last one did, are 2 % of the time. So of an epoch of milliseconds not each is
    written, and what is run again after a crash takes about fifty times as long as a checkpoint, at most.

    Args:
        training: the training.
        run: its run.
        written: the name of the checkpoint that it was restored from, or None.
        best: the best weights that this one counts on.
    """

    def __init__(
        self, training: Training, run: RunDirectory, written: str | None = None,
        best: tuple[int, list[Reference]] | None = None,
    ) -> None:  # fmt: skip
        self.training, self.root = training, run.checkpoints
        self._written, self._best = written, best
        self._cost, self._spent = _GUESS, 0.0
        self._begun = self._ended = time.monotonic()

    def stepped(self) -> bool:
        """Some steps have run: writes a checkpoint if it is time; False if the weights are no longer finite.

        Raises:
            OSError: it cannot be written; the one before stays.
        """
        every = self.training.spec.train.every_seconds
        due = every == 0 or (time.monotonic() - self._ended >= every and self._affordable)
        return self.keep() if due else True

    def ended_epoch(self) -> None:
        """An epoch has ended: writes a checkpoint if there is time for it.

        Raises:
            OSError: it cannot be written; the one before stays.
        """
        if self.training.spec.train.every_seconds == 0 or self._affordable:
            self.keep()

    def keep(self) -> bool:
        """Writes a checkpoint: first the best weights, if they are new, then the state, then older ones are removed.

        Returns:
            False if the weights are no longer finite: then nothing is written.

        Raises:
            OSError: it cannot be written; the one before stays.
        """
        training, begun = self.training, time.monotonic()
        name = checkpoints.format_name(training.state.epoch, training.state.step)
        if name == self._written:
            checkpoints.prune(self.root)  # the process that wrote it may have died before it came to that
            return True
        if not training.steps.is_finite():
            return False
        checkpoints.write_checkpoint(self.root, name, checkpoint.pack(training), self._keep_best())
        checkpoints.prune(self.root)
        self._written, self._ended = name, time.monotonic()
        self._cost = self._ended - begun
        self._spent += self._cost
        return True

    @property
    def _affordable(self) -> bool:
        """Whether checkpoints stay within their share of the time with another one that costs what the last one did."""
        return self._spent + self._cost <= SHARE * (time.monotonic() - self._begun)

    def _keep_best(self) -> list[Reference]:
        """The best weights as a checkpoint counts on them; written if they are new."""
        best = self.training.best
        if best.epoch is None or best.weights is None:
            return []
        if self._best is None or self._best[0] != best.epoch:
            files = {checkpoint.WEIGHTS: checkpoint.view_bytes(best.weights)}
            self._best = best.epoch, checkpoints.write_checkpoint(self.root, f"best-{best.epoch:04d}", files)
        return self._best[1]
