"""Which epoch is best: the monitored number, its direction, and the weights that reached it."""

import math
from collections.abc import Iterator
from contextlib import contextmanager

import keras
import numpy as np

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
    """The best epoch so far.

    Attributes:
        monitor: the number that is compared.
        mode: `min` or `max`.
        epoch: the best epoch, from 1, or None before the first finite number.
        value: the monitored number there.
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

    def consider(self, row: Row, model: keras.Model) -> bool:
        """Keeps the model's weights if the epoch beats the best one; the first of two equals stays the best."""
        value = row.get(self.monitor, math.nan)
        if not math.isfinite(value) or not (value < self.value if self.mode == "min" else value > self.value):
            return False
        self.epoch, self.value, self.weights = int(row["epoch"]), value, model.get_weights()
        return True


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
