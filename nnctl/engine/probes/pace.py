"""A whole training in the few steps of a trial: what goes by its length, or watches its epochs, is scaled to them."""

from dataclasses import dataclass, replace
from typing import Any

import tensorflow as tf

from nnctl.engine.loop.training import Training
from nnctl.engine.network.patience import Patience
from nnctl.engine.network.rate_formulas import Schedule, Tensor
from nnctl.engine.network.schedules import complete_arguments, count_steps, find_updater
from nnctl.spec.sections import Component, Train

ROUNDS = 20
"""Into how many stretches a trial is cut at most, each of which stands for some epochs."""

_MOST_ROUNDS = 100  # where something watches them: patience of an epoch is patience of none in a tenth of the rounds

_MEASURED = (None, "loss", "val_loss")  # a trial has no metrics


@dataclass(eq=False)
class Stretched(Schedule):
    """A schedule of a long training, run through in fewer steps.

    Attributes:
        inner: the schedule.
        factor: how many steps of the training one step of the trial stands for, a variable of float64.
    """

    inner: Schedule
    factor: Any

    def compute(self, step: Tensor) -> Tensor:
        return self.inner.compute(tf.cast(tf.floor(tf.cast(step, tf.float64) * self.factor), tf.int64))

    @property
    def variables(self) -> tuple[Any, ...]:
        return self.inner.variables


class Pace:
    """How fast a trial goes through the course of a training: its schedule, and the moving average of its weights.

    Args:
        training: the training, before its first step.
    """

    def __init__(self, training: Training) -> None:
        self.updater = find_updater(training.model.optimizer)
        self._factor = tf.Variable(1.0, dtype=tf.float64, trainable=False)
        self._momentum = float(self.updater.ema_momentum)
        if isinstance(rate := self.updater._learning_rate, Schedule):
            stretched = Stretched(rate, self._factor)
            self.updater._learning_rate = stretched
            if "_get_current_learning_rate" in vars(self.updater):  # in half precision: `count_all_steps`
                self.updater._get_current_learning_rate = lambda: stretched(count_steps(training.model.optimizer))
        if self.updater.use_ema:
            self.updater.ema_momentum = tf.Variable(self._momentum, dtype=tf.float32, trainable=False)

    def set_length(self, asked: int, steps: int) -> None:
        """Sets the length.

        Args:
            asked: the steps of the training.
            steps: those of the trial, at most as many.
        """
        factor = max(1.0, asked / max(1, steps))
        self._factor.assign(factor)
        if self.updater.use_ema:
            # After as many steps for each of the trial's as much is left of the first weights as in the training.
            self.updater.ema_momentum.assign(self._momentum**factor)


def list_watchers(training: Training) -> list[Patience]:
    """What watches the epochs of a training: early stopping, and what lowers the rate where a number stands still."""
    return [each for each in training.callbacks.callbacks if isinstance(each, Patience)]


def count_rounds(train: Train) -> int:
    """Into how many stretches the trial of a training is cut whose epochs are watched: its epochs, a hundred at most."""
    return min(_MOST_ROUNDS, train.epochs)


def scale_watchers(train: Train) -> tuple[Train, tuple[str, ...]]:
    """The section with its waiting times in rounds instead of epochs, and what a trial cannot run: the key, and what it watches.

    A rule that watches a metric, which a trial does not measure, is left out.
    """
    stopping, rate, left = train.early_stopping, train.learning_rate, []
    share = count_rounds(train) / train.epochs
    if stopping is not None and train.monitor not in _MEASURED:
        stopping, left = None, [f"early_stopping on {train.monitor}"]
    if stopping is not None:
        patience, start = round(share * stopping.patience), round(share * stopping.start_from_epoch)
        stopping = replace(stopping, patience=patience, start_from_epoch=start)
    if isinstance(rate, Component) and rate.name == "reduce_lr_on_plateau":
        values = complete_arguments(rate)
        if values["monitor"] not in _MEASURED:
            left.append(f"learning_rate on {values['monitor']}")
            rate = replace(rate, arguments={**rate.arguments, "monitor": None, "mode": "auto", "patience": 10**6})
        else:
            scaled = {name: round(share * values[name]) for name in ("patience", "cooldown")}
            rate = replace(rate, arguments={**rate.arguments, **scaled})
    monitor = train.monitor if train.monitor in _MEASURED else None
    mode = train.mode if monitor is not None else "auto"
    changed = replace(train, early_stopping=stopping, learning_rate=rate, monitor=monitor, mode=mode)
    return changed, tuple(left)
