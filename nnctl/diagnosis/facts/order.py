"""What stands in another order than it was made in: pictures plane after plane, pixel after pixel."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnctl.diagnosis import thresholds


def is_scrambled(x: NDArray[Any]) -> bool:
    """Whether pictures were made with their channels first and only called otherwise: neighbours are alike in planes alone.

    Args:
        x: pictures of shape (n, height, width, channels).
    """
    if x.ndim != 4 or x.shape[3] not in thresholds.CHANNELS[1:]:
        return False
    some = np.asarray(x[: thresholds.YARDSTICK_ROWS], np.float32)
    count, height, width, channels = some.shape
    planes = some.reshape(count, channels, height, width).transpose(0, 2, 3, 1)
    standing, read = _correlate_neighbours(some), _correlate_neighbours(planes)
    return read > max(thresholds.SMOOTHER * standing, standing + thresholds.POINTS)


def _correlate_neighbours(x: NDArray[np.float32]) -> float:
    """The mean correlation of neighbouring pixels of a channel, of the deviations from its mean in each picture."""
    apart = x - x.mean(axis=(1, 2), keepdims=True)
    variance = max(float(np.square(apart).mean()), thresholds.TINY)
    down, across = (apart[:, 1:] * apart[:, :-1]).mean(), (apart[:, :, 1:] * apart[:, :, :-1]).mean()
    return float(down + across) / (2 * variance)
