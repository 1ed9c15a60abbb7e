"""What the layers look like on the way: one forward and one backward pass on the same examples, now and then."""

import math
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from nnctl.diagnosis.facts.network import collect_network_facts, count_gathered
from nnctl.engine.loop.progress import Progress
from nnctl.engine.loop.training import FIRST_STEPS, Training
from nnctl.engine.probes.layers import Layers, find_kernels
from nnctl.files import append_to
from nnctl.runs import Row, RunDirectory, diagnostics
from nnctl.runs.diagnostics import Check

SHARE = 0.02  # of the time of a training, at most, goes into looks at its layers
LEAST = 0.1  # seconds more: 2 % of the five that a command takes before and behind its training
_GUESS = 0.05  # seconds that the first look is taken to cost
_FIRST = 5  # times what any other costs is what the first look costs, at which its graph is made
_SPACE = 1.05  # how many times the step of the look before a step must be for a look inside an epoch
_HELD = 64 * 2**20  # bytes of weights that wait for a look, at most
_GROWTH = 10.0  # a loss ten times what it began with does not come back by itself

Arrays = list[np.ndarray]


@dataclass(frozen=True, slots=True, eq=False)
class _Moment:
    """A training at one of its steps: what a look at it takes.

    Attributes:
        epoch: the epoch, from 1.
        step: steps since the beginning of the training.
        metrics: the loss and metrics of the epoch so far.
        weights: those of then, as `model.get_weights()` has them; None for those of now.
        kernels: of each layer with weights.
        before: the kernels of the last look, or of the last step that waits for one.
        updates: how many updates of the weights lie between the two.
    """

    epoch: int
    step: int
    metrics: Mapping[str, float]
    weights: Arrays | None
    kernels: Arrays
    before: Arrays
    updates: int


