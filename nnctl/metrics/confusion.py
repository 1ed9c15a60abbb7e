"""Scores that need only to know how often each class was taken for which."""

import math

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]
Numbers = NDArray[np.float64]

Z95 = 1.959963984540054  # the 97.5 % quantile of the standard normal distribution


def compute_confusion(target: NDArray[np.int32], predicted: NDArray[np.int32], k: int) -> Counts:
    """How often each class was predicted as each: int64 of shape (k, k), rows true, columns predicted."""
    return np.bincount(target.astype(np.int64) * k + predicted, minlength=k * k).reshape(k, k)


def count_one_against_rest(matrix: Counts) -> tuple[Counts, Counts, Counts]:
    """Right answers, predictions and examples of each class of a confusion matrix, each int64 of shape (k,)."""
    return np.diagonal(matrix), matrix.sum(axis=0), matrix.sum(axis=1)


def compute_ratio(parts: Counts | Numbers, wholes: Counts | Numbers) -> Numbers:
    """Parts over wholes, float64; 0 where the whole is 0 (scikit-learn's `zero_division=0`)."""
    return np.divide(parts, wholes, out=np.zeros(parts.shape), where=wholes != 0)


def compute_per_class(right: Counts, predicted: Counts, support: Counts) -> dict[str, Numbers]:
    """Precision, recall and F1 of each class, each float64 of shape (k,).

    F1 is the harmonic mean of the first two, 2 right / (predicted + support) (van Rijsbergen 1979, Information
    Retrieval, chapter 7). A class that was never predicted has precision 0, one that has no examples recall 0.

    Args:
        right: true positives of each class, shape (k,).
        predicted: how often each class was predicted, shape (k,).
        support: the number of examples of each class, shape (k,).
    """
    return {
        "precision": compute_ratio(right, predicted),
        "recall": compute_ratio(right, support),
        "f1": compute_ratio(2 * right, predicted + support),
    }


def compute_averages(right: Counts, predicted: Counts, support: Counts) -> dict[str, float]:
    """Precision, recall and F1 averaged over classes in the three usual ways (the arguments are those of `compute_per_class`).

    `macro` counts every class alike, `micro` every decision alike, `weighted` weighs a class by its examples. As in
    scikit-learn, classes with neither an example nor a prediction are left out of `macro`.
    """
    seen = (predicted + support) > 0
    totals = compute_per_class(*(np.array([counts.sum()]) for counts in (right, predicted, support)))
    scores = {}
    for name, values in compute_per_class(right, predicted, support).items():
        scores[f"{name}_macro"] = float(values[seen].mean()) if seen.any() else 0.0
        scores[f"{name}_micro"] = float(totals[name][0])
        scores[f"{name}_weighted"] = float(compute_ratio((values * support).sum(), support.sum()))
    return scores


def compute_balanced_accuracy(matrix: Counts) -> float:
    """The mean recall of the classes that have examples (Brodersen et al. 2010)."""
    right, _, support = count_one_against_rest(matrix)
    return float((right[support > 0] / support[support > 0]).mean())


def compute_wilson_interval(right: int, n: int, z: float = Z95) -> tuple[float, float]:
    """The score interval of a share (Wilson 1927, JASA 22:209-212), 95 % unless told; stays inside 0 to 1.

    Args:
        right: successes among `n` independent trials.
        n: trials, at least 1.
        z: the normal quantile of the confidence wanted.
    """
    share, scale = right / n, 1 + z * z / n
    centre = share + z * z / (2 * n)
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    low = 0.0 if right == 0 else (centre - half) / scale
    high = 1.0 if right == n else (centre + half) / scale
    return low, high


def compute_matthews_correlation(matrix: Counts) -> float:
    """The correlation of truth and prediction, -1 to 1, for k classes (Gorodkin 2004, equation 8).

    0 where it is undefined, as in scikit-learn: all examples, or all predictions, are of one class.
    """
    right, predicted, support = (counts.astype(np.float64) for counts in count_one_against_rest(matrix))
    n = support.sum()
    covariance = n * right.sum() - support @ predicted
    spread = (n * n - predicted @ predicted) * (n * n - support @ support)
    return float(covariance / math.sqrt(spread)) if spread > 0 else 0.0


def compute_kappa(matrix: Counts) -> float | None:
    """Agreement beyond chance, at most 1 (Cohen 1960); None where chance alone agrees everywhere."""
    right, predicted, support = (counts.astype(np.float64) for counts in count_one_against_rest(matrix))
    n = support.sum()
    chance = support @ predicted / n
    return float((right.sum() - chance) / (n - chance)) if chance < n else None
