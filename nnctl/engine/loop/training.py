"""One training: what it needs is put together and checked first, then the loop runs, epoch by epoch, call by call."""

import math
import time
from copy import copy
from dataclasses import replace
from typing import Any

import keras
import numpy as np

from nnctl.data import Dataset, Scaling, decide_scales, describe_lost
from nnctl.data.memory.on_disk import OnDisk
from nnctl.engine.loop.checks import check
from nnctl.engine.loop.monitor import Best, choose_mode, choose_monitor, use_averages
from nnctl.engine.loop.progress import Follower, Progress
from nnctl.engine.loop.snapshot import Snapshot, State, collect_variables, read_fields
from nnctl.engine.loop.steps import Steps, Validation, choose_length, compute_class_weights, make_order
from nnctl.engine.loop.streaming import StreamedSteps, make_validation
from nnctl.engine.network import schedules
from nnctl.engine.network.augmentation import Augmentation, complete_ranges
from nnctl.engine.network.build import build_network, build_optimizer, find_default_learning_rate
from nnctl.engine.network.labels import Targets
from nnctl.engine.network.patience import Stopping
from nnctl.engine.network.transfer import Transfer, transfer_weights
from nnctl.errors import Problem, SpecError
from nnctl.runs import Row
from nnctl.runs.manifest import GROWN
from nnctl.spec.network.compilation import Compilation
from nnctl.spec.network.plan import Plan
from nnctl.spec.network.reduction import depends_on_batch
from nnctl.spec.network.watched import VALIDATION
from nnctl.spec.sections import Component, Spec
from nnctl.spec.train_section import explain_monitor, list_metric_names, list_monitors

# Validation needs no gradients, so it takes larger batches than training does, where the loss is the same over any.
VALIDATION_BATCH = 500
_GROWN = 1e6  # times its first step's loss, from which no training is known to come back
_LEAST = 1e-3  # what a first loss counts as that is next to nothing, as of one example that is answered well by chance
FIRST_STEPS = 20
"""Steps of a training that run in calls of their own, so that whoever follows it sees each of them."""


