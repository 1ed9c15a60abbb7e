import math
import os
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from nnctl.engine.loop.observer import Progress
from nnctl.engine.loop.training import Training
from nnctl.engine.network import schedules
from nnctl.engine.network.schedules import build_learning_rate
from nnctl.errors import SpecError
from nnctl.spec import Spec, catalogue
from nnctl.spec.sections import Component, Train
from tests.engine.conftest import Quiet, spec_in, trainable
from tests.engine.network.rate_reference import Rates, compute_rates

# One weight, whose steps can be followed by hand.
FIT = """\
seed: 1
data: {source: npz, path: PATH, validation: none}
model: {layers: [{dense: {units: 1, use_bias: false}}]}
train:
  loss: mse
  optimizer: sgd
  learning_rate: {step_decay: {initial_learning_rate: 0.1, factor: 0.01, every: 1}}
  batch_size: 4
  epochs: 3
  shuffle: false
"""
EPOCHS = 5
# Each schedule of the catalogue, with and without a warm-up, with lengths that end on a step and between two.
SHAPES: list[tuple[str, dict[str, Any]]] = [
    ("constant", {"learning_rate": 0.3, "warmup_epochs": 1.0}),
    ("reduce_lr_on_plateau", {"initial_learning_rate": 0.07, "warmup_epochs": 1.5}),
    ("step_decay", {"initial_learning_rate": 0.1, "factor": 0.5, "every": 1}),
    ("step_decay", {"initial_learning_rate": 0.1, "factor": 0.01, "every": 2, "warmup_epochs": 0.37}),
    ("exponential_decay", {"initial_learning_rate": 0.1, "decay_epochs": 1.0, "decay_rate": 0.9, "staircase": True}),
    ("exponential_decay", {"initial_learning_rate": 0.1, "decay_epochs": 2.5, "decay_rate": 0.3, "warmup_epochs": 0.5}),
    ("inverse_time_decay", {"initial_learning_rate": 0.1, "decay_epochs": 1.0, "decay_rate": 0.9, "staircase": True}),
    (
        "inverse_time_decay",
        {"initial_learning_rate": 0.1, "decay_epochs": 0.8, "decay_rate": 2.5, "warmup_epochs": 1.0},
    ),
    ("polynomial_decay", {"initial_learning_rate": 0.1}),
    (
        "polynomial_decay",
        {"initial_learning_rate": 0.1, "decay_epochs": 1.0, "power": 2.0, "cycle": True, "end_learning_rate": 0.0},
    ),
    (
        "polynomial_decay",
        {"initial_learning_rate": 0.1, "decay_epochs": 1.3, "power": 0.5, "cycle": True, "warmup_epochs": 0.25},
    ),
    ("piecewise_constant_decay", {"boundaries": [1.0, 2.5, 3.0], "values": [0.1, 0.3, 0.01, 0.001]}),
    ("piecewise_constant_decay", {"boundaries": [0.3, 2.0], "values": [0.1, 0.3, 0.0], "warmup_epochs": 0.6}),
    ("cosine_decay", {"initial_learning_rate": 0.1}),
    ("cosine_decay", {"initial_learning_rate": 0.003, "decay_epochs": 2.5, "alpha": 0.1, "warmup_epochs": 0.5}),
    ("cosine_decay_restarts", {"initial_learning_rate": 0.1, "first_decay_epochs": 1.0, "t_mul": 1.0, "m_mul": 0.7}),
    ("cosine_decay_restarts", {"initial_learning_rate": 0.1, "first_decay_epochs": 1.0, "alpha": 0.1}),
    (
        "cosine_decay_restarts",
        {"initial_learning_rate": 0.1, "first_decay_epochs": 0.3, "t_mul": 1.1, "warmup_epochs": 0.37},
    ),
    ("one_cycle", {"max_learning_rate": 1.0}),
    (
        "one_cycle",
        {"max_learning_rate": 0.004, "peak": 0.77, "start_factor": 0.1, "end_factor": 0.01, "warmup_epochs": 0.5},
    ),
]
# Of all step counts up to 2,000 some hundred, drawn once, and those for which 1 / n in float32 lies below; `make fuzz` has all.
ALL = range(1, 2001)
EAGER = [41, 47, 55, 97, 109, *random.Random(0).sample(ALL, 95)]
PARTS = [ALL[part::8] for part in range(8)] if "NNCTL_FUZZ" in os.environ else [(55, 1009)]


def make_schedules(train: Train, per_epoch: int) -> Iterator[tuple[Any, Rates]]:
    """Each schedule of `SHAPES`, and the rates that it should have."""
    for name, arguments in SHAPES:
        asked = Component("schedule", name, arguments)
        rate = build_learning_rate(replace(train, learning_rate=asked, epochs=EPOCHS), per_epoch)
        yield rate, compute_rates(name, schedules.complete_arguments(asked), per_epoch, EPOCHS)


