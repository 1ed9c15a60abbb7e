"""By how much two scores must differ to mean something."""

import math

from nnctl.diagnosis import thresholds


def compute_margin(one: float, other: float, held: int) -> float:
    """By how much two shares of so many held-out examples must differ to be no chance and no trifle."""
    share = min(max((one + other) / 2, 0.0), 1.0)
    error = math.sqrt(2 * share * (1 - share) / held) if held else 0.0
    return max(thresholds.POINTS, thresholds.CHANCE_SIGMAS * error)
