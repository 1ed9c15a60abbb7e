import math
from collections.abc import Callable

import numpy as np
import pytest

from nnctl.engine.loop.training import Training
from nnctl.engine.network.schedules import build_learning_rate
from nnctl.errors import SpecError
from nnctl.spec import Spec
from tests.engine.conftest import Quiet

STEPS = 10  # steps an epoch


def rates(read: Callable[..., Spec], schedule: str, epochs: int = 10) -> list[float]:
    """The rate at each step of a training."""
    rate = build_learning_rate(read(f"train.learning_rate={schedule}", f"train.epochs={epochs}").train, STEPS)
    assert rate is not None
    return [float(rate(step)) if callable(rate) else float(rate) for step in range(epochs * STEPS)]


def test_a_number_is_itself(read: Callable[..., Spec]) -> None:
    assert rates(read, "0.25", 1) == [0.25] * STEPS


def test_step_decay_halves_every_few_epochs(read: Callable[..., Spec]) -> None:
    found = rates(read, "{step_decay: {initial_learning_rate: 0.8, factor: 0.5, every: 3}}")
    assert np.allclose(found, [0.8 * 0.5 ** (step // 30) for step in range(100)], rtol=1e-6)


def test_exponential_decay_counts_in_epochs(read: Callable[..., Spec]) -> None:
    found = rates(read, "{exponential_decay: {initial_learning_rate: 1.0, decay_epochs: 2, decay_rate: 0.5}}")
    assert np.allclose(found, [0.5 ** (step / 20) for step in range(100)], rtol=1e-5)


def test_piecewise_boundaries_are_epochs(read: Callable[..., Spec]) -> None:
    found = rates(read, "{piecewise_constant_decay: {boundaries: [2, 5], values: [1.0, 0.1, 0.01]}}")
    assert np.allclose([found[0], found[25], found[60]], [1.0, 0.1, 0.01])


def test_cosine_decay_spans_the_training_if_nothing_else_is_said(read: Callable[..., Spec]) -> None:
    found = rates(read, "{cosine_decay: {initial_learning_rate: 1.0}}")
    assert np.allclose(found, [0.5 * (1 + math.cos(math.pi * step / 100)) for step in range(100)], atol=1e-6)


def test_one_cycle_is_pytorchs(read: Callable[..., Spec]) -> None:
    """Values of torch.optim.lr_scheduler.OneCycleLR(max_lr=1, total_steps=100) by its documented formula."""
    found = rates(read, "{one_cycle: {max_learning_rate: 1.0, start_factor: 0.04, end_factor: 1e-4, peak: 0.3}}")
    top = 0.3 * 100 - 1  # PyTorch reaches the top at pct_start * total_steps - 1
    assert found[0] == pytest.approx(0.04, rel=1e-5)
    assert int(np.argmax(found)) in (math.floor(top), math.ceil(top), math.ceil(top) + 1)
    assert max(found) == pytest.approx(1.0, abs=2e-3)
    assert found[-1] == pytest.approx(0.04 * 1e-4, abs=1e-6)


def test_warm_up_rises_in_a_straight_line_to_where_the_schedule_begins(read: Callable[..., Spec]) -> None:
    found = rates(read, "{cosine_decay: {initial_learning_rate: 1.0, decay_epochs: 8, warmup_epochs: 2}}")
    assert np.allclose(found[:20], [(step + 1) / 20 for step in range(20)], rtol=1e-5)
    assert found[20] == pytest.approx(1.0)
    assert found[99] < 0.01


def test_a_schedule_without_a_length_of_its_own_ends_with_the_training_behind_a_warm_up_too(
    read: Callable[..., Spec],
) -> None:
    for schedule in ("cosine_decay: {initial_learning_rate", "one_cycle: {max_learning_rate"):
        found = rates(read, f"{{{schedule}: 1.0, warmup_epochs: 2}}}}", 6)
        assert found[-1] < 0.01


def test_a_constant_rate_can_be_warmed_up_to(read: Callable[..., Spec]) -> None:
    found = rates(read, "{constant: {learning_rate: 0.5, warmup_epochs: 1}}", 2)
    assert found[0] == pytest.approx(0.05)
    assert found[10:] == [0.5] * 10


def test_a_schedule_that_keras_refuses_is_a_mistake_at_its_line(training: Callable[..., Training]) -> None:
    with pytest.raises(SpecError) as caught:
        training(
            "train.learning_rate={piecewise_constant_decay: {boundaries: [2], values: [1.0, .2], warmup_epochs: 0}}",
            "train.epochs=3",
            "train.optimizer={adam: {clipnorm: 1.0, clipvalue: 1.0}}",
        )
    assert caught.value.problems[0].place is not None


def test_every_schedule_of_the_catalogue_gives_finite_rates(read: Callable[..., Spec]) -> None:
    from nnctl.spec import catalogue

    more = {
        "constant": "learning_rate: 0.1",
        "one_cycle": "max_learning_rate: 0.1",
        "piecewise_constant_decay": "boundaries: [1, 2], values: [0.3, 0.2, 0.1]",
        "exponential_decay": "initial_learning_rate: 0.1, decay_epochs: 1, decay_rate: 0.9",
        "inverse_time_decay": "initial_learning_rate: 0.1, decay_epochs: 1, decay_rate: 0.9",
        "cosine_decay_restarts": "initial_learning_rate: 0.1, first_decay_epochs: 2",
    }
    for name in catalogue.list_names("schedule"):
        arguments = more.get(name, "initial_learning_rate: 0.1")
        found = rates(read, f"{{{name}: {{{arguments}, warmup_epochs: 1}}}}", 4)
        assert np.isfinite(found).all(), name
        assert max(found) <= 0.3 + 1e-6, name


@pytest.mark.parametrize("precision", ["float32", "mixed_float16"])
def test_a_plateau_lowers_the_rate_behind_a_warm_up(training: Callable[..., Training], precision: str) -> None:
    """Nothing improves by 10, so each epoch behind the first halves it."""
    plateau = "{reduce_lr_on_plateau: {initial_learning_rate: 0.01, patience: 1, min_delta: 10, factor: 0.5, warmup_epochs: 1}}"
    made = training(f"train.learning_rate={plateau}", f"train.precision={precision}", "train.epochs=4")
    assert made.run(Quiet()) == "done"
    assert [row["learning_rate"] for row in made.state.history][2:] == pytest.approx([0.005, 0.0025])
    assert made.learning_rate == pytest.approx(0.00125)
