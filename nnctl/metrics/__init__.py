"""Scores, computed from one table of predictions."""

from nnctl.metrics.mistakes import find_mistakes
from nnctl.metrics.predictions import TASKS, Predictions
from nnctl.metrics.probability import bin_confidence
from nnctl.metrics.scores import Bar, Scores, Value
from nnctl.metrics.tasks import score

__all__ = ["TASKS", "Bar", "Predictions", "Scores", "Value", "bin_confidence", "find_mistakes", "score"]
