"""Trials with the labels of the next row, and of the row before, in the place of an example's own."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from nnctl.data import Dataset, Split
from nnctl.diagnosis import thresholds
from nnctl.diagnosis.facts.baselines import Yardstick
from nnctl.diagnosis.facts.dataset import choose_rows, sample
from nnctl.diagnosis.facts.probes import Moved, Trial
from nnctl.diagnosis.facts.slips import Order
from nnctl.engine.probes.trial import HELD_OUT, MOST_EXAMPLES

_SHIFTS = (1, -1)  # rows: one that is lost at the beginning of a file, or its header read as a row


def try_moved(dataset: Dataset, run: Callable[[Dataset, str], Trial]) -> Moved | None:
    """The first such trial that tells the labels of examples which it was not trained on; None where neither does.

    A network sees what no yardstick does, such as a vibration's strength whatever its phase: only it can say that such
    examples go with the labels of their neighbours.

    Args:
        dataset: the data as they were loaded: rows of a split are those of the file.
        run: trains and scores the spec as it is on other data, named in words.
    """
    (x, _), chosen = sample(dataset.train, MOST_EXAMPLES), choose_rows(dataset.train, MOST_EXAMPLES)
    rows = dataset.train.rows if chosen is None else dataset.train.rows[chosen]
    order = np.argsort(rows, kind="stable")
    x, rows = x[order], rows[order]
    decided, asked = dataset.decide(dataset.train), (dataset.task, dataset.outputs)
    places = Order(x, rows, decided, dataset.train.rows, *asked)
    if not places.asked:
        return None
    for shift in _SHIFTS:
        index, known = places.find_labels(rows + shift)
        if known.sum() < thresholds.FEW_EXAMPLES:
            continue
        moved = _cut(dataset, x[known], dataset.train.y[index[known]])
        trial = run(moved, f"labels {shift:+d} row")
        assert moved.validation is not None
        trivial = Yardstick(moved.validation.y, *asked).trivial
        if not trial.diverged and trial.score - trivial > thresholds.HALFWAY * (1 - trivial):
            return Moved(shift, len(moved.validation), trial)
    return None


def _cut(dataset: Dataset, x: np.ndarray, y: np.ndarray) -> Dataset:
    """These examples, a fifth of them held out."""
    order = np.random.Generator(np.random.Philox(4)).permutation(len(x))
    count = min(HELD_OUT, len(x) // 5)
    train, held = (
        Split(x[rows], y[rows], np.arange(len(rows))) for rows in (np.sort(order[count:]), np.sort(order[:count]))
    )
    return replace(dataset, train=train, validation=held, test=None)
