"""Toy sets by their formulas: points in the plane that belong to classes, functions with noise, sequences of symbols.

The random numbers are raw 64-bit words of Philox, as those of the splits are, so that a seed means the same points
under every version of NumPy.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Points = tuple[NDArray[np.float32], NDArray[np.int32]]
Values = tuple[NDArray[np.float32], NDArray[np.float32]]
Labelled = tuple[NDArray[np.float32], NDArray[np.uint8]]
Sequences = tuple[NDArray[np.int32], NDArray[np.int32]]

_PURPOSE = 100  # the second word of Philox's key; the splits have 1 to 5
_FRIEDMAN = 10  # features, of which five count
_OTHERS = 4  # symbols that tell nothing, as in the paper's experiment


class Draw:
    """Random numbers of one toy set.

    Args:
        seed: the data's `split_seed`.
    """

    def __init__(self, seed: int) -> None:
        self._philox = np.random.Philox(key=np.array([seed, _PURPOSE], np.uint64))

    def uniform(self, *shape: int) -> Floats:
        """Numbers of [0, 1), float64 of a shape: the upper 53 bits of a word each."""
        words = self._philox.random_raw(math.prod(shape))
        return (np.asarray(words, np.uint64) >> np.uint64(11)).astype(np.float64).reshape(shape) * 2.0**-53

    def normal(self, *shape: int) -> Floats:
        """Numbers of mean 0 and deviation 1, float64 of a shape, by Box and Muller's transform (1958)."""
        radius = np.sqrt(-2 * np.log1p(-self.uniform(*shape)))
        return np.asarray(radius * np.cos(2 * math.pi * self.uniform(*shape)), np.float64)


def blobs(draw: Draw, samples: int, noise: float, classes: int) -> Points:
    """Round heaps of deviation `noise`, their centres evenly on a circle of radius 4."""
    y = np.arange(samples) % classes
    return _make_points(_place_on_circle(2 * math.pi * y / classes, 4.0), y, draw, noise)


def moons(draw: Draw, samples: int, noise: float) -> Points:
    """Two half circles that reach into each other: (cos πt, sin πt) and (1 - cos πt, 1/2 - sin πt), t in [0, 1)."""
    y, half = np.arange(samples) % 2, _place_on_circle(math.pi * draw.uniform(samples), 1.0)
    return _make_points(np.where(y[:, np.newaxis] == 0, half, (1.0, 0.5) - half), y, draw, noise)


def circles(draw: Draw, samples: int, noise: float) -> Points:
    """A circle of radius 1, class 0, around one of radius 1/2, class 1."""
    y = np.arange(samples) % 2
    x = _place_on_circle(2 * math.pi * draw.uniform(samples), np.where(y == 0, 1.0, 0.5))
    return _make_points(x, y, draw, noise)


def xor(draw: Draw, samples: int, noise: float) -> Points:
    """Points of [-1, 1)², class 1 where exactly one coordinate is above 0; noise is added when the class is settled."""
    x = 2 * draw.uniform(samples, 2) - 1
    return _make_points(x, (x[:, 0] > 0) != (x[:, 1] > 0), draw, noise)


def spirals(draw: Draw, samples: int, noise: float, classes: int) -> Points:
    """An arm a class that winds around the origin once: radius t and angle 2π(t + class / classes), t in [0, 1)."""
    y, t = np.arange(samples) % classes, draw.uniform(samples)
    return _make_points(_place_on_circle(2 * math.pi * (t + y / classes), t), y, draw, noise)


def venn(draw: Draw, samples: int, noise: float) -> Labelled:
    """Points of [-1, 1)², and in which of three overlapping circles each lies, 0 or 1 of shape (n, 3).

    The circles have the radius 0.6 and their centres evenly on one of radius 0.4; noise is added when the labels are settled.
    """
    x, centres = 2 * draw.uniform(samples, 2) - 1, _place_on_circle(math.pi * (1 / 2 + 2 * np.arange(3) / 3), 0.4)
    inside = np.linalg.norm(x[:, np.newaxis] - centres, axis=2) < 0.6
    return (x + noise * draw.normal(*x.shape)).astype(np.float32), inside.astype(np.uint8)


def temporal_order(draw: Draw, samples: int, length: int) -> Sequences:
    """Symbols 2 to 5 at random, and at two places of each sequence a mark, 0 (X) or 1 (Y): class XX, XY, YX or YY.

    Hochreiter and Schmidhuber, Long Short-Term Memory, 1997, experiment 6a, but with both marks at any place. How often each
    symbol stands in a sequence tells XX from YY, and never XY from YX.
    """
    y, rows = np.arange(samples) % 4, np.arange(samples)
    x = (2 + _OTHERS * draw.uniform(samples, length)).astype(np.int32)
    places = np.sort(np.argsort(draw.uniform(samples, length), axis=1, kind="stable")[:, :2], axis=1)
    x[rows, places[:, 0]], x[rows, places[:, 1]] = y // 2, y % 2
    return x, y.astype(np.int32)


def line(draw: Draw, samples: int, noise: float) -> Values:
    """2x + 1 for x in [-1, 1)."""
    return _make_values(2 * draw.uniform(samples, 1) - 1, lambda x: 2 * x[:, 0] + 1, draw, noise)


def sine(draw: Draw, samples: int, noise: float) -> Values:
    """sin x for x in [-π, π)."""
    return _make_values(math.pi * (2 * draw.uniform(samples, 1) - 1), lambda x: np.sin(x[:, 0]), draw, noise)


def friedman(draw: Draw, samples: int, noise: float) -> Values:
    """10 sin(π x₁ x₂) + 20 (x₃ - 1/2)² + 10 x₄ + 5 x₅ for ten features of [0, 1).

    Friedman, Multivariate Adaptive Regression Splines, 1991, equation 61.
    """
    return _make_values(draw.uniform(samples, _FRIEDMAN), _compute_friedman, draw, noise)


def _compute_friedman(x: Floats) -> Floats:
    curved = 10 * np.sin(math.pi * x[:, 0] * x[:, 1]) + 20 * (x[:, 2] - 0.5) ** 2
    return np.asarray(curved + 10 * x[:, 3] + 5 * x[:, 4], np.float64)


def _place_on_circle(angle: Floats, radius: float | Floats) -> Floats:
    """Points of shape (n, 2) at angles of shape (n,)."""
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)


def _make_points(x: Floats, y: NDArray[np.generic], draw: Draw, noise: float) -> Points:
    return (x + noise * draw.normal(*x.shape)).astype(np.float32), y.astype(np.int32)


def _make_values(x: Floats, function: Callable[[Floats], Floats], draw: Draw, noise: float) -> Values:
    return x.astype(np.float32), (function(x) + noise * draw.normal(len(x))).astype(np.float32)


FORMULAS: dict[str, Callable[..., tuple[NDArray[Any], NDArray[Any]]]] = {
    each.__name__: each for each in (blobs, moons, circles, xor, spirals, venn, temporal_order, line, sine, friedman)
}
"""The formula of each toy source, by the source's name; called with a draw, then with the source's options in their order."""
