"""Which wrong answers to look at first."""

import numpy as np
from numpy.typing import NDArray

from nnctl.metrics.predictions import Predictions


def find_mistakes(predictions: Predictions, most: int) -> NDArray[np.int64]:
    """Where the wrong predictions of highest confidence stand in the table, the most confident first, ties by row.

    Args:
        predictions: of task `binary` or `multiclass`.
        most: how many at most.

    Returns:
        Indices into the arrays of `predictions` (`predictions.rows[indices]` are the rows of the split), int64 of shape
        (m,) with m <= most.

    Raises:
        ValueError: the examples do not have one class each.
    """
    if not predictions.meaning.chooses:
        raise ValueError(f"a {predictions.task} prediction is not simply right or wrong")
    wrong = np.flatnonzero(predictions.answered & (predictions.predicted != predictions.target))
    order = np.lexsort((predictions.rows[wrong], -predictions.confidence[wrong]))
    return wrong[order[:most]]