class LayerRecorder:
    """Looks at the layers of one training, and writes what it sees to the run's `debug/diagnostics.jsonl`.

    A look is due at each of the first twenty steps, then at the end of each epoch and at steps further and further apart, as
    long as all looks together, this one included, stay within 2 % of the time that the training has taken and a tenth of a
    second. The weights of the first steps are kept, 64 MiB of them at most, until there is time to look at them: so the
    lines of the file need not stand in the order of the steps. It draws nothing at random and changes nothing: the bits of a
    training are the same with it and without. What it cannot do it leaves, and a training goes on.

    Args:
        training: the training, at the position that it begins or goes on from; looks behind that are dropped from the file.
        run: its run.
    """

    def __init__(self, training: Training, run: RunDirectory) -> None:
        self.training, self.path = training, run.diagnostics
        self.spent, self._cost, self._begun = 0.0, _GUESS, time.monotonic()
        self._network = collect_network_facts(training.plan.network)
        self._layers: Layers | None = None
        self._waiting: list[_Moment] = []
        self._held = 0
        self._kernels = self._copy_kernels()
        self._moved = self._step
        self._seen: list[int] = []
        self._off = self._warned = self._turn = False
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
        due = self._step >= _SPACE * max(self._seen, default=0)
        return self._look(progress.epoch, progress.results, due) if progress.step < progress.steps else None

    def ended_epoch(self, row: Row) -> str | None:
        """An epoch has ended: likewise."""
        told = {name: value for name, value in row.items() if name not in ("epoch", "step", "seconds", "learning_rate")}
        return self._look(int(row["epoch"]), told, True)

    def _look(self, epoch: int, metrics: Mapping[str, float], due: bool) -> str | None:
        """Looks at the training as it is, if that is due, and at steps that wait, in turn, while there is time."""
        if self._off:
            return None
        begun, told = time.monotonic(), None
        try:
            if self._step <= FIRST_STEPS and self._held < _HELD:
                self._waiting.append(self._take(epoch, metrics, keep=True))
                due = False
            self.spent += time.monotonic() - begun
            while (due or self._waiting) and self._is_affordable():
                waits = bool(self._waiting) and not (due and self._turn)
                moment, self._turn = self._choose_waiting() if waits else self._take(epoch, metrics), waits
                due = due and waits
                told = self._see(moment) or told
        except Exception:  # a network that cannot be looked into, or a full disk, is no reason to end a training
            self._off = True
            self._waiting.clear()
        return told

    def _is_affordable(self) -> bool:
        """Whether looks stay within their share of the time with another one that costs what the last one did."""
        return self.spent + self._cost <= LEAST + SHARE * (time.monotonic() - self._begun)

    def _take(self, epoch: int, metrics: Mapping[str, float], keep: bool = False) -> _Moment:
        """The training as it is, with its weights if they are to be looked at later."""
        weights = self.training.model.get_weights() if keep else None
        self._held += sum(each.nbytes for each in weights or ())
        gathered = count_gathered(self.training.spec.train)  # batches that make one update
        updates = max(1, self._step // gathered - self._moved // gathered)
        before, now = self._kernels, self._copy_kernels(weights)
        self._kernels, self._moved = now, self._step
        return _Moment(epoch, self._step, dict(metrics), weights, now, before, updates)

    def _choose_waiting(self) -> _Moment:
        """Of the steps that wait the one that lies furthest from all that were looked at, by the ratio of the two."""
        steps = [max(1, each.step) for each in self._waiting]
        apart = [min((abs(math.log(step / seen)) for seen in self._seen), default=math.inf) for step in steps]
        return self._waiting.pop(apart.index(max(apart)))

    def _see(self, moment: _Moment) -> str | None:
        """Looks at a moment, writes what is seen, and returns what the user should be warned of."""
        begun = time.monotonic()
        if self._layers is None:
            self._layers = Layers(self.training, self._network, often=True)
        built = time.monotonic()
        try:
            check = self._check_layers(self._layers, moment)
            with append_to(self.path) as file:
                file.write(diagnostics.format_line(check))
        finally:
            self._cost = (time.monotonic() - built) / (1 if self._seen else _FIRST)
            self.spent += time.monotonic() - begun
        self._seen.append(max(1, moment.step))
        return self._find_warning(check)

    def _check_layers(self, layers: Layers, moment: _Moment) -> Check:
        held, model = None, self.training.model
        if moment.weights is not None and moment.step != self._step:
            held = model.get_weights()
            model.set_weights(moment.weights)
        try:
            losses, outputs, gradients = layers.run_passes()
            moved = [(now - then) / moment.updates for now, then in zip(moment.kernels, moment.before, strict=True)]
            seen = layers.compute_checks(outputs, gradients, moment.kernels, moved)
        finally:
            if held is not None:
                model.set_weights(held)
        return Check(moment.epoch, moment.step, *losses, moment.metrics, seen)

    def _copy_kernels(self, weights: Arrays | None = None) -> Arrays:
        """A copy of the kernel of each layer with weights; those that are copied already are found among them."""
        model = self.training.model
        kernels = find_kernels(model, self._network)
        if weights is None:
            return [np.array(kernel.numpy()) for kernel in kernels]
        places = {id(weight): place for place, weight in enumerate(model.weights)}
        return [weights[places[id(kernel)]] for kernel in kernels]

    def _find_warning(self, check: Check) -> str | None:
        before, late = self._before, self._before is not None and check.step < self._before.step
        if self._warned or late:  # of steps that waited: what came behind them is known already
            return None
        self._before = check
        told = None if before is None else next(self._find_certainties(before, check), None)
        self._warned = told is not None
        return told

    def _find_certainties(self, before: Check, check: Check) -> Iterator[str]:
        """What has gone wrong for sure: a loss beyond repair, or a dead layer, behind which nothing depends on the input."""
        if check.step > FIRST_STEPS and check.loss > max(_GROWTH * self._start, before.loss):
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
