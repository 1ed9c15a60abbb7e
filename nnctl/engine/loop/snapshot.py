"""All that a training needs to go on as if nothing had happened, as values that no longer change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np

from nnctl.engine.loop.monitor import Best
from nnctl.engine.network.augmentation import Augmentation
from nnctl.engine.network.rate_formulas import Schedule
from nnctl.engine.network.schedules import find_updater
from nnctl.runs import History

# Of ReduceLROnPlateau (wait, best, cooldown_counter) and EarlyStopping (wait, best, best_epoch, stopped_epoch).
FIELDS = ("wait", "best", "cooldown_counter", "best_epoch", "stopped_epoch")


@dataclass(slots=True)
class State:
    """Where a training stands: what a resumed one begins from.

    Attributes:
        epoch: the epoch that runs or is next, from 0.
        step: steps done in it.
        entered: whether it has begun: the metrics are cleared, and the order of its examples is set.
        seconds: what it has taken so far.
        elapsed: the seconds of the whole training, earlier processes' included.
        history: a row for each epoch that has ended.
        first: the loss of the first step of all, or None before it, and in one that an earlier version has begun.
    """

    epoch: int = 0
    step: int = 0
    entered: bool = False
    seconds: float = 0.0
    elapsed: float = 0.0
    history: History = field(default_factory=list)
    first: float | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A training between two calls.

    Attributes:
        state: where it stands.
        arrays: the value of each variable, by the names of `collect_variables`.
        callbacks: the fields of each callback that it remembers something in.
        stopped: whether a callback has ended it.
        best: the best epoch.
    """

    state: State
    arrays: Mapping[str, np.ndarray]
    callbacks: Sequence[Mapping[str, Any]]
    stopped: bool
    best: Best


def collect_variables(model: keras.Model, augmentation: Augmentation | None) -> dict[str, keras.Variable]:
    """Every variable that a training of a compiled model changes, by a name that does not depend on the process."""
    rate = find_updater(model.optimizer)._learning_rate
    groups = {
        "model": model.variables,
        "metrics": model.metrics_variables,
        "optimizer": model.optimizer.variables,  # of one that scales the loss, those of the one inside are among them
        "rate": rate.variables if isinstance(rate, Schedule) else (),
        "augmentation": augmentation.variables if augmentation else [],
    }
    named, seen = {}, set()
    for group, members in groups.items():
        for index, variable in enumerate(members):
            if id(variable) not in seen:
                named[f"{group}/{index}"] = variable
                seen.add(id(variable))
    return named


def read_fields(callback: keras.callbacks.Callback) -> dict[str, Any]:
    """What a callback remembers from one epoch to the next: numbers and None."""
    return {name: getattr(callback, name) for name in FIELDS if hasattr(callback, name)}