def assert_rates(found: np.ndarray, right: np.ndarray) -> None:
    """Each within one unit of the float32 that is next to the right one; rows are schedules, columns steps."""
    nearest = right.astype(np.float32)
    off = np.abs(found.astype(np.float64) - nearest) > np.spacing(nearest)
    assert found.shape == right.shape
    assert not off.any(), [(*SHAPES[shape], step) for shape, step in np.argwhere(off)[:5]]


@pytest.fixture
def train(read: Callable[..., Spec]) -> Train:
    return read().train


def test_every_schedule_of_the_catalogue_is_compared() -> None:
    assert {name for name, _ in SHAPES} == set(catalogue.list_names("schedule"))


def test_every_step_has_the_rate_of_the_published_formula(train: Train) -> None:
    for per_epoch in EAGER:
        made = list(make_schedules(train, per_epoch))
        steps = tf.range(per_epoch * EPOCHS, dtype="int64")
        assert_rates(np.stack([rate(steps) for rate, _ in made]), np.stack([right for _, right in made]))


@pytest.mark.parametrize("xla", [False, True], ids=["graph", "xla"])
@pytest.mark.parametrize("counts", PARTS, ids=lambda counts: f"{counts[0]}-{counts[-1]}")
def test_a_graph_and_xla_compute_the_same(train: Train, counts: range | tuple[int, ...], xla: bool) -> None:
    """Both turn divisions by constants into products, which is what would move a boundary by a step."""
    for begin in range(0, len(counts), 20):  # one computation for twenty takes half as long to compile as twenty
        made = {count: list(make_schedules(train, count)) for count in counts[begin : begin + 20]}

        def compute(zero: Any, made: dict[int, Any] = made) -> list[Any]:  # of the steps nothing is known beforehand
            steps = {count: zero + tf.range(count * EPOCHS, dtype="int64") for count in made}
            return [tf.stack([rate(steps[count]) for rate, _ in made[count]]) for count in made]

        found = tf.function(compute, jit_compile=xla, autograph=False)(tf.constant(0, tf.int64))
        for rates, schedules_of in zip(found, made.values(), strict=True):
            assert_rates(rates.numpy(), np.stack([right for _, right in schedules_of]))


@pytest.mark.parametrize("xla", [False, True], ids=["graph", "xla"])
def test_a_loop_over_single_steps_computes_the_same(train: Train, xla: bool) -> None:
    """As training does: the step is a variable, and the loop is inside the computation."""
    made, step = list(make_schedules(train, 55)), keras.Variable(0, dtype="int64", trainable=False)

    def run() -> Any:
        def add(index: Any, found: Any) -> tuple[Any, Any]:
            row = tf.stack([rate(step) for rate, _ in made])
            step.assign_add(1)
            return index + 1, found.write(index, row)

        empty = tf.TensorArray(tf.float32, 55 * EPOCHS, element_shape=(len(made),))
        return tf.while_loop(lambda index, _: index < 55 * EPOCHS, add, [0, empty], parallel_iterations=1)[1].stack()

    found = tf.function(run, jit_compile=xla, autograph=False)().numpy().T
    assert_rates(found, np.stack([right for _, right in made]))


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


def test_a_boundary_is_the_first_step_of_its_epoch(read: Callable[..., Spec]) -> None:
    found = rates(read, "{piecewise_constant_decay: {boundaries: [2, 2.5, 5], values: [1.0, 0.5, 0.25, 0.125]}}")
    assert found == [1.0] * 20 + [0.5] * 5 + [0.25] * 25 + [0.125] * 50


def test_cosine_decay_spans_the_training_if_nothing_else_is_said(read: Callable[..., Spec]) -> None:
    found = rates(read, "{cosine_decay: {initial_learning_rate: 1.0}}")
    assert np.allclose(found, [0.5 * (1 + math.cos(math.pi * step / 100)) for step in range(100)], atol=1e-6)


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


@pytest.mark.parametrize("precision", ["float32", "mixed_float16"])
def test_a_plateau_lowers_the_rate_behind_a_warm_up(training: Callable[..., Training], precision: str) -> None:
    """Nothing improves by 10, so each epoch behind the first halves it."""
    plateau = "{reduce_lr_on_plateau: {initial_learning_rate: 0.01, patience: 1, min_delta: 10, factor: 0.5, warmup_epochs: 1}}"
    made = training(f"train.learning_rate={plateau}", f"train.precision={precision}", "train.epochs=4")
    assert made.run(Quiet()) == "done"
    assert [row["learning_rate"] for row in made.state.history][2:] == pytest.approx([0.005, 0.0025])
    assert made.learning_rate == pytest.approx(0.00125)


def test_a_rate_that_is_lowered_often_stays_the_formulas(training: Callable[..., Training]) -> None:
    """Rounded to float32 each time, 0.1 x 0.3^k would be two units off; and no rate is below `min_lr`."""
    plateau = (
        "{reduce_lr_on_plateau: {initial_learning_rate: 0.1, patience: 1, min_delta: 10, factor: 0.3, min_lr: 2e-7}}"
    )
    made = training(f"train.learning_rate={plateau}", "train.epochs=14", "data.subset=100", "train.optimizer=sgd")
    made.run(Quiet())
    right = [max(0.1 * 0.3**lowered, 2e-7) for lowered in range(13)]
    assert [np.float32(row["learning_rate"]) for row in made.state.history][1:] == [np.float32(rate) for rate in right]


