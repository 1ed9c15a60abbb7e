"""The healthy tables that the suite's NPZ files hold, each drawn from a fixed seed."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Arrays = dict[str, NDArray[np.generic]]


def _cut(x: NDArray[np.generic], y: NDArray[np.generic], train: int) -> Arrays:
    return {"x_train": x[:train], "y_train": y[:train], "x_test": x[train:], "y_test": y[train:]}


def _sensors(rng: np.random.Generator, counts: tuple[float, ...] = (0.25,) * 4) -> Arrays:
    """Four classes of three heaps each in ten standardised dimensions: no plane parts them."""
    centres = rng.normal(size=(12, 10)) * 1.3
    y = rng.choice(4, size=2000, p=counts)
    x = centres[y + 4 * rng.integers(0, 3, 2000)] + rng.normal(size=(2000, 10)) * 0.8
    x = (x - x.mean(0)) / x.std(0)
    return _cut(x.astype(np.float32), y.astype(np.int32), 1500)


def _rare(rng: np.random.Generator) -> Arrays:
    """`sensors` with two classes, one tenth as common as the other in training; even in test."""
    found = _sensors(rng)
    for key in ("y_train", "y_test"):
        found[key] = (found[key] == 3).astype(np.int32)
    return found


def _houses(rng: np.random.Generator) -> Arrays:
    """A standardised target, curved in six standardised features."""
    x = rng.normal(size=(1200, 6))
    y = np.sin(2 * x[:, 0]) + x[:, 1] * x[:, 2] + 0.5 * x[:, 3] ** 2 + x[:, 4] + 0.2 * rng.normal(size=1200)
    return _cut(x.astype(np.float32), ((y - y.mean()) / y.std()).astype(np.float32), 900)


def _tags(rng: np.random.Generator) -> Arrays:
    """Five labels an example, each the sign of a curved function of ten features."""
    x = rng.normal(size=(1600, 10))
    y = (x @ rng.normal(size=(10, 5)) + 1.5 * np.sin(x @ rng.normal(size=(10, 5))) > 0.3).astype(np.uint8)
    return _cut(x.astype(np.float32), y, 1200)


def _pixels(rng: np.random.Generator) -> Arrays:
    """scikit-learn's digits as floats of [0, 1], flat, so that nothing scales them by itself."""
    from sklearn.datasets import load_digits

    found = load_digits()
    order = rng.permutation(len(found.data))
    return _cut((found.data[order] / 16).astype(np.float32), found.target[order].astype(np.int32), 1400)


def _words(rng: np.random.Generator) -> Arrays:
    """Bags of twelve words of a vocabulary of 60; the class is the topic that most of them come from."""
    y = rng.integers(0, 3, 1500)
    own = rng.integers(0, 20, (1500, 12)) + 20 * y[:, None]
    x = np.where(rng.random((1500, 12)) < 0.6, own, rng.integers(0, 60, (1500, 12)))
    return _cut(x.astype(np.int32), y.astype(np.int32), 1200)


def _noisy(rng: np.random.Generator) -> Arrays:
    """One feature and a coin: the best any network can do is 70 %."""
    x = rng.uniform(-1, 1, (3000, 4))
    y = (x[:, 0] > 0) ^ (rng.random(3000) < 0.3)
    return _cut(x.astype(np.float32), y.astype(np.int32), 1500)


def _series(rng: np.random.Generator) -> Arrays:
    """Waves of 32 steps of one of three frequencies, at a random phase."""
    y = rng.integers(0, 3, 1200)
    time = np.arange(32) / 32
    x = np.sin(2 * np.pi * ((y[:, None] + 2) * time + rng.random((1200, 1)))) + 0.3 * rng.normal(size=(1200, 32))
    return _cut(x[:, :, None].astype(np.float32), y.astype(np.int32), 900)


def _copies(rng: np.random.Generator) -> Arrays:
    """For an autoencoder: the targets are the examples, 16 numbers that 4 hidden ones explain."""
    x = np.tanh(rng.normal(size=(1500, 4)) @ rng.normal(size=(4, 16))).astype(np.float32)
    return _cut(x, x.copy(), 1200)


def _steps(rng: np.random.Generator) -> Arrays:
    """y = a² for a whole number a of [-10, 10], with a little noise."""
    x = rng.uniform(-10, 10, (600, 1))
    return _cut(x.astype(np.float32), (x[:, 0] ** 2 + 3 + rng.normal(size=600)).astype(np.float32), 450)


BASES: dict[str, Callable[[np.random.Generator], Arrays]] = {
    "sensors": _sensors,
    "rare": _rare,
    "houses": _houses,
    "tags": _tags,
    "pixels": _pixels,
    "words": _words,
    "noisy": _noisy,
    "series": _series,
    "copies": _copies,
    "steps": _steps,
}
