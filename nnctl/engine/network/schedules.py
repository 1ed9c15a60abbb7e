"""Learning-rate schedules: lengths in epochs become steps, and warm-up goes in front of any of them."""

import math
from types import SimpleNamespace
from typing import Any

import keras
from keras import ops

from nnctl.spec import catalogue
from nnctl.spec.network.watched import rises
from nnctl.spec.sections import Component, Train

Rate = Any
"""A float, a variable that a callback turns, or a LearningRateSchedule (Keras has no types)."""


def build_learning_rate(train: Train, steps_per_epoch: int) -> Rate | None:
    """The number or schedule that the optimizer gets, or None for the optimizer's own default.

    `reduce_lr_on_plateau` starts as a number, which `build_plateau`'s callback lowers.
    """
    if not isinstance(train.learning_rate, Component):
        return train.learning_rate
    values = complete_arguments(train.learning_rate)
    warmup = round(values["warmup_epochs"] * steps_per_epoch)
    rate = _build_schedule(train.learning_rate.name, values, train.epochs, steps_per_epoch)
    return WarmUp(rate, warmup) if warmup else rate


def build_plateau(train: Train, monitor: str) -> "Plateau | None":
    """The callback for `reduce_lr_on_plateau`, or None for any other learning rate.

    Args:
        train: the `train` section.
        monitor: what to watch if the schedule does not say so.
    """
    rate = train.learning_rate
    if not isinstance(rate, Component) or rate.name != "reduce_lr_on_plateau":
        return None
    ours = ("initial_learning_rate", "warmup_epochs")
    arguments = {name: value for name, value in complete_arguments(rate).items() if name not in ours}
    watched = str(rate.arguments.get("monitor") or monitor)
    if arguments["mode"] == "auto":  # Keras cannot see through the metrics that convert their labels
        arguments["mode"] = "max" if rises(train, watched) else "min"
    return Plateau(**{**arguments, "monitor": watched})


def find_updater(optimizer: Any) -> Any:
    """The optimizer that updates the weights, which knows of averages, schedules and steps: the one inside, in half precision.

    Keras wraps it in one that scales the loss under `mixed_float16`, and answers for it in part only.
    """
    return getattr(optimizer, "inner_optimizer", optimizer)


class Plateau(keras.callbacks.ReduceLROnPlateau):
    """Keras's callback, which can also lower the rate behind a warm-up: there it turns the rate that `WarmUp` leads to.

    Keras's own assigns `model.optimizer.learning_rate`, which an optimizer with a schedule refuses.
    """

    def set_model(self, model: Any) -> None:
        rate = find_updater(model.optimizer)._learning_rate
        super().set_model(SimpleNamespace(optimizer=_Dial(rate)) if isinstance(rate, WarmUp) else model)


class _Dial:
    """Looks like an optimizer to Keras's callback; its learning rate is the one that a warm-up leads to."""

    def __init__(self, warmup: "WarmUp") -> None:
        self.warmup = warmup

    @property
    def learning_rate(self) -> Any:
        return self.warmup.inner

    @learning_rate.setter
    def learning_rate(self, rate: float) -> None:
        self.warmup.inner.assign(rate)


def complete_arguments(schedule: Component) -> dict[str, Any]:
    """A schedule's arguments, defaults included."""
    entry = catalogue.find_entry("schedule", schedule.name)
    assert entry is not None, schedule
    defaults = {argument.name: argument.default for argument in entry.arguments.values() if not argument.required}
    return {**defaults, **schedule.arguments}


def _build_schedule(name: str, values: dict[str, Any], epochs: int, steps_per_epoch: int) -> Rate:
    if name == "constant":
        return float(values["learning_rate"])
    if name == "reduce_lr_on_plateau":
        rate = float(values["initial_learning_rate"])
        return keras.Variable(rate, trainable=False, name="plateau_rate") if values["warmup_epochs"] else rate
    if name == "step_decay":
        return StepDecay(values["initial_learning_rate"], values["factor"], values["every"] * steps_per_epoch)
    if name == "one_cycle":
        rates = (values["max_learning_rate"], values["start_factor"], values["end_factor"], values["peak"])
        return OneCycle(*rates, total_steps=max(1, round((epochs - values["warmup_epochs"]) * steps_per_epoch)))
    entry = catalogue.find_entry("schedule", name)
    assert entry is not None, name
    arguments = _convert_to_steps(values, epochs, steps_per_epoch)
    return getattr(keras.optimizers.schedules, str(entry.class_name))(**arguments)


