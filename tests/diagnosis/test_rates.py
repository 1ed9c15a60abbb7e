import pytest

from nnctl.diagnosis import rates
from nnctl.spec import Component


def rate(name: str, **arguments: float) -> Component:
    return Component("schedule", name, arguments)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("schedule", "share"),
    [
        (rate("exponential_decay", initial_learning_rate=1.0, decay_epochs=1.0, decay_rate=0.5), 0.5**5),
        (rate("exponential_decay", decay_epochs=3.0, decay_rate=0.5, staircase=True), 0.5),
        (rate("exponential_decay", decay_epochs=1.0, decay_rate=0.5, warmup_epochs=2.0), 0.5**3),
        (rate("step_decay", initial_learning_rate=1.0, factor=0.1, every=2), 0.01),
        (rate("inverse_time_decay", initial_learning_rate=1.0, decay_epochs=1.0, decay_rate=1.0), 1 / 6),
        (rate("cosine_decay", initial_learning_rate=1.0), 1.0),
        (rate("cosine_decay", initial_learning_rate=1.0, decay_epochs=3.0), 0.0),
        (rate("polynomial_decay", initial_learning_rate=1.0, decay_epochs=3.0, end_learning_rate=0.25), 0.25),
        (rate("polynomial_decay", initial_learning_rate=1.0, decay_epochs=3.0, cycle=True), 1.0),
        (rate("cosine_decay", initial_learning_rate=1.0, warmup_epochs=6.0), 1.0),
        (rate("cosine_decay", initial_learning_rate=1.0, warmup_epochs=12.0), 1.0),
        (rate("one_cycle", max_learning_rate=1.0), None),
    ],
)
def test_what_is_left_after_five_of_ten_epochs(schedule: Component, share: float | None) -> None:
    assert rates.compute_share_left(schedule, 5.0, 10) == (None if share is None else pytest.approx(share))


def test_values_by_piece() -> None:
    pieces = Component("schedule", "piecewise_constant_decay", {"boundaries": [2, 4], "values": [1.0, 0.1, 0.01]})
    assert rates.compute_share_left(pieces, 5.0, 10) == pytest.approx(0.01)
    assert rates.compute_share_left(pieces, 3.0, 10) == pytest.approx(0.1)
