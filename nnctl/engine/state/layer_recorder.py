"""What the layers look like on the way: one forward and one backward pass on the same examples, now and then."""

import math
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress

import numpy as np

from nnctl.diagnosis.facts.network import collect_network_facts, count_gathered
from nnctl.engine.loop.progress import Progress
from nnctl.engine.loop.training import Training
from nnctl.engine.probes.layers import Layers
from nnctl.files import append_to
from nnctl.runs import Row, RunDirectory, diagnostics
from nnctl.runs.diagnostics import Check, LayerCheck

SHARE = 0.02  # of the time of a training, at most, goes into looks at its layers
_GUESS = 0.05  # seconds that the first look is taken to cost
_GROWTH = 10.0  # a loss ten times what it began with does not come back by itself


class LayerRecorder:
    """Looks at the layers of one training, and writes what it sees to the run's `debug/diagnostics.jsonl`.

    A look is due at the end of an epoch and between calls, as long as all looks together, this one included, stay within 2 %
    of the time that the training has taken. It draws nothing at random and changes nothing: the bits of a training are the
    same with it and without. What it cannot do it leaves, and a training goes on.

    Args:
        training: the training, at the position that it begins or goes on from; looks behind that are dropped from the file.
        run: its run.
    """

    def __init__(self, training: Training, run: RunDirectory) -> None:
        self.training, self.path = training, run.diagnostics
        self.spent, self._cost, self._begun = 0.0, _GUESS, time.monotonic()
        self._layers: Layers | None = None
        self._kernels: list[np.ndarray] = []
        self._moved = self._step
        self._off = self._warned = False
        self._start = math.nan
        self._before: Check | None = None
        with suppress(OSError):
            diagnostics.drop_later(self.path, self._step)

    @property
    def _step(self) -> int:
        state = self.training.state
        return state.epoch * self.training.steps.per_epoch + state.step

    def stepped(self, progress: Progress) -> str | None:
        """Some steps have run: looks if it is time, and returns what the user should be warned of, once."""
        if math.isnan(self._start):
            self._start = progress.results["loss"]
        return self._look(progress.epoch, progress.results) if progress.step < progress.steps else None

    def ended_epoch(self, row: Row) -> str | None:
        """An epoch has ended: likewise."""
        told = {name: value for name, value in row.items() if name not in ("epoch", "step", "seconds", "learning_rate")}
        return self._look(int(row["epoch"]), told)

    def _look(self, epoch: int, metrics: Mapping[str, float]) -> str | None:
        begun = time.monotonic()
        if self._off or self.spent + self._cost > SHARE * (begun - self._begun):
            return None
        try:
            self._prepare_layers()
            built = time.monotonic()
            check = self._check_layers(epoch, metrics)
            with append_to(self.path) as file:
                file.write(diagnostics.format_line(check))
        except Exception:  # a network that cannot be looked into, or a full disk, is no reason to end a training
            self._off = True
            return None
        self._cost = time.monotonic() - built
        self.spent += time.monotonic() - begun
        return self._find_warning(check)

    def _check_layers(self, epoch: int, metrics: Mapping[str, float]) -> Check:
        layers = self._prepare_layers()
        losses, outputs, gradients = layers.run_passes()
        kernels = layers.copy_kernels()
        probes = layers.compute_probes(outputs, gradients, kernels, self._compute_updates(kernels))
        names = [facts.component.name for facts in layers.facts]
        seen = tuple(
            LayerCheck(each.index, name, each.gradient, each.update, each.dead, each.saturated)
            for name, each in zip(names, probes, strict=True)
        )
        return Check(epoch, self._step, *losses, dict(metrics), seen)

    def _prepare_layers(self) -> Layers:
        """The layers, once it is known that there is time for them."""
        if self._layers is None:
            self._layers = Layers(self.training, collect_network_facts(self.training.plan.network))
        return self._layers

    def _compute_updates(self, kernels: list[np.ndarray]) -> list[np.ndarray]:
        """What each kernel moved an update since the last look; nothing at the first. Gathered batches make one update."""
        gathered = count_gathered(self.training.spec.train)
        steps = max(1, self._step // gathered - self._moved // gathered)
        before = self._kernels or kernels
        self._kernels, self._moved = kernels, self._step
        return [(now - then) / steps for now, then in zip(kernels, before, strict=True)]

    def _find_warning(self, check: Check) -> str | None:
        before, self._before = self._before, check
        if self._warned or before is None:
            return None
        told = next(self._find_certainties(before, check), None)
        self._warned = told is not None
        return told

    def _find_certainties(self, before: Check, check: Check) -> Iterator[str]:
        """What has gone wrong for sure: a loss beyond repair, or a dead layer, behind which nothing depends on the input."""
        if check.loss > max(_GROWTH * self._start, before.loss):
            yield (
                f"the loss is {check.loss:.3g} and rising; it began at {self._start:.3g}: "
                "stop it, and try a smaller train.learning_rate"
            )
        for then, now in zip(before.layers[:-1], check.layers[:-1], strict=True):
            if then.dead == now.dead == 1 and now.gradient == 0:
                yield (
                    f"layers[{now.index}] {now.name} is dead: it gives 0 for every example, and no gradient passes; "
                    "`nnctl debug RUN` tells what to change"
                )
