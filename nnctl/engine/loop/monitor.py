"""Which epoch is best: the monitored number, its direction, and the weights that reached it."""

import math
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import keras
import numpy as np

from nnctl.engine.network.patience import Patience
from nnctl.engine.network.schedules import find_updater
from nnctl.runs import Row
from nnctl.spec.network.watched import rises
from nnctl.spec.sections import Train


def choose_monitor(train: Train, validates: bool) -> str:
    """The name of the number that tells which epoch is best."""
    return train.monitor or ("val_loss" if validates else "loss")


def choose_mode(train: Train, monitor: str) -> str:
    """`min` or `max`: whether a smaller or a larger number is better."""
    return train.mode if train.mode != "auto" else "max" if rises(train, monitor) else "min"


class Best:
    """The epoch whose weights are kept: the best so far, or, as long as the monitored number has never been finite, the last.

    Attributes:
        monitor: the number that is compared.
        mode: `min` or `max`.
        epoch: that epoch, from 1, or None before the first one has ended.
        value: the monitored number there; infinite, on the worse side, as long as it has never been finite.
        weights: the arrays of `model.get_weights()` there.
    """

    def __init__(
        self,
        monitor: str,
        mode: str,
        epoch: int | None = None,
        value: float | None = None,
        weights: list[np.ndarray] | None = None,
    ) -> None:
        self.monitor, self.mode, self.epoch, self.weights = monitor, mode, epoch, weights
        self.value = value if value is not None else math.inf if mode == "min" else -math.inf

    @property
    def measured(self) -> float | None:
        """The monitored number of the best epoch; None if there is none yet, because it has never been finite."""
        return self.value if math.isfinite(self.value) else None

    def consider(self, row: Row, model: keras.Model) -> bool:
        """Keeps the model's weights if there is no better epoch yet; the first of two equals stays the best.

        Args:
            row: the epoch's numbers.
            model: its model, whose weights are finite.

        Returns:
            Whether the epoch is the best so far: what is kept for want of a finite number is not.
        """
        value = row.get(self.monitor, math.nan)
        better = math.isfinite(value) and (value < self.value if self.mode == "min" else value > self.value)
        if better or self.measured is None:
            self.epoch, self.weights = int(row["epoch"]), model.get_weights()
        if better:
            self.value = value
        return better


def describe_missing(row: Row, best: Best, callbacks: Iterable[Patience]) -> list[str]:
    """What comes of each watched number that an epoch leaves without a finite value, in one line each.

    Args:
        row: the epoch's numbers.
        best: what watches for the best epoch.
        callbacks: what watches beside it.
    """
    effects = {best.monitor: ["the last epoch is kept"]}
    for callback in callbacks:
        effects.setdefault(callback.monitor, []).append(callback.waiting)
    return [
        f"{name} is {row[name]}: until it is a finite number, {' and '.join(found)}"
        for name, found in effects.items()
        if not math.isfinite(row[name])
    ]


def describe_idle(history: Sequence[Row], best: Best) -> str | None:
    """Why the monitored number did not tell which epoch is best, after the last one; None if it did."""
    if best.measured is None:
        return f"{best.monitor} was finite in no epoch: the last one is kept"
    if len(history) > 1 and all(row[best.monitor] == best.value for row in history):
        return f"{best.monitor} was {best.value:.4g} in every epoch: the first one is kept"
    return None


@contextmanager
def use_averages(model: keras.Model) -> Iterator[None]:
    """Puts the moving averages of the weights in their place, if the optimizer keeps any, and the weights back after."""
    optimizer = find_updater(model.optimizer)
    if not optimizer.use_ema:
        yield
        return
    pairs = list(zip(optimizer._trainable_variables, optimizer._model_variables_moving_average, strict=True))
    kept = [variable.numpy() for variable, _ in pairs]
    for variable, average in pairs:
        variable.assign(average)
    try:
        yield
    finally:
        for (variable, _), value in zip(pairs, kept, strict=True):
            variable.assign(value)
