"""Labels that are wrong in part: where a linear model and neighbours agree with each other, and not with the label.

Two models of different kinds seldom make the same mistake, but where labels were changed at random both still tell what the rest
of the labels say. On examples that are hard in themselves they are unsure; on wrong labels they are as sure as elsewhere. So the
surest third of what both say is looked at: the share of labels there that say otherwise is an estimate of the wrong ones (the
idea of Brodley and Friedl 1999, Identifying Mislabeled Training Data, and of confident learning, Northcutt et al. 2021).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnctl.diagnosis import thresholds
from nnctl.metrics.confusion import compute_confusion, compute_kappa

STRETCHES = 10  # into which the file is cut


@dataclass(frozen=True, slots=True)
class Disagreement:
    """How far labels say what no model makes of the examples.

    Attributes:
        kappa: how far the two models agree beyond chance (Cohen 1960).
        surest: the share of labels that say otherwise, of the third of examples of which both models are surest.
        doubtful: the same of the third of which they are least sure.
        stretch: of the tenths of the file one that is far worse than the others, as the share of the examples in front of it and
            up to its end, with the share of its labels that say otherwise; None if there is none.
    """

    kappa: float
    surest: float
    doubtful: float
    stretch: tuple[float, float, float] | None


def measure_disagreement(
    linear: NDArray[Any], neighbours: NDArray[Any], labels: NDArray[Any], places: NDArray[Any]
) -> Disagreement | None:
    """Compares the held-out predictions of two models with the labels; None where they agree on too few.

    Args:
        linear: the scores of a linear model for each class, of shape (n, classes).
        neighbours: the same of neighbours.
        labels: class indices of shape (n,).
        places: where in the training examples each stands, from 0 to 1.
    """
    one, other = linear.argmax(axis=1), neighbours.argmax(axis=1)
    alike = one == other
    if alike.sum() < 3 * thresholds.TEST_ROWS:
        return None
    kappa = compute_kappa(compute_confusion(one, other, linear.shape[1])) or 0.0  # None where both say one class alone
    ordered = np.sort(linear + neighbours, axis=1)
    margin = (ordered[:, -1] - ordered[:, -2])[alike]
    wrong, surest = (one != labels)[alike], np.argsort(-margin, kind="stable")
    third = len(surest) // 3
    return Disagreement(
        kappa,
        float(wrong[surest[:third]].mean()),
        float(wrong[surest[-third:]].mean()),
        _find_stretch(wrong, labels[alike], places[alike]),
    )


def _find_stretch(
    wrong: NDArray[np.bool_], labels: NDArray[Any], places: NDArray[Any]
) -> tuple[float, float, float] | None:
    """The stretch of the file, of one tenth or some in a row, whose labels say otherwise far more often than the others'.

    A stretch of one class is none: where the file is sorted, it says that the class is a hard one.
    """
    tenths = np.minimum((places * STRETCHES).astype(int), STRETCHES - 1)
    counts = np.bincount(tenths, minlength=STRETCHES)
    shares = np.bincount(tenths, weights=wrong, minlength=STRETCHES) / np.maximum(counts, 1)
    usual = float(np.median(shares))
    bad = (shares > usual + thresholds.WRONG_STRETCH) & (counts >= thresholds.FEW_OF_A_CLASS)
    if not bad.any():
        return None
    first = last = int(np.argmax(np.where(bad, shares, 0)))
    while first > 0 and bad[first - 1]:
        first -= 1
    while last < STRETCHES - 1 and bad[last + 1]:
        last += 1
    inside = (tenths >= first) & (tenths <= last)
    if np.bincount(labels[inside]).max() > thresholds.PURE_SHARE * inside.sum():
        return None
    return first / STRETCHES, (last + 1) / STRETCHES, float(wrong[inside].mean())
