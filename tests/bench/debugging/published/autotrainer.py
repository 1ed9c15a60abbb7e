"""AutoTrainer's detection of five problems, with the thresholds that its authors give.

Zhang, Zhai, Ma and Shen, AUTOTRAINER: An Automatic DNN Training Problem Detection and Repair System, ICSE 2021, section III
and table II: beta_1 = 1e-3, beta_2 = 1e-4, beta_3 = 70, gamma = .7, zeta = .03, eta = .2, delta = .01, and .7 as the accuracy
below which a training is not satisfactory. As in the authors' tool, problems of the gradient are looked at only where
accuracy is not satisfactory or hardly rises, and all of them only from 30 % of the epochs on.
"""

import itertools
import math

import numpy as np

from tests.bench.debugging.published.facts import Array, Facts, Symptom

RATIO_LOW, NORM_LOW, RATIO_HIGH = 1e-3, 1e-4, 70
ZEROS = 0.7
SWING, SWINGS = 0.03, 0.2
RISE, SATISFACTORY = 0.01, 0.7

EXPLODING = Symptom("exploding gradient", ("D07", "P04", "D01", "D02", "A07", "A09"))
VANISHING = Symptom("vanishing gradient", ("D07", "P04", "A08", "D09"))
DYING = Symptom("dying ReLU", ("D08", "P06"))
OSCILLATING = Symptom("oscillating loss", ("D05", "P03"))
SLOW = Symptom("slow convergence", ("D04", "D03", "P05"))


def symptoms(facts: Facts) -> list[Symptom]:
    """The problems of a training, at most one as in the tool; accuracy is needed for all but the first."""
    losses = [row[name] for row in facts.history for name in ("loss", "val_loss") if name in row]
    if facts.status == "diverged" or any(not math.isfinite(loss) or loss >= 1e5 for loss in losses):
        return [EXPLODING]
    train = [row["accuracy"] for row in facts.history if "accuracy" in row]
    held = [row["val_accuracy"] for row in facts.history if "val_accuracy" in row] or train
    if not train:
        return []
    poor = min(max(train), max(held)) < SATISFACTORY
    slow = max(_rise(train), _rise(held)) < RISE
    if poor or slow:
        return _of_gradients(facts) or ([SLOW] if slow else [])
    return [OSCILLATING] if _oscillates(train) else []


def _of_gradients(facts: Facts) -> list[Symptom]:
    for rule in (_died, _exploded, _vanished):
        for gradients in facts.gradients:
            if gradients and (found := rule(gradients)):
                return [found]
    return []


def _died(gradients: list[Array]) -> Symptom | None:
    zeros = sum(int((part == 0).sum()) for part in gradients) / sum(part.size for part in gradients)
    return DYING if zeros >= ZEROS else None


def _exploded(gradients: list[Array]) -> Symptom | None:
    first, last = (float(np.linalg.norm(part)) for part in (gradients[0], gradients[-1]))
    return EXPLODING if last > 0 and first / last > RATIO_HIGH else None


def _vanished(gradients: list[Array]) -> Symptom | None:
    first, last = (float(np.linalg.norm(part)) for part in (gradients[0], gradients[-1]))
    return VANISHING if last > 0 and first / last < RATIO_LOW and first < NORM_LOW else None


def _rise(values: list[float]) -> float:
    return max((after - before for before, after in itertools.pairwise(values)), default=0.0)


def _oscillates(values: list[float]) -> bool:
    """Whether enough pairs of a local maximum and a local minimum lie `SWING` apart."""
    inner = range(1, len(values) - 1)
    tops = [values[i] for i in inner if values[i] >= max(values[i - 1], values[i + 1])]
    dips = [values[i] for i in inner if values[i] <= min(values[i - 1], values[i + 1])]
    count = sum(top - dip >= SWING for top, dip in zip(tops, dips, strict=False))
    return count >= SWINGS * len(values) and count > 0
