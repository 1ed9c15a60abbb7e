"""Scores of an order: how far positives stand before negatives, whatever the threshold.

`output` is float of shape (n,), higher for what looks positive; `positive` is bool of shape (n,).
"""

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.floating]
Flags = NDArray[np.bool_]


def compute_roc_auc(output: Numbers, positive: Flags) -> float | None:
    """The share of pairs of a positive and a negative that stand in the right order, ties counted half.

    This is the area under the ROC curve, by the rank sum (Mann and Whitney 1947; Hanley and McNeil 1982). None where
    one of the two classes is missing.
    """
    negatives, positives = _count_ties(output, positive)
    pairs = negatives.sum() * positives.sum()
    below = np.cumsum(negatives) - negatives
    return float((positives @ (below + negatives / 2)) / pairs) if pairs else None


def compute_average_precision(output: Numbers, positive: Flags) -> float | None:
    """The mean of the precision at each threshold, weighted by the gain in recall; None where there is no positive.

    The sum of (R_i - R_(i-1)) P_i over falling thresholds, without interpolation, as scikit-learn has it.
    """
    negatives, positives = (counts[::-1] for counts in _count_ties(output, positive))
    total = positives.sum()
    found = np.cumsum(positives)
    precision = found / np.maximum(found + np.cumsum(negatives), 1)
    return float(positives @ precision / total) if total else None


def compute_roc_curve(output: Numbers, positive: Flags) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The ROC curve, a point for each distinct output as the threshold, from none to all taken for positive.

    Returns:
        The share of negatives and the share of positives that are taken for positive, each float64 from 0 to 1; NaN where
        there are no negatives, or no positives.
    """
    negatives, positives = (np.append(0.0, np.cumsum(counts[::-1])) for counts in _count_ties(output, positive))
    with np.errstate(invalid="ignore"):
        return negatives / negatives[-1], positives / positives[-1]


def compute_precision_curve(output: Numbers, positive: Flags) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Precision over recall, a point for each distinct output as the threshold, by falling thresholds.

    Returns:
        The recall and the precision, each float64 from 0 to 1; a recall of NaN where there are no positives.
    """
    negatives, positives = (np.cumsum(counts[::-1]) for counts in _count_ties(output, positive))
    with np.errstate(invalid="ignore"):
        return positives / positives[-1], positives / (positives + negatives)


def _count_ties(output: Numbers, positive: Flags) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How many negatives and positives share each distinct output, by rising output."""
    distinct, place = np.unique(output, return_inverse=True)
    counts = np.bincount(2 * place + positive, minlength=2 * len(distinct)).reshape(-1, 2).astype(np.float64)
    return counts[:, 0], counts[:, 1]
