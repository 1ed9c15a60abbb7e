"""Stand-ins for the data of the real programs: substitutes of the same form, drawn from a fixed seed; none is the original."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Arrays = dict[str, NDArray[np.generic]]


def _cut(x: NDArray[np.generic], y: NDArray[np.generic], share: float = 0.75, kind: type = np.int32) -> Arrays:
    rows = int(share * len(x))
    x, y = x.astype(np.float32), y.astype(kind)
    return {"x_train": x[:rows], "y_train": y[:rows], "x_test": x[rows:], "y_test": y[rows:]}


def _curved(rng: np.random.Generator, rows: int, features: int, classes: int) -> tuple[NDArray[np.float64], ...]:
    """Standardised features, and the class that a random network of one hidden layer gives them."""
    x = rng.normal(size=(rows, features))
    hidden = np.tanh(x @ rng.normal(size=(features, 12)))
    outputs = hidden @ rng.normal(size=(12, classes))
    return x, np.argmax(outputs - outputs.mean(0), axis=1)


def _squares(rng: np.random.Generator) -> Arrays:
    """B04: two blobs, U(.2, .4) and U(.5, .7)."""
    y = rng.integers(0, 2, 400)
    return _cut(rng.uniform(0.2, 0.4, (400, 2)) + 0.3 * y[:, None], y)


def _negative(rng: np.random.Generator) -> Arrays:
    """B05: two features, targets of both signs."""
    x = rng.uniform(-1, 1, (400, 2))
    return _cut(x, x[:, 0] - x[:, 1] + x[:, 0] * x[:, 1], kind=np.float32)


def _sums(rng: np.random.Generator) -> Arrays:
    """B07: 2a + b + .5c + 2.2 of inputs up to 10,000."""
    x = rng.uniform(0, 1e4, (400, 3))
    return _cut(x, x @ np.array([2, 1, 0.5]) + 2.2, kind=np.float32)


def _ones(rng: np.random.Generator) -> Arrays:
    """B10: rows of ones are true, rows of zeros are false; a tenth of its 20,000 rows."""
    y = rng.integers(0, 2, 2000)
    return _cut(np.repeat(y[:, None], 128, axis=1), y)


def _cubes(rng: np.random.Generator) -> Arrays:
    """B13: 5x² + noise³ for x of [0, 5), 200 rows for its 50."""
    x = rng.uniform(0, 5, (200, 1))
    return _cut(x, 5 * x[:, 0] ** 2 + rng.normal(size=200) ** 3, kind=np.float32)


def _fourth(rng: np.random.Generator) -> Arrays:
    """B17: x⁴ for x of [-100, 100]."""
    x = rng.uniform(-100, 100, (600, 1))
    return _cut(x, x[:, 0] ** 4, kind=np.float32)


def _fourth_scaled(rng: np.random.Generator) -> Arrays:
    x = rng.uniform(-1, 1, (600, 1))
    return _cut(x, x[:, 0] ** 4, kind=np.float32)


def _people(rng: np.random.Generator) -> Arrays:
    """B14, B28: Adult's or Titanic's form: ordinal codes beside ages and sums of money, two classes."""
    x, y = _curved(rng, 1600, 14, 2)
    scale, offset = np.logspace(0, 4, 14), np.logspace(0.5, 4.5, 14)
    return _cut(np.round(x * scale + offset, 1), y)


def _packets(rng: np.random.Generator) -> Arrays:
    """B11, B23: eleven counts and sizes of network packets, two classes."""
    x, y = _curved(rng, 900, 11, 2)
    return _cut(np.exp(x * 1.2 + np.linspace(0, 7, 11)), y)


def _pima(rng: np.random.Generator) -> Arrays:
    """B41: the Pima table's form: eight measures in their own units, two classes."""
    x, y = _curved(rng, 768, 8, 2)
    return _cut(x * [3, 32, 19, 16, 115, 8, 0.3, 12] + [4, 120, 69, 20, 80, 32, 0.5, 33], y)


def _table16(rng: np.random.Generator) -> Arrays:
    """B19, B22, B26: a binary table of standardised features."""
    return _cut(*_curved(rng, 1200, 16, 2))


def _one(rng: np.random.Generator) -> Arrays:
    """B26: one feature, one truth."""
    x = rng.normal(size=(600, 1))
    return _cut(x, x[:, 0] > 0.2)


def _scalar(rng: np.random.Generator) -> Arrays:
    """B29: one unscaled number to 69 classes; 12 here, so that a small network can learn them."""
    y = rng.integers(0, 12, 1767)
    return _cut(y[:, None] * 40.0 + rng.uniform(0, 30, (1767, 1)), y)


def _signals(rng: np.random.Generator) -> Arrays:
    """B31, B32, B38: windows of 24 steps of 4 signals, two classes by their trend."""
    y = rng.integers(0, 2, 1000)
    x = rng.normal(size=(1000, 24, 4))
    x[:, :, 0] += (2 * y - 1)[:, None] * np.linspace(-1, 1, 24)
    return _cut(x, y)


def _table28(rng: np.random.Generator) -> Arrays:
    """B35: 28 inputs, six classes."""
    return _cut(*_curved(rng, 1600, 28, 6))


def _reuters(rng: np.random.Generator) -> Arrays:
    """R2 to R7: the form of Reuters as bags of words: 200 words present or absent, ten topics."""
    y = rng.integers(0, 10, 1600)
    chances = rng.beta(0.6, 4, (10, 200))
    return _cut(rng.random((1600, 200)) < chances[y], y)


BASES: dict[str, Callable[[np.random.Generator], Arrays]] = {
    "squares": _squares,
    "negative": _negative,
    "sums": _sums,
    "ones": _ones,
    "cubes": _cubes,
    "fourth": _fourth,
    "fourthscaled": _fourth_scaled,
    "people": _people,
    "packets": _packets,
    "pima": _pima,
    "table16": _table16,
    "one": _one,
    "scalar": _scalar,
    "signals": _signals,
    "table28": _table28,
    "reuters": _reuters,
}