def _convert_to_steps(values: dict[str, Any], epochs: int, steps_per_epoch: int) -> dict[str, Any]:
    """Keras's arguments: `decay_epochs` becomes `decay_steps`, and so on; a length left out is the whole training."""
    arguments = {key: value for key, value in values.items() if key != "warmup_epochs"}
    rest = epochs - values["warmup_epochs"]  # the schedule begins when the warm-up has ended
    for ours, theirs in (("decay_epochs", "decay_steps"), ("first_decay_epochs", "first_decay_steps")):
        if ours in arguments:
            length = arguments.pop(ours)
            arguments[theirs] = max(1, round((rest if length is None else length) * steps_per_epoch))
    if "boundaries" in arguments:
        arguments["boundaries"] = [round(epoch * steps_per_epoch) for epoch in arguments["boundaries"]]
    return arguments


class StepDecay(keras.optimizers.schedules.LearningRateSchedule):
    """rate = initial x factor^floor(step / every): the staircase that the article calls step decay."""

    def __init__(self, initial: float, factor: float, every: int) -> None:
        self.initial, self.factor, self.every = initial, factor, every

    def __call__(self, step: Any) -> Any:
        exponent = ops.floor(ops.cast(step, "float32") / self.every)
        return self.initial * ops.power(ops.cast(self.factor, "float32"), exponent)

    def get_config(self) -> dict[str, Any]:
        return {"initial": self.initial, "factor": self.factor, "every": self.every}


class OneCycle(keras.optimizers.schedules.LearningRateSchedule):
    """Cosine up to the highest rate, then cosine down: Smith and Topin 2018, arXiv:1708.07120, as PyTorch's OneCycleLR.

    Args:
        highest: the highest rate.
        start: the first rate as a share of the highest (PyTorch: 1 / div_factor).
        end: the last rate as a share of the first (PyTorch: 1 / final_div_factor).
        peak: when the highest rate is reached, as a share of the training (PyTorch: pct_start).
        total_steps: steps of the whole training.
    """

    def __init__(self, highest: float, start: float, end: float, peak: float, total_steps: int) -> None:
        self.highest, self.start, self.end, self.peak, self.total_steps = highest, start, end, peak, total_steps

    def __call__(self, step: Any) -> Any:
        last = max(1, self.total_steps - 1)
        top = self.peak * last
        now = ops.minimum(ops.cast(step, "float32"), float(last))
        first, final = self.highest * self.start, self.highest * self.start * self.end
        rising = _interpolate_by_cosine(first, self.highest, now / max(top, 1e-9))
        falling = _interpolate_by_cosine(self.highest, final, (now - top) / max(last - top, 1e-9))
        return ops.where(now < top, rising, falling)

    def get_config(self) -> dict[str, Any]:
        names = ("highest", "start", "end", "peak", "total_steps")
        return {name: getattr(self, name) for name in names}


class WarmUp(keras.optimizers.schedules.LearningRateSchedule):
    """A straight line to the inner rate over the first steps (Goyal et al. 2017, arXiv:1706.02677), then the inner rate.

    The inner schedule begins when the warm-up has ended.
    """

    def __init__(self, inner: Rate, steps: int) -> None:
        self.inner, self.steps = inner, steps

    def __call__(self, step: Any) -> Any:
        now = ops.cast(step, "float32")
        begun = self._compute_inner(0) * (now + 1) / self.steps
        return ops.where(now < self.steps, begun, self._compute_inner(ops.maximum(now - self.steps, 0.0)))

    def _compute_inner(self, step: Any) -> Any:
        rate = self.inner(step) if callable(self.inner) else self.inner
        return ops.cast(rate, "float32")

    def get_config(self) -> dict[str, Any]:
        return {"inner": self.inner, "steps": self.steps}


def _interpolate_by_cosine(start: float, end: float, share: Any) -> Any:
    """From start to end along half a cosine, `share` from 0 to 1."""
    return end + (start - end) / 2 * (1 + ops.cos(math.pi * share))
