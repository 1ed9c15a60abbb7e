"""Learning-rate schedules: lengths in epochs become steps, and warm-up goes in front of any of them."""

from types import SimpleNamespace
from typing import Any

import keras
import numpy as np

from nnctl.engine.network import cosine_formulas as cosines
from nnctl.engine.network import rate_formulas as formulas
from nnctl.engine.network.patience import Patience
from nnctl.engine.network.rate_formulas import PlateauRate, Schedule, WarmUp
from nnctl.spec import catalogue
from nnctl.spec.network.watched import rises
from nnctl.spec.sections import Component, Train

LONGEST = 2**62
"""Steps that no training comes to; a longer stretch is as long as that."""


def build_learning_rate(train: Train, steps_per_epoch: int) -> float | Schedule | None:
    """The number or schedule that the optimizer gets, or None for the optimizer's own default.

    `reduce_lr_on_plateau` starts as a number, which `build_plateau`'s callback lowers.
    """
    if not isinstance(train.learning_rate, Component):
        return train.learning_rate
    name, values = train.learning_rate.name, complete_arguments(train.learning_rate)
    warmup = _count_steps(values["warmup_epochs"], steps_per_epoch)
    if not warmup and name in ("constant", "reduce_lr_on_plateau"):
        return float(values["learning_rate" if name == "constant" else "initial_learning_rate"])
    left = max(1, train.epochs * steps_per_epoch - warmup)  # the schedule begins when the warm-up has ended
    schedule = _build_schedule(name, values, steps_per_epoch, left)
    return WarmUp(schedule, warmup) if warmup else schedule


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
    values = complete_arguments(rate)
    arguments = {name: value for name, value in values.items() if name not in ours}
    watched = str(rate.arguments.get("monitor") or monitor)
    if arguments["mode"] == "auto":  # Keras cannot see through the metrics that convert their labels
        arguments["mode"] = "max" if rises(train, watched) else "min"
    return Plateau(float(values["initial_learning_rate"]), **{**arguments, "monitor": watched})


def find_updater(optimizer: Any) -> Any:
    """The optimizer that updates the weights, which knows of averages, schedules and steps: the one inside, in half precision.

    Keras wraps it in one that scales the loss under `mixed_float16`, and answers for it in part only.
    """
    return getattr(optimizer, "inner_optimizer", optimizer)


def count_steps(optimizer: Any) -> Any:
    """How many steps an optimizer has seen, int64: updates and those of accumulated gradients; see `count_all_steps`."""
    updater = find_updater(optimizer)
    return updater._iterations + (0 if updater is optimizer else optimizer._iterations)


def count_all_steps(optimizer: Any) -> None:
    """Makes a schedule count the steps, too, whose gradients overflow in half precision, which Keras leaves out.

    The optimizer that scales the loss skips them, and each would let every later rate of the schedule come a step late. They
    are counted in the `iteration` of that optimizer, which Keras makes and never uses.

    Args:
        optimizer: that of a compiled model.
    """
    updater = find_updater(optimizer)
    rate, skip = updater._learning_rate, getattr(optimizer, "_stateful_handle_non_finite_grads", None)
    if updater is optimizer or not isinstance(rate, Schedule) or skip is None:
        return

    def skip_and_count() -> None:
        skip()
        optimizer._iterations.assign_add(1)

    optimizer._stateful_handle_non_finite_grads = skip_and_count
    updater._get_current_learning_rate = lambda: rate(count_steps(optimizer))


def read_rate(optimizer: Any, back: int = 0) -> float:
    """The rate of the next step, or of the one that is `back` steps before it, in the decimals of `shorten`."""
    rate = find_updater(optimizer)._learning_rate
    return shorten(float(rate(count_steps(optimizer) - back) if isinstance(rate, Schedule) else rate))


def shorten(rate: float) -> float:
    """The number of the fewest decimals that is the same float32: 0.01 for 0.009999999776482582."""
    return float(str(np.float32(rate)))


