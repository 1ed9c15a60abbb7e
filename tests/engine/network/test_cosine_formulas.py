"""What a formula must hold at its edges; all schedules are compared step by step in `test_schedules.py`."""

import math

import numpy as np
import pytest
import tensorflow as tf

from nnctl.engine.network.cosine_formulas import CosineDecay, CosineRestarts, OneCycle


def find_restarts(schedule: CosineRestarts, steps: int) -> list[int]:
    """The steps at which the rate rises."""
    found = schedule(tf.range(steps, dtype=tf.int64)).numpy()
    return (np.flatnonzero(np.diff(found) > 0) + 1).tolist()


@pytest.mark.parametrize(
    ("length", "stretch", "first"),
    [
        (55, 1.0, [55, 110, 165, 220, 275]),
        (10, 2.0, [10, 30, 70, 150, 310]),
        (10, 1.5, [10, 25, 48, 82, 132]),  # 47.5, 81.25, 131.875
        (10, 1.1, [10, 21, 34, 47, 62]),  # 21, 33.1, 46.41, 61.051: as float64 the 21 would lie behind step 21
        (1000, 1.01, [1000, 2010, 3031, 4061, 5102]),  # 3030.1, 4060.401, 5101.00501
    ],
)
def test_a_decay_begins_again_at_the_first_step_behind_the_one_before(
    length: int, stretch: float, first: list[int]
) -> None:
    assert find_restarts(CosineRestarts(1.0, length, stretch, 1.0, 0.0, 6000), first[-1] + 1) == first


def test_a_decay_that_ends_just_behind_a_step_keeps_its_digits_there() -> None:
    """The ninth ends at 497 (1.1^9 - 1) / 0.1 = 6749.00002427, step 6749 that much before it."""
    length, left = 497 * 1.1**8, 497 * 13.57947691 - 6749
    found = CosineRestarts(1.0, 497, 1.1, 1.0, 0.0, 8000)(tf.constant(6749, tf.int64))
    assert float(found) == pytest.approx((math.pi / 2 * left / length) ** 2, rel=1e-6)
    assert left < 1e-4


def test_each_decay_is_as_high_as_its_gain_says_over_an_end_that_stays() -> None:
    restarts = CosineRestarts(1.0, 4, 1.0, 0.5, 0.1, 12)
    half = 0.5 * (1 + math.cos(math.pi / 4))
    right = [1.0, 0.9 * half + 0.1, 0.9 * 0.5 + 0.1, 0.9 * 0.5 * half + 0.1, 0.9 * 0.25 + 0.1]
    assert restarts(tf.constant([0, 1, 4, 5, 8], tf.int64)).numpy() == pytest.approx(right, rel=1e-7)


def test_a_cosine_keeps_its_digits_near_its_end() -> None:
    """1 + cos of nearly pi would leave none of them: the rate is (pi / 2 / steps)^2 to the first order."""
    late = CosineDecay(1.0, 10**9, 0.0)
    right = (math.pi / 2 / 1e9) ** 2
    assert late(tf.constant([10**9 - 1, 10**9, 10**9 + 1], tf.int64)).numpy().tolist() == [np.float32(right), 0, 0]


# torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=1, total_steps=16) of PyTorch 2.13, get_last_lr() before each step.
PYTORCH = [
    0.040000000000000036,
    0.19490484561964427,
    0.5596380858267195,
    0.8987874445102688,
    0.9992134106552782,
    0.9719417773875232,
    0.9077808033578921,
    0.811745653949763,
    0.6913429508156801,
    0.5559840141227016,
    0.41624922336007847,
    0.28306099820869923,
    0.16683004371715396,
    0.0766415938342564,
    0.019545260862094144,
    4e-06,
]


def test_one_cycle_is_pytorchs() -> None:
    found = OneCycle(1.0, 1 / 25, 1e-4, 0.3, 16)(tf.range(20, dtype=tf.int64)).numpy()
    assert found.tolist() == [np.float32(rate) for rate in [*PYTORCH, *[4e-6] * 4]]


@pytest.mark.parametrize(
    ("peak", "steps", "right"),
    [
        (0.3, 1, [4e-6]),  # the top lies before step 0: of PyTorch's two ways the second
        (0.3, 2, [0.811746, 4e-6]),
        (0.25, 4, [1.0, 0.750001, 0.250003, 4e-6]),  # the top at step 0, where PyTorch divides by zero
        (0.999999, 3, [0.04, 0.52, 4e-6]),  # the top between the last two steps
    ],
)
def test_one_cycle_of_few_steps_and_early_or_late_peaks(peak: float, steps: int, right: list[float]) -> None:
    found = OneCycle(1.0, 0.04, 1e-4, peak, steps)(tf.range(steps, dtype=tf.int64)).numpy()
    assert found == pytest.approx(right, rel=1e-5)
