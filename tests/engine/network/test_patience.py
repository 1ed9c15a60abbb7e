import math
from types import SimpleNamespace

import keras
import numpy as np
import pytest

from nnctl.engine.network.patience import Stopping
from nnctl.engine.network.schedules import Plateau

NAN, INF = math.nan, math.inf


def stop(values: list[float], mode: str = "max", best: float | None = None) -> int | None:
    """The epoch, from 1, after which a patience of two ends a training that reports these numbers."""
    stopping, model = Stopping(monitor="val", mode=mode, patience=2), SimpleNamespace(stop_training=False)
    stopping.set_model(model)
    stopping.on_train_begin()
    stopping.best = best
    for epoch, value in enumerate(values):
        stopping.on_epoch_end(epoch, {"val": value})
        if model.stop_training:
            return epoch + 1
    return None


@pytest.mark.parametrize(
    ("values", "ended"),
    [
        ([NAN] * 9, None),
        ([INF] * 9, None),
        ([NAN, NAN, NAN, 1, 2, 3], None),
        ([NAN, NAN, NAN, 1, 1, 1], 6),
        ([1, NAN, NAN, 9], 3),
        ([1, NAN, 2, NAN, 3], None),
        ([1, INF, 2, INF, 3], None),  # infinity is no best number, which none would ever beat
        ([3, 2, 1], 3),
    ],
)
def test_training_ends_by_finite_numbers_alone(values: list[float], ended: int | None) -> None:
    assert stop(values) == ended
    assert stop([-value for value in values], "min") == ended


def test_a_number_that_was_written_down_and_is_not_finite_is_beaten_by_any() -> None:
    assert stop([NAN, 1, 2, 3, 4], best=NAN) is None


@pytest.mark.parametrize(
    ("values", "lowered"), [([NAN] * 6, 0), ([NAN, NAN, 5, 5, 5], 2), ([5, NAN, 4, NAN, 3], 2), ([5, 4, 3, 2], 0)]
)
def test_a_plateau_lowers_the_rate_by_finite_numbers_alone(values: list[float], lowered: int) -> None:
    rate = keras.Variable(1.0, trainable=False)
    plateau = Plateau(1.0, monitor="val", mode="min", patience=1, factor=0.5)
    plateau.set_model(SimpleNamespace(optimizer=SimpleNamespace(_learning_rate=rate)))
    plateau.on_train_begin()
    for epoch, value in enumerate(values):
        plateau.on_epoch_end(epoch, {"val": value})
    assert float(rate) == np.float32(0.5**lowered)