class Training:
    """A network, its data and its optimizer, ready to run.

    Attributes:
        plan: how the spec is trained.
        spec: the spec, with the type of the products decided.
        dataset: the data.
        scales: how the examples and the targets are scaled.
        model: the Keras model, behind its scaling, compiled.
        targets: the forms of the labels.
        transfer: the layers whose weights come from another run, or None.
        augmentation: what changes the training images at random, or None.
        compilation: how the steps are compiled, and why.
        best: the best epoch so far.
        state: where it stands.

    Args:
        fresh: False for a training whose weights are about to be restored: `init_from` is left alone.

    Raises:
        SpecError: the network cannot be built or fed; nothing has been written.
    """

    def __init__(self, plan: Plan, dataset: Dataset, fresh: bool = True) -> None:
        check(plan, dataset)
        assert plan.compilation is not None
        assert plan.cost.steps is not None  # the examples are counted
        spec, batch_size = plan.spec, plan.cost.batch_size
        if spec.train.augment and not spec.trained:
            spec = replace(spec, train=replace(spec.train, augment=complete_ranges(spec.train.augment, dataset)))
        self.plan, self.spec, self.dataset, self.state = plan, spec, dataset, State()
        self.compilation = plan.compilation
        self.scales = decide_scales(spec, dataset)
        self.model = build_network(spec, dataset, self.scales)
        self.transfer = self._transfer_weights() if fresh else None
        self.dataset = replace(self.dataset, notes=(*dataset.notes, *describe_lost(spec, dataset, self.scales)))
        self.augmentation = self._make_augmentation()
        self.targets = Targets(plan, dataset, self.model.output_shape[-1], self.scales.targets, dataset.number)
        self._compile(plan.cost.steps)
        self.steps = self._make_steps(batch_size)
        self._handle_refusal(self.steps.refusal)
        self.validation = self._make_validation(
            choose_validation_batch(self.model, spec.train.loss, self.steps.batch_size)
        )
        self._check_monitors()
        monitor = choose_monitor(spec.train, self.validation is not None)
        self.best = Best(monitor, choose_mode(spec.train, monitor))
        self._begun = self._lost = False
        self._deadline = math.inf
        self.callbacks = keras.callbacks.CallbackList(self._make_callbacks(), model=self.model)

    def run(self, observer: Follower) -> str:
        """Trains from where the state stands to the last epoch.

        Returns:
            The status of the run: `done`, `interrupted`, or `diverged` if the loss or a weight is no longer finite, or the
            loss is a million times what it was at the first step.
        """
        self.begin()
        limit, start = self.spec.train.max_seconds, time.monotonic() - self.state.elapsed
        self._deadline = math.inf if limit is None else start + limit
        while not self.over:
            status = self._run_epoch(observer)
            self.state.elapsed = time.monotonic() - start
            if status is not None:
                return status
        self.callbacks.on_train_end()
        return "done" if self.explain_growth() is None else "diverged"

    def explain_growth(self) -> str | None:
        """Says that the loss has come to a multiple of the first step's from which nothing comes back; None if it has not."""
        first, history = self.state.first, self.state.history
        if first is None or not history or history[-1]["loss"] <= _GROWN * max(abs(first), _LEAST):
            return None
        last = history[-1]
        return f"{GROWN}: {last['loss']:.3g} in epoch {last['epoch']:.0f}, and {first:.3g} at the first step"

    def begin(self) -> None:
        """Tells the callbacks that training begins, which clears what they remember; a second time does nothing."""
        if not self._begun:
            self.model.stop_training = False
            self.callbacks.on_train_begin()
            self._begun = True

    def enter(self) -> None:
        """Begins the epoch that the state names: sets the order of its examples and clears the metrics."""
        state, train = self.state, self.spec.train
        self.callbacks.on_epoch_begin(state.epoch)
        self.steps.begin(make_order(self.spec.seed, state.epoch, self.steps.examples, train.shuffle))
        state.entered = True

    def mark_diverged(self) -> None:
        """A weight was found that is no longer finite: `run` ends it as diverged, though the loss may not yet show it."""
        self._lost = True

    @property
    def variables(self) -> dict[str, keras.Variable]:
        """Every variable that it changes, by a name that the same network has in every process."""
        return collect_variables(self.model, self.augmentation)

    def take_snapshot(self) -> Snapshot:
        """All that it needs to go on from here, copied."""
        arrays = {name: np.array(variable.numpy()) for name, variable in self.variables.items()}
        callbacks = [read_fields(callback) for callback in self.callbacks.callbacks]
        return Snapshot(_copy_state(self.state), arrays, callbacks, bool(self.model.stop_training), copy(self.best))

    def restore(self, snapshot: Snapshot) -> None:
        """Puts the state of a training of the same spec and data in the place of its own."""
        self._begun = self._lost = False
        self.begin()  # clears the callbacks, whose fields are set below
        self.state, self.best = _copy_state(snapshot.state), copy(snapshot.best)
        if self.state.entered:
            self.enter()  # clears the metrics, whose totals are set below
        for name, variable in self.variables.items():
            variable.assign(snapshot.arrays[name])
        for callback, kept in zip(self.callbacks.callbacks, snapshot.callbacks, strict=True):
            for name, value in kept.items():
                setattr(callback, name, value)
        self.model.stop_training = snapshot.stopped

    @property
    def over(self) -> bool:
        """Whether there is no epoch left to run, because all have ended or because a rule or the time says so."""
        return self.state.epoch >= self.spec.train.epochs or self.model.stop_training or self._is_out_of_time()

    def resolve_spec(self) -> Spec:
        """The spec with everything that was decided on the way written out: training it again gives the same bits."""
        spec, best = self.spec, self.best
        metrics = self.targets.choose_metrics()
        decided: dict[str, Any] = {
            "metrics": metrics,
            "monitor": best.monitor,
            "mode": best.mode,
            "xla": self.compilation.xla,
        }
        if spec.train.learning_rate is None:
            decided["learning_rate"] = find_default_learning_rate(spec.train.optimizer)
        data = replace(spec.data, scale=self.scales.inputs.kind)
        return replace(spec, data=data, train=replace(spec.train, **decided))

    def restore_best(self) -> bool:
        """Puts the best epoch's weights into the model; False if there is no best epoch."""
        if self.best.weights is None:
            return False
        self.model.set_weights(self.best.weights)
        return True

    @property
    def scaling(self) -> Scaling:
        """How the examples are scaled."""
        return self.scales.inputs

    def measure_best(self) -> bool:
        """Gives the best epoch the number that its weights have as validation measures it now, and what watches it, too.

        Returns:
            False, and nothing is done, if there is no best epoch, or if its number is none of validation's.
        """
        best, model, name = self.best, self.model, self.best.monitor.removeprefix(VALIDATION)
        if best.weights is None or self.validation is None or name == best.monitor:
            return False
        weights, kept = model.get_weights(), [(variable, variable.numpy()) for variable in model.metrics_variables]
        model.set_weights(best.weights)
        results = self.validation.evaluate()
        model.set_weights(weights)
        for variable, value in kept:  # those of an epoch that has begun
            variable.assign(value)
        assert results is not None  # nothing interrupts it
        best.value = results[name]
        for watcher in self.callbacks.callbacks:
            if getattr(watcher, "monitor", None) == best.monitor:
                watcher.best = best.value
        return True

    @property
    def learning_rate(self) -> float:
        """The rate of the next step, in the fewest decimals that are its float32."""
        return schedules.read_rate(self.model.optimizer)

    def _run_epoch(self, observer: Follower) -> str | None:
        state = self.state
        if not state.entered:
            state.seconds = 0.0
            self.enter()
        start = time.perf_counter() - state.seconds
        results = self._run_steps(observer, start)
        if self._lost or not math.isfinite(results["loss"]):
            return "diverged"
        if observer.interrupted():
            return "interrupted"
        if state.step < self.steps.per_epoch:
            return "done"  # out of time: an epoch that did not end counts for nothing
        if not self.steps.is_finite():
            return "diverged"
        with use_averages(self.model):
            scores = self._validate(observer)
            if scores is None:
                return "interrupted"
            row = self._make_row(start, results, scores)
            improved = self.best.consider(row, self.model)
        state.history.append(row)
        state.epoch, state.step, state.entered = state.epoch + 1, 0, False
        self.callbacks.on_epoch_end(state.epoch - 1, dict(row))
        observer.ended_epoch(row, improved)
        return None

    def _run_steps(self, observer: Follower, start: float) -> Row:
        """Runs the rest of the epoch, call by call; stops early when the loss is lost or the observer says so."""
        state, steps = self.state, self.steps
        length, elapsed = 1, state.elapsed - state.seconds
        while state.step < steps.per_epoch and not observer.interrupted() and not self._is_out_of_time():
            begun = time.perf_counter()
            stop = min(state.step + length, steps.per_epoch)
            steps.run(state.step, stop)
            results = steps.read_results()
            if state.epoch == 0 and stop == 1:
                state.first = results["loss"]
            length = choose_length(stop - state.step, time.perf_counter() - begun, length)
            length = 1 if state.epoch * steps.per_epoch + stop < FIRST_STEPS else length
            state.step, state.seconds = stop, time.perf_counter() - start
            state.elapsed = elapsed + state.seconds
            place = (state.epoch + 1, self.spec.train.epochs, state.step, steps.per_epoch)
            observer.stepped(Progress(*place, results, schedules.read_rate(self.model.optimizer, back=1)))
            if self._lost or not math.isfinite(results["loss"]):
                break
        return steps.read_results()

    def _check_monitors(self) -> None:
        """Now that the task and the splits are known, so is what is measured."""
        train, validated = replace(self.spec.train, metrics=self.targets.choose_metrics()), self.validation is not None
        names = ["loss", *list_metric_names(train)]
        names += [VALIDATION + name for name in names] if validated else []
        faults = [(name, place) for name, place in list_monitors(train) if name not in names]
        if faults:
            raise SpecError(*(explain_monitor(name, place, names, validated) for name, place in faults))

    def _is_out_of_time(self) -> bool:
        """Whether `max_time` is over; the first epoch always ends, so that there is a model."""
        return bool(self.state.history) and time.monotonic() > self._deadline

    def _validate(self, observer: Follower) -> Row | None:
        """The scores of validation, or None if the observer puts an end to it: then the epoch's own numbers are back."""
        if self.validation is None:
            return {}
        kept = [(variable, variable.numpy()) for variable in self.model.metrics_variables]
        results = self.validation.evaluate(observer.interrupted)
        if results is None:
            for variable, value in kept:
                variable.assign(value)
            return None
        return {VALIDATION + name: value for name, value in results.items()}

    def _make_row(self, start: float, results: Row, scores: Row) -> Row:
        step = (self.state.epoch + 1) * self.steps.per_epoch
        seconds = time.perf_counter() - start
        rate = schedules.read_rate(self.model.optimizer, back=1)
        head = {"epoch": self.state.epoch + 1, "step": step, "seconds": seconds, "learning_rate": rate}
        return {**head, **results, **scores}

    def _transfer_weights(self) -> Transfer | None:
        """Takes the weights that `init_from` names, and the scaling that goes with them, for which the network is built again."""
        path, place = self.spec.train.init_from, self.spec.train.places.get("init_from")
        if path is None:
            return None
        learned, own = self.dataset.columns, self.scales
        moved = transfer_weights(self.model, path, place, learned, (self.spec, self.dataset, own))
        if (carried := moved.scales) is not None and (carried.inputs, carried.targets) != (own.inputs, own.targets):
            self.scales = carried
            keras.utils.clear_session()  # names the layers again as if none had been built before
            self.model = build_network(self.spec, self.dataset, self.scales)
            transfer_weights(self.model, path, place, learned)
        self.dataset = replace(self.dataset, scales=self.scales)
        return moved

    def _make_augmentation(self) -> Augmentation | None:
        x, layers, classes = self.dataset.train.x, self.spec.train.augment, self.dataset.classes
        return Augmentation(layers, x.shape[1:], x.dtype.name, classes) if layers else None

    def _compile(self, per_epoch: int) -> None:
        optimizer = build_optimizer(self.spec, per_epoch)
        self.model.compile(
            optimizer=optimizer, loss=self.targets.build_loss(), metrics=self.targets.build_metrics(), jit_compile=False
        )
        self.model.optimizer.build(self.model.trainable_variables)
        schedules.count_all_steps(self.model.optimizer)

    def _make_steps(self, batch_size: int) -> Steps:
        """Makes the compiled steps, which feeds the network its first example: Keras's last word on loss and metrics."""
        train, xla = self.dataset.train, self.compilation.xla
        weights = compute_class_weights(self.targets, train.y, self.dataset.names)
        try:
            kind = StreamedSteps if isinstance(train.x, OnDisk) else Steps
            return kind(self.model, train, batch_size, xla, weights, self.augmentation)
        except Exception as error:  # whatever Keras raises, it is about this loss, these metrics or this shape
            line = " ".join(str(error).split())[:300]
            message = f"Keras cannot compare the output with the labels: {line}"
            raise SpecError(Problem("keras-refuses", message, self.spec.train.loss.place)) from error

    def _make_validation(self, batch_size: int) -> Validation | None:
        if (split := self.dataset.validation) is None:
            return None
        return make_validation(self.model, split, batch_size, self.targets.make_whole_metrics())

    def _handle_refusal(self, refusal: str | None) -> None:
        """Says how the steps really run, where XLA refuses the network."""
        if refusal is None:
            return
        if self.spec.train.xla:
            message, place = f"XLA cannot compile this network: {refusal}", self.spec.train.places.get("xla")
            raise SpecError(Problem("xla-refuses", message, place, "`xla: auto` runs it as a graph"))
        self.compilation = Compilation(False, "XLA cannot compile it")

    def _make_callbacks(self) -> list[keras.callbacks.Callback]:
        train, best = self.spec.train, self.best
        callbacks: list[keras.callbacks.Callback] = []
        if plateau := schedules.build_plateau(train, "val_loss" if self.validation else "loss"):
            callbacks.append(plateau)
        if stopping := train.early_stopping:
            rules = {
                name: getattr(stopping, name) for name in ("patience", "min_delta", "start_from_epoch", "baseline")
            }
            callbacks.append(Stopping(monitor=best.monitor, mode=best.mode, **rules))
        return callbacks


def choose_validation_batch(model: keras.Model, loss: Component, size: int) -> int:
    """Examples in a batch of validation: training's own number where the loss is another over other batches.

    So it is, whatever the loss, behind a mask of examples: the mean is that of those that are not masked.

    Args:
        model: the network.
        loss: its loss.
        size: examples in a batch of training.
    """
    masked = getattr(model.outputs[0], "_keras_mask", None) is not None
    return size if masked or depends_on_batch(loss) else max(VALIDATION_BATCH, size)


def _copy_state(state: State) -> State:
    return replace(state, history=[*state.history])