def test_a_warm_up_of_no_step_is_none(read: Callable[..., Spec]) -> None:
    for name in ("constant: {learning_rate", "reduce_lr_on_plateau: {initial_learning_rate"):
        assert rates(read, f"{{{name}: 0.5, warmup_epochs: 0.01}}}}", 1) == [0.5] * STEPS


def test_a_stretch_longer_than_any_training_is_none(read: Callable[..., Spec]) -> None:
    for schedule in (
        "{step_decay: {initial_learning_rate: 0.5, every: 1000000000000000000}}",
        "{piecewise_constant_decay: {boundaries: [1e300], values: [0.5, 0.1]}}",
        "{cosine_decay: {initial_learning_rate: 0.5, decay_epochs: 1e308}}",
        "{polynomial_decay: {initial_learning_rate: 0.5, decay_epochs: 1e40, cycle: true}}",
    ):
        assert rates(read, schedule, 2) == [0.5] * 2 * STEPS


class Followed(Quiet):
    """Remembers the rates that it was told between calls."""

    def __init__(self) -> None:
        super().__init__()
        self.rates = list[float]()

    def stepped(self, progress: Progress) -> None:
        self.rates.append(progress.learning_rate)


PIECES = "train.learning_rate={piecewise_constant_decay: {boundaries: [1, 2], values: [0.1, 0.01, 0.001]}}"
COSINE = "train.learning_rate={cosine_decay: {initial_learning_rate: 0.1}}"


@pytest.mark.parametrize(
    ("schedule", "optimizer", "right"),
    [
        (PIECES, "adam", [0.1, 0.01, 0.001, 0.001]),
        (COSINE, "{sgd: {gradient_accumulation_steps: 3}}", 0.05 * (1 + np.cos(np.pi * np.array([3, 7, 11, 15]) / 16))),
    ],
    ids=["piecewise", "accumulation"],
)
def test_a_row_has_the_rate_of_its_last_step_in_its_shortest_decimals(
    training: Callable[..., Training], schedule: str, optimizer: str, right: list[float]
) -> None:
    """160 examples in batches of 50: a ragged batch is a step, and so is one whose gradients are added up."""
    made = training(
        schedule, f"train.optimizer={optimizer}", "data.subset=200", "train.batch_size=50", "train.epochs=4"
    )
    observer = Followed()
    made.run(observer)
    found = [repr(row["learning_rate"]) for row in made.state.history]
    assert found == [str(rate) for rate in np.array(right, np.float32)]
    assert observer.rates[-1] == made.state.history[-1]["learning_rate"]


def test_a_step_whose_gradients_overflow_counts(training: Callable[..., Training]) -> None:
    """Half precision skips its update; the schedule, which counts in epochs, goes on."""
    made = training(COSINE, "train.precision=mixed_float16", "train.epochs=2", "data.subset=300")
    made.model.optimizer.dynamic_scale.assign(2.0**24)
    made.run(Quiet())
    assert 0 < int(made.model.optimizer.inner_optimizer._iterations) < 2 * made.steps.per_epoch - 4
    assert [row["learning_rate"] for row in made.state.history] == pytest.approx([0.0597545, 0.00096074], rel=1e-5)
    assert made.learning_rate == 0.0


@pytest.mark.parametrize("xla", ["true", "false"])
def test_the_first_step_of_an_epoch_runs_at_its_rate(tmp_path: Path, xla: str) -> None:
    """55 steps an epoch, of which the first is by far the longest: a step late, the weight would be 1.08775."""
    draw = np.random.default_rng(43)
    x = draw.normal(size=(220, 1)).astype(np.float32)
    y = (2 * x[:, 0] + draw.normal(size=220)).astype(np.float32)
    y[:4] += 30
    np.savez(tmp_path / "data.npz", x_train=x, y_train=y, x_test=x[:20], y_test=y[:20])
    made = trainable(spec_in(tmp_path, f"train.xla={xla}", text=FIT.replace("PATH", str(tmp_path / "data.npz"))))
    (weight,) = made.model.trainable_weights
    right = float(weight.numpy()[0, 0])
    for step in range(3 * 55):
        rows = slice(step % 55 * 4, step % 55 * 4 + 4)
        inputs, targets = x[rows, 0].astype(np.float64), y[rows].astype(np.float64)
        right -= 0.1 * 0.01 ** (step // 55) * 2 * np.mean((right * inputs - targets) * inputs)
    made.run(Quiet())
    assert float(weight.numpy()[0, 0]) == pytest.approx(right, abs=2e-6)
    assert right == pytest.approx(1.77178, abs=5e-6)
    assert [row["learning_rate"] for row in made.state.history] == [0.1, 0.001, 1e-5]
