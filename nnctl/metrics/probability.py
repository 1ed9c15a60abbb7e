"""Scores of the probabilities themselves: how far from the truth, and whether confidence is earned.

Throughout, `output` is float64 of shape (n, k), a probability for each class, and `target` int of shape (n,), the true
class of each example.
"""

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Classes = NDArray[np.int32]

# scikit-learn clips at the machine epsilon of the type the probabilities come in, and networks give float32.
EPSILON = float(np.finfo(np.float32).eps)
BINS = 15  # equal-width bins of confidence (Guo et al. 2017, section 5)


def compute_log_loss(output: Numbers, target: Classes) -> float:
    """Minus the natural logarithm of the true class's probability, clipped to EPSILON at both ends; mean, in nats."""
    true = output[np.arange(len(target)), target]
    return float(-np.log(np.clip(true, EPSILON, 1 - EPSILON)).mean())


def compute_squared_errors(output: Numbers, target: Classes, scale: tuple[float, float] = (0, 1)) -> Numbers:
    """Squared differences from the one-hot rows of `target`, shape (n, k); `scale` is what stands for no and yes in them.

    Their mean is `keras.losses.MeanSquaredError`, the mean of their sums over classes Brier's score (Brier 1950).
    """
    no, yes = scale
    errors = output - no
    errors[np.arange(len(target)), target] -= yes - no
    return np.square(errors)


def compute_top_k(
    output: NDArray[np.floating], target: Classes, k: int, counted: NDArray[np.bool_] | bool = True
) -> float:
    """The share of examples whose class is among the `k` highest outputs; of equals the first class counts as higher.

    So k = 1 is the accuracy, to the last example. `counted`, of shape (n,), is False for examples that are wrong anyhow.
    """
    order = np.argsort(-output, axis=1, kind="stable")[:, :k]
    return float(((order == target[:, None]).any(axis=1) & counted).mean())


def bin_confidence(confidence: Numbers, right: NDArray[np.bool_], bins: int = BINS) -> tuple[Numbers, Numbers, Numbers]:
    """How confident and how right the predictions are, bin by bin.

    Bin m of M holds confidences in ((m - 1) / M, m / M] (Guo et al. 2017, section 2); 0 falls into the first.

    Args:
        confidence: the probability of the predicted class, float of shape (n,), within 0 to 1.
        right: whether each prediction is right, of shape (n,).
        bins: M.

    Returns:
        The number of predictions, their mean confidence and the share of right ones, each float64 of shape (bins,); 0
        in an empty bin.
    """
    place = np.searchsorted(np.arange(1, bins) / bins, confidence, side="left")
    counts = np.bincount(place, minlength=bins).astype(np.float64)
    whole = np.maximum(counts, 1)
    confident = np.bincount(place, weights=confidence, minlength=bins) / whole
    return counts, confident, np.bincount(place, weights=right, minlength=bins) / whole


def compute_calibration_error(confidence: Numbers, right: NDArray[np.bool_], bins: int = BINS) -> float:
    """The expected calibration error, 0 to 1 (Guo et al. 2017, equation 3); arguments are those of `bin_confidence`."""
    counts, confident, correct = bin_confidence(confidence, right, bins)
    return float(counts @ abs(correct - confident) / counts.sum())
