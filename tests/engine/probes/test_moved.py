from dataclasses import replace

import numpy as np
import pytest
from sklearn.neighbors import KNeighborsClassifier

from nnctl.data import Dataset
from nnctl.diagnosis.facts.probes import Trial
from nnctl.engine.probes.moved import try_moved

from ...diagnosis.conftest import TRIAL, made

RNG = np.random.default_rng(5)
TRUE = RNG.integers(0, 3, 500)
# How strong they shake tells the classes, and no linear model: the mean of each number is 0.
X = (RNG.normal(size=(500, 30)) * (1 + 2 * TRUE)[:, None]).astype(np.float32)


def by_strength(data: Dataset, label: str) -> Trial:
    """What a network would learn, by another model: examples by their strength."""
    assert data.validation is not None
    strength = [np.log(np.square(split.x).mean(axis=1, keepdims=True)) for split in (data.train, data.validation)]
    model = KNeighborsClassifier(9).fit(strength[0], data.train.y)
    score = float((model.predict(strength[1]) == data.validation.y).mean())
    return replace(TRIAL, label=label, score=score, diverged=False)


@pytest.mark.parametrize("rows", [1, -1])
def test_labels_of_the_next_row_and_of_the_one_before_are_told(rows: int) -> None:
    found = try_moved(made(X, np.roll(TRUE, rows)), by_strength)
    assert found is not None
    assert (found.rows, found.held) == (rows, 99)  # a fifth of the 499 rows that have such a neighbour
    assert found.trial.score > 0.9


def test_rows_of_validation_have_no_label_in_train() -> None:
    kept = np.sort(RNG.permutation(500)[:400])
    data = made(X[kept], np.roll(TRUE, 1)[kept])
    found = try_moved(replace(data, train=replace(data.train, rows=kept)), by_strength)
    assert found is not None
    assert found.rows == 1
    assert found.held < 80


def test_labels_in_their_place_and_in_any_order_are_not() -> None:
    assert try_moved(made(X, TRUE), by_strength) is None
    assert try_moved(made(X, RNG.permutation(TRUE)), by_strength) is None
