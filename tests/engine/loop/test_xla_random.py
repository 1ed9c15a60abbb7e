import keras
import numpy as np
import pytest
import tensorflow as tf

from nnctl.engine.loop.xla_random import use_threefry

LAYERS = {
    "dropout": (keras.layers.Dropout, {"rate": 0.3}),
    "alpha dropout": (keras.layers.AlphaDropout, {"rate": 0.3}),
    "gaussian noise": (keras.layers.GaussianNoise, {"stddev": 0.5}),
    "gaussian dropout": (keras.layers.GaussianDropout, {"rate": 0.3}),
}


def drawn(kind: str, steps: int = 1) -> np.ndarray:
    """What a layer makes of ones under XLA, step after step, float32 of shape (steps, 200, 50)."""
    made, arguments = LAYERS[kind]
    layer = made(**arguments, seed=5)
    layer.build((200, 50))

    @tf.function(jit_compile=True)
    def step() -> tf.Tensor:
        with use_threefry():
            return layer(tf.ones((200, 50)), training=True)

    return np.stack([step().numpy() for _ in range(steps)])


@pytest.mark.parametrize("kind", LAYERS)
def test_a_seed_gives_the_same_numbers_and_each_step_others(kind: str) -> None:
    first = drawn(kind, 2)
    assert np.array_equal(first, drawn(kind, 2))
    assert not np.array_equal(first[0], first[1])


def test_masks_and_noise_have_the_shares_and_moments_that_the_layers_promise() -> None:
    kept = drawn("dropout", 5)
    assert set(np.unique(kept).round(4)) == {0.0, np.float32(1 / 0.7).round(4)}
    assert (kept > 0).mean() == pytest.approx(0.7, abs=4 * np.sqrt(0.21 / kept.size))  # four standard errors
    noise = drawn("gaussian noise", 5) - 1
    assert noise.mean() == pytest.approx(0, abs=4 * 0.5 / np.sqrt(noise.size))
    assert noise.std() == pytest.approx(0.5, abs=4 * 0.5 / np.sqrt(2 * noise.size))


def test_neighbours_are_drawn_independently() -> None:
    mask = (drawn("dropout")[0] > 0).astype(float)
    for shifted in (mask[1:].ravel(), mask[:, 1:].ravel()):
        before = mask[:-1].ravel() if shifted.size == mask[1:].size else mask[:, :-1].ravel()
        assert abs(np.corrcoef(before, shifted)[0, 1]) < 4 / np.sqrt(shifted.size)


def test_outside_the_block_keras_draws_as_ever() -> None:
    functions = (tf.nn.experimental.stateless_dropout, tf.random.stateless_normal)
    with use_threefry():
        assert tf.random.stateless_normal is not functions[1]
    assert (tf.nn.experimental.stateless_dropout, tf.random.stateless_normal) == functions


def test_a_fault_in_the_block_leaves_nothing_behind() -> None:
    before = tf.nn.experimental.stateless_dropout
    with pytest.raises(ZeroDivisionError), use_threefry():
        1 / 0  # noqa: B018
    assert tf.nn.experimental.stateless_dropout is before
