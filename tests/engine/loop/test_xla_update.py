"""The update by XLA is the optimizer's own, up to the rounding of its operations."""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from nnctl.engine.loop.xla_update import fuse_update

MADE: dict[str, Any] = {
    "amsgrad": lambda: keras.optimizers.Adam(0.01, amsgrad=True),
    "adamw, its norm clipped": lambda: keras.optimizers.AdamW(0.01, weight_decay=0.1, clipnorm=0.5),
    "nadam": lambda: keras.optimizers.Nadam(0.01),
    "adamax": lambda: keras.optimizers.Adamax(0.01),
    "adadelta": lambda: keras.optimizers.Adadelta(0.5),
    "adagrad": lambda: keras.optimizers.Adagrad(0.05),
    "rmsprop": lambda: keras.optimizers.RMSprop(0.01, momentum=0.5, centered=True),
    "lion": lambda: keras.optimizers.Lion(0.01),
    "lamb": lambda: keras.optimizers.Lamb(0.01),
    "ftrl": lambda: keras.optimizers.Ftrl(0.1, l1_regularization_strength=0.01),
    "schedule-free": lambda: keras.optimizers.ScheduleFreeAdamW(0.01),
    "momentum, all norms clipped": lambda: keras.optimizers.SGD(0.05, momentum=0.9, nesterov=True, global_clipnorm=0.5),
    "averages that overwrite": lambda: keras.optimizers.Adam(0.01, use_ema=True, ema_overwrite_frequency=2),
    "a schedule": lambda: keras.optimizers.SGD(
        keras.optimizers.schedules.CosineDecay(0.1, 4, warmup_target=0.2, warmup_steps=1), momentum=0.9
    ),
    "accumulated gradients": lambda: keras.optimizers.Adam(0.01, gradient_accumulation_steps=2),
}
STEPS = 5


def updated(optimizer: keras.optimizers.Optimizer, compiled: bool) -> list[np.ndarray]:
    """The weights and what the optimizer keeps, after some steps of a gradient that hangs on the weights."""
    rng = np.random.default_rng(0)
    shapes: Sequence[tuple[int, ...]] = [(6, 4), (4,), (3,)]
    variables = [keras.Variable(rng.normal(size=shape).astype(np.float32)) for shape in shapes]
    variables[0].constraint = keras.constraints.MaxNorm(1.5)
    optimizer.build(variables)

    def step() -> None:
        gradients = [2 * tf.convert_to_tensor(variable) - 1 for variable in variables[:2]]
        optimizer.apply_gradients(zip([*gradients, None], variables, strict=True))

    def steps() -> None:
        if not compiled:
            step()
            return
        with fuse_update(optimizer):
            step()

    run = tf.function(steps, autograph=False)
    for _ in range(STEPS):
        run()
    assert run.experimental_get_tracing_count() == 1
    launched = any("_XlaMustCompile" in str(node) for node in run.get_concrete_function().graph.as_graph_def().node)
    assert launched == compiled
    return [variable.numpy() for variable in [*variables, *optimizer.variables]]


@pytest.mark.filterwarnings("ignore:Gradients do not exist")
@pytest.mark.parametrize("name", MADE)
def test_every_optimizer_makes_the_same_of_a_gradient(name: str) -> None:
    plain, compiled = updated(MADE[name](), False), updated(MADE[name](), True)
    for mine, theirs in zip(compiled, plain, strict=True):
        assert mine.dtype == theirs.dtype
        assert np.allclose(mine, theirs, rtol=1e-5, atol=1e-6)


def test_the_optimizer_is_itself_again_afterwards() -> None:
    optimizer = keras.optimizers.SGD(0.1)
    apply = optimizer.apply
    with fuse_update(optimizer):
        assert optimizer.apply != apply
    assert optimizer.apply == apply
    assert "apply" not in vars(optimizer)


def test_a_gradient_of_a_few_rows_changes_those_alone() -> None:
    table = keras.Variable(np.ones((5, 2), np.float32))
    optimizer = keras.optimizers.SGD(0.5)
    optimizer.build([table])

    @tf.function(autograph=False)
    def step() -> None:
        with fuse_update(optimizer):
            rows = tf.IndexedSlices(tf.constant([[1.0, 2.0], [1.0, 2.0]]), tf.constant([1, 1]), tf.constant([5, 2]))
            optimizer.apply_gradients([(rows, table)])

    step()
    expected = np.ones((5, 2))
    expected[1] = [0, -1]  # a row that stands twice is changed by the sum
    assert np.allclose(table.numpy(), expected)
