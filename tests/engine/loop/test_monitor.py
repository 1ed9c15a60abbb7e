import math
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from nnctl.engine.loop.monitor import Best, choose_mode, describe_idle, describe_missing, use_averages
from nnctl.engine.loop.training import Training
from nnctl.engine.network.patience import Stopping
from nnctl.engine.network.schedules import Plateau
from nnctl.spec.sections import Component, Train
from tests.engine.conftest import Quiet, same

METRICS = (Component("metric", "auc", {}), Component("metric", "f1_score", {"name": "quality"}))
TRAIN = Train(Component("loss", "mean_squared_error", {}), Component("optimizer", "sgd", {}), metrics=METRICS)


@pytest.mark.parametrize(
    ("monitor", "mode"), [("val_loss", "min"), ("loss", "min"), ("auc", "max"), ("val_quality", "max")]
)
def test_the_direction_follows_the_metric_and_the_spec_has_the_last_word(monitor: str, mode: str) -> None:
    assert choose_mode(TRAIN, monitor) == mode
    assert choose_mode(replace(TRAIN, mode="min"), monitor) == "min"


def best_of(values: list[float], mode: str) -> Best:
    best = Best("val", mode)
    for epoch, value in enumerate(values, 1):
        best.consider({"epoch": epoch, "val": value}, SimpleNamespace(get_weights=lambda e=epoch: [np.array(e)]))
    return best


def test_the_first_of_equals_stays_the_best() -> None:
    assert best_of([3, 1, 1, 2], "min").epoch == 2
    assert best_of([3, 5, 5, 2], "max").epoch == 2


def test_nan_is_never_best() -> None:
    best = best_of([math.nan, 2, math.nan], "min")
    assert (best.epoch, best.value) == (2, 2)
    assert best.weights is not None
    assert best.weights[0] == 2
    assert best_of([math.inf, 2, math.nan, -math.inf], "min").epoch == 2
    assert best_of([math.nan, -3, math.inf], "max").epoch == 2


@pytest.mark.parametrize("mode", ["min", "max"])
def test_the_last_epoch_is_kept_as_long_as_no_number_is_finite(mode: str) -> None:
    best = best_of([math.nan, math.inf, -math.inf], mode)
    assert (best.epoch, best.measured) == (3, None)
    assert best.weights is not None
    assert best.weights[0] == 3
    assert not best.consider({"epoch": 4, "val": math.nan}, SimpleNamespace(get_weights=list))
    assert best.consider({"epoch": 5, "val": 7.0}, SimpleNamespace(get_weights=list))
    assert (best.epoch, best.measured) == (5, 7.0)


def test_what_watches_in_vain_is_told_once_for_each_number() -> None:
    stopping, plateau = Stopping(monitor="val", patience=2), Plateau(1.0, monitor="other")
    best, row = Best("val", "max"), {"epoch": 1, "val": math.nan, "other": math.inf}
    assert describe_missing(row, best, [stopping, plateau]) == [
        "val is nan: until it is a finite number, the last epoch is kept and early stopping waits",
        "other is inf: until it is a finite number, the learning rate is not lowered",
    ]
    assert describe_missing({**row, "val": 1.0, "other": 2.0}, best, [stopping, plateau]) == []


def test_a_monitor_that_told_nothing_is_told_of_in_the_end() -> None:
    def tell(*values: float) -> str | None:
        return describe_idle([{"epoch": n, "val": value} for n, value in enumerate(values)], best_of([*values], "max"))

    assert tell(math.nan, math.nan) == "val was finite in no epoch: the last one is kept"
    assert tell(0.25, 0.25, 0.25) == "val was 0.25 in every epoch: the first one is kept"
    assert tell(0.25, 0.5) is None
    assert tell(0.25, math.nan) is None
    assert tell(0.25) is None


@pytest.mark.parametrize("precision", ["float32", "mixed_float16"])
def test_averages_are_validated_and_kept_whatever_scales_the_loss(
    training: Callable[..., Training], precision: str
) -> None:
    made = training(
        f"train.precision={precision}", "train.optimizer={adam: {use_ema: true, ema_momentum: 0.9}}", "train.epochs=1"
    )
    made.run(Quiet())
    weights = [variable.numpy() for variable in made.model.trainable_variables]
    optimizer = getattr(made.model.optimizer, "inner_optimizer", made.model.optimizer)
    averages = [variable.numpy() for variable in optimizer._model_variables_moving_average]
    assert not same(weights, averages)
    with use_averages(made.model):
        assert same([variable.numpy() for variable in made.model.trainable_variables], averages)
    assert same([variable.numpy() for variable in made.model.trainable_variables], weights)
    assert made.restore_best()
    assert same([variable.numpy() for variable in made.model.trainable_variables], averages)
