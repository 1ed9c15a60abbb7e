"""What a formula must hold at its edges; all schedules are compared step by step in `test_schedules.py`."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from nnctl.engine.network.rate_formulas import (
    Constant,
    ExponentialDecay,
    InverseTimeDecay,
    PiecewiseConstant,
    PlateauRate,
    PolynomialDecay,
    Schedule,
    WarmUp,
)

LATE = 2**24 + 1  # float32 holds no odd number from here on


def rates(schedule: Schedule, *steps: int) -> list[float]:
    """The rates of single steps, as the optimizer asks for them."""
    return [float(schedule(tf.constant(step, tf.int64))) for step in steps]


@pytest.mark.parametrize("kind", [ExponentialDecay, InverseTimeDecay])
def test_each_stair_begins_at_its_step_in_long_trainings_too(kind: type[ExponentialDecay]) -> None:
    stairs = kind(1.0, LATE, 0.5, staircase=True)
    first, second, third = (
        1.0,
        (0.5 if kind is ExponentialDecay else 1 / 1.5),
        (0.25 if kind is ExponentialDecay else 0.5),
    )
    found = rates(stairs, 0, LATE - 1, LATE, 2 * LATE - 1, 2 * LATE)
    assert found == [np.float32(rate) for rate in (first, first, second, second, third)]


def test_a_boundary_is_the_first_step_behind_it() -> None:
    pieces = PiecewiseConstant((0, 3, 3, LATE), (9.0, 1.0, 9.0, 0.5, 0.25))
    assert rates(pieces, 0, 2, 3, LATE - 1, LATE) == [1.0, 1.0, 0.5, 0.5, 0.25]


def test_a_cycle_ends_where_its_length_does_and_the_next_is_longer() -> None:
    cycles = PolynomialDecay(1.0, 55, 0.0, 1.0, cycle=True)
    assert rates(cycles, 0, 55, 110, 165) == [1.0, 0.0, 0.0, 0.0]
    assert rates(cycles, 56, 111) == [np.float32(54 / 110), np.float32(54 / 165)]


def test_a_polynomial_without_cycles_stays_at_its_end() -> None:
    assert rates(PolynomialDecay(1.0, 10, 0.25, 2.0), 9, 10, 11, LATE) == [np.float32(0.2575), 0.25, 0.25, 0.25]


def test_a_warm_up_leads_to_the_first_rate_and_then_begins_the_schedule() -> None:
    warm = WarmUp(ExponentialDecay(0.8, 2, 0.5, staircase=True), 4)
    assert rates(warm, *range(8)) == [np.float32(rate) for rate in (0.2, 0.4, 0.6, 0.8, 0.8, 0.8, 0.4, 0.4)]
    assert rates(WarmUp(Constant(0.3), LATE), LATE - 1, LATE) == [np.float32(0.3)] * 2


def test_a_lowered_rate_is_the_formulas_next_to_the_variable() -> None:
    """A warm-up over a float32 that was lowered three times is as exact as one over the number itself."""
    variable = keras.Variable(np.float32(np.float32(np.float32(0.1 * 0.3) * 0.3) * 0.3), trainable=False)
    plateau = PlateauRate(variable, 0.1, 0.3, 0.0)
    assert float(plateau.compute(tf.constant(0, tf.int64))) == pytest.approx(0.0027, rel=1e-14)
    assert WarmUp(plateau, 2).variables == (variable,)


def test_the_least_rate_of_a_plateau_need_not_be_one_of_its_formula() -> None:
    variable = keras.Variable(0.04, trainable=False)
    assert rates(PlateauRate(variable, 0.1, 0.5, 0.04), 0) == [np.float32(0.04)]
    variable.assign(0.1)
    assert rates(PlateauRate(variable, 0.1, 0.5, 0.2), 0) == [np.float32(0.1)]  # it begins below, and is never lowered


def test_a_formula_says_what_it_was_made_of() -> None:
    stairs = ExponentialDecay(0.1, 55, 0.5, staircase=True)
    assert ExponentialDecay.from_config(stairs.get_config()).get_config() == {
        "initial": 0.1, "length": 55, "factor": 0.5, "staircase": True
    }  # fmt: skip