class Plateau(Patience, keras.callbacks.ReduceLROnPlateau):
    """Keras's callback, which compares finite numbers alone, and can also lower the rate behind a warm-up.

    There it turns the rate that `WarmUp` leads to.
    Keras's own assigns `model.optimizer.learning_rate`, which an optimizer with a schedule refuses, and multiplies what it
    rounded to float32 the time before.

    Args:
        initial: the rate at which training begins.
        arguments: those of Keras's.
    """

    waiting = "the learning rate is not lowered"

    def __init__(self, initial: float, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.initial = initial

    def set_model(self, model: Any) -> None:
        rate = find_updater(model.optimizer)._learning_rate
        variable = rate.variables[0] if isinstance(rate, Schedule) else rate
        dial = _Dial(PlateauRate(variable, self.initial, self.factor, float(self.min_lr)))
        super().set_model(SimpleNamespace(optimizer=dial))


class _Dial:
    """Looks like an optimizer to Keras's callback; its learning rate is the variable that training reads."""

    def __init__(self, rate: PlateauRate) -> None:
        self._rate = rate

    @property
    def learning_rate(self) -> Any:
        return self._rate.variable

    @learning_rate.setter
    def learning_rate(self, rate: float) -> None:
        self._rate.variable.assign(float(self._rate.find_exact(np.float64(rate))))


def complete_arguments(schedule: Component) -> dict[str, Any]:
    """A schedule's arguments, defaults included."""
    entry = catalogue.find_entry("schedule", schedule.name)
    assert entry is not None, schedule
    defaults = {argument.name: argument.default for argument in entry.arguments.values() if not argument.required}
    return {**defaults, **schedule.arguments}


def _count_steps(epochs: float, steps_per_epoch: int) -> int:
    return round(min(epochs * steps_per_epoch, LONGEST))


def _build_schedule(name: str, values: dict[str, Any], steps_per_epoch: int, left: int) -> Schedule:
    """The schedule behind the warm-up, for which `left` steps are left; a length of null is all of them."""

    def count(length: str) -> int:
        epochs = values[length]
        return left if epochs is None else max(1, _count_steps(epochs, steps_per_epoch))

    first = float(values.get("initial_learning_rate", 0.0))
    match name:
        case "constant":
            return formulas.Constant(values["learning_rate"])
        case "reduce_lr_on_plateau":
            variable = keras.Variable(first, trainable=False, name="plateau_rate")
            return PlateauRate(variable, first, values["factor"], float(values["min_lr"]))
        case "step_decay":
            return formulas.ExponentialDecay(first, count("every"), values["factor"], staircase=True)
        case "exponential_decay":
            return formulas.ExponentialDecay(first, count("decay_epochs"), values["decay_rate"], values["staircase"])
        case "inverse_time_decay":
            return formulas.InverseTimeDecay(first, count("decay_epochs"), values["decay_rate"], values["staircase"])
        case "polynomial_decay":
            end = values["end_learning_rate"]
            return formulas.PolynomialDecay(first, count("decay_epochs"), end, values["power"], values["cycle"])
        case "piecewise_constant_decay":
            boundaries = tuple(_count_steps(epoch, steps_per_epoch) for epoch in values["boundaries"])
            return formulas.PiecewiseConstant(boundaries, tuple(values["values"]))
        case "cosine_decay":
            return cosines.CosineDecay(first, count("decay_epochs"), values["alpha"])
        case "cosine_decay_restarts":
            shape = values["t_mul"], values["m_mul"], values["alpha"]
            return cosines.CosineRestarts(first, count("first_decay_epochs"), *shape, steps=left)
        case "one_cycle":
            rates = values["max_learning_rate"], values["start_factor"], values["end_factor"]
            return cosines.OneCycle(*rates, values["peak"], left)
    raise KeyError(name)  # a schedule of the catalogue's that nothing is known of
