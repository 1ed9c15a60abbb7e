"""A training's course is read from nnctl's lines and from those of the plain programs."""

import pytest

from tests.bench.course import course, held

NNCTL = [
    (3.1, "run      /tmp/runs/20261127-153244-bench-mlp-8e0a"),
    (3.2, "compiling ━━━━━━━━━━━━━━━━━━━━━━━━  -:--:--"),
    (4.0, "epoch 1/3 ━━━━━━━━━━━━━━━━━━━━━━━━ step 5/422  loss 2.2011  accuracy 0.1975  lr 0.01 0:00:03"),
    (4.1, "epoch 1/3 ━━━━━━━━━━━━━━━━━━━━━━━━ step 21/422  loss 2.0011  accuracy 0.2975  lr 0.01 0:00:03"),
    (5.0, "epoch 1/3    1.90 s  lr 0.01  loss 1.1205  accuracy 0.7391   val_loss 0.5747  val_accuracy 0.9590  best"),
    (5.5, "epoch 2/3    0.43 s  lr 0.01  loss 0.4666  accuracy 0.8806   val_loss 0.4036  val_accuracy 0.9747  best"),
    (6.1, "epoch 3/3    0.43 s  lr 0.01  loss 0.4666  accuracy 0.8806   val_loss 4.04e-05  val_accuracy 0.9700"),
    (7.0, "test accuracy 0.9739 (95 % interval 0.9340 to 0.9434, 10,000 examples)"),
]
PLAIN = [
    (4.0, "step"),
    (5.0, "epoch 1 accuracy 0.9123 0.9690"),
    (6.5, "epoch 2 seconds 1.4932 accuracy - 0.9747"),
    (7.0, "test accuracy 0.9739"),
]


def test_nnctl_and_plain_programs_tell_the_same() -> None:
    own, plain = course(NNCTL), course(PLAIN)
    assert own.first_step == plain.first_step == 4.0
    assert own.epochs == ((5.0, 0.9590), (5.5, 0.9747), (6.1, 0.9700))
    assert plain.epochs == ((5.0, 0.9690), (6.5, 0.9747))
    assert own.test == plain.test == 0.9739


def test_the_first_epoch_is_not_a_steady_one() -> None:
    assert course(NNCTL).steady == pytest.approx([0.5, 0.6])
    assert course(PLAIN).steady == [1.5]


def test_a_goal_is_reached_at_the_end_of_the_first_epoch_that_is_good_enough() -> None:
    assert course(NNCTL).reached(0.97) == 5.5
    assert course(NNCTL).reached(0.99) is None
    assert [held(line) for _, line in PLAIN] == [0.0, 0.9690, 0.9747, 0.0]


def test_a_program_that_says_nothing_has_no_course() -> None:
    nothing = course([(1.0, "ImportError: no module named torch")])
    assert (nothing.first_step, nothing.epochs, nothing.test, nothing.steady) == (None, (), None, [])
