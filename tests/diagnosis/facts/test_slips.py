import numpy as np
import pytest

from nnctl.diagnosis.facts.slips import Order, Slip

RNG = np.random.default_rng(4)
Y = RNG.integers(0, 3, 500)
X = (np.eye(3)[Y] + 0.1 * RNG.normal(size=(500, 3))).astype(np.float32)
NUMBERS = (X @ [1.0, 2.0, -1.0] + 0.1 * RNG.normal(size=500)).astype(np.float32)
ROWS = np.arange(500)


def order(x: np.ndarray, y: np.ndarray, rows: np.ndarray = ROWS) -> Order:
    return Order(x, rows, y, rows, *(("regression", 1) if y.dtype.kind == "f" else ("multiclass", 3)))


def slipped(y: np.ndarray, rows: int) -> np.ndarray:
    """The labels of rows 200 to 449 so many rows further."""
    return np.concatenate((y[:200], np.roll(y[200:450], rows), y[450:]))


@pytest.mark.parametrize("rows", [1, -1, 2, -2, 7, 93, -60])
def test_how_far_labels_stand_is_measured(rows: int) -> None:
    found = order(X, np.roll(Y, rows)).find_shift()  # the label of row i stands in row i + rows
    assert found is not None
    assert found.rows == rows
    assert found.score > 0.99 > 0.5 > found.linear


def test_rows_that_validation_took_are_passed_over() -> None:
    kept = np.sort(RNG.permutation(500)[:400])
    found = order(X[kept], np.roll(Y, 1)[kept], kept).find_shift()
    assert found is not None
    assert found.rows == 1


@pytest.mark.parametrize("y", [Y, NUMBERS], ids=["classes", "numbers"])
@pytest.mark.parametrize("rows", [1, -3, 20])
def test_a_stretch_that_slipped_is_found_to_a_few_rows(y: np.ndarray, rows: int) -> None:
    found = order(X, slipped(y, rows)).find_slip(0, linear=True)
    assert found is not None
    assert found.rows == rows
    assert abs(found.first - 200) < 25
    assert abs(found.last - 449) < 25
    assert found.there is not None
    assert found.here < 0.5 < 0.6 < min(found.there, found.elsewhere)


@pytest.mark.parametrize("y", [Y, NUMBERS], ids=["classes", "numbers"])
def test_a_stretch_in_any_order_is_found_without_a_distance(y: np.ndarray) -> None:
    mixed = np.concatenate((y[:200], RNG.permutation(y[200:350]), y[350:]))
    found = order(X, mixed).find_slip(0, linear=True)
    assert isinstance(found, Slip)
    assert (found.rows, found.there) == (None, None)
    assert abs(found.first - 200) < 25
    assert abs(found.last - 349) < 25


@pytest.mark.parametrize("x", [X, RNG.normal(size=(500, 3)).astype(np.float32)], ids=["told", "noise"])
@pytest.mark.parametrize("y", [Y, NUMBERS], ids=["classes", "numbers"])
def test_labels_in_their_place_and_noise_have_none(x: np.ndarray, y: np.ndarray) -> None:
    assert order(x, y).find_shift() is None
    assert order(x, y).find_slip(0, linear=True) is None


@pytest.mark.parametrize("seed", [0, 9, 14, 28, 165])
@pytest.mark.parametrize("y", [Y, NUMBERS], ids=["classes", "numbers"])
def test_what_is_sorted_by_its_labels_has_none(y: np.ndarray, seed: int) -> None:
    ordered = np.argsort(y, kind="stable")
    noisy = X + np.random.default_rng(seed).normal(size=X.shape).astype(np.float32)
    assert order(noisy[ordered], y[ordered]).find_slip(0, linear=True) is None


def test_a_forecast_is_no_slip() -> None:
    """What a row asks for is what the next one holds."""
    series = RNG.normal(size=520)
    windows = np.stack([series[9 - lag : 509 - lag] for lag in range(4)], axis=1).astype(np.float32)
    asked = (series[10:510] + 0.5 * series[9:509]).astype(np.float32)
    assert not order(windows, asked).asked
    alone = windows[:, :1]
    assert order(alone, series[10:510].astype(np.float32)).find_shift() is None
    assert not Order(X, ROWS, np.eye(3)[Y], ROWS, "multilabel", 3).asked
