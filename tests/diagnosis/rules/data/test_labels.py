import re
from dataclasses import replace

import numpy as np

from nnctl.diagnosis.facts.probes import Moved

from ...conftest import made
from ..conftest import GOOD, PROBE
from .conftest import CLASSES, X


def test_labels_in_another_order_than_their_examples(found, facts):
    assert "X09" in found(facts(data=made(X, np.random.default_rng(1).permutation(CLASSES))))


def test_labels_that_are_wrong_in_part(found, facts):
    centres = np.random.default_rng(1).normal(size=(4, 6)) * 4
    labels = np.arange(1200) % 4
    x = (centres[labels] + np.random.default_rng(2).normal(size=(1200, 6))).astype(np.float32)
    wrong = np.random.default_rng(3).random(1200) < 0.4
    changed = np.where(wrong, np.random.default_rng(4).permutation(labels), labels)
    one = found(facts(data=made(x, changed)))["X20"]
    assert "of the labels look wrong" in one.found
    assert one.level == "warning"
    assert "X20" not in found(facts(data=made(x, labels)))
    stretch = np.concatenate((labels[:600], np.random.default_rng(5).permutation(labels[600:840]), labels[840:]))
    told = found(facts(data=made(x, stretch)))["X20"].found
    assert re.search(r"from about row (59|60)\d of the file to 8[34]\d, from 0: a model has accuracy 0.\d+ there", told)


def test_labels_of_the_next_row(found, facts):
    rng = np.random.default_rng(2)
    y = rng.integers(0, 4, 600)
    x = (np.eye(4)[y] + 0.1 * rng.normal(size=(600, 4))).astype(np.float32)
    assert "X26" not in found(facts(data=made(x, y)))
    one = found(facts(data=made(x[1:], y[:-1])))["X26"]
    assert one.found.endswith("1.000 with those 1 row further")
    slipped = np.concatenate((y[:200], y[199:-1]))
    told = found(facts(data=made(x, slipped)))["X26"].found
    assert re.match(r"\d\d% of the training examples, from about row (19|20)\d of", told)
    assert "with the labels 1 row further, 1.000" in told
    noise = facts(data=made(rng.normal(size=(600, 4)).astype(np.float32), y))
    assert "X26" not in found(noise)


def test_pictures_that_were_reshaped(found, facts):
    rng = np.random.default_rng(2)
    smooth = np.repeat(np.repeat(rng.integers(0, 256, (200, 4, 4, 3)), 4, axis=1), 4, axis=2).astype(np.uint8)
    planes = smooth.transpose(0, 3, 1, 2).reshape(200, 16, 16, 3)
    assert "X27" not in found(facts(data=made(smooth, np.arange(200) % 10)))
    assert "X27" in found(facts(data=made(planes, np.arange(200) % 10)))
    grey = np.repeat(smooth[..., :1], 3, axis=3)
    assert "X27" not in found(facts(data=made(grey, np.arange(200) % 10)))


def test_examples_of_pieces_of_many(found, facts):
    """As MATLAB stores pictures: (height, width, examples)."""
    rng = np.random.default_rng(2)
    labels = rng.integers(0, 4, 300)
    pictures = np.repeat(np.repeat(rng.normal(size=(4, 4, 4)), 3, axis=1), 3, axis=2)[labels]
    pictures = (pictures + 0.1 * rng.normal(size=pictures.shape)).astype(np.float32)
    assert "X31" not in found(facts(data=made(pictures, labels)))
    one = found(facts(data=made(pictures.transpose(1, 2, 0).reshape(pictures.shape), labels)))["X31"]
    assert "`x.reshape(12, 12, 300).transpose(2, 0, 1)`" in one.found
    assert (one.level, one.fix) == ("error", None)


def test_labels_of_another_row_that_only_a_trial_tells(found, facts):
    known = facts(data=made(X, CLASSES))
    low = replace(PROBE, reference=replace(GOOD, score=0.25))
    assert "X33" not in found(replace(known, probe=low))
    moved = Moved(-1, 99, replace(GOOD, score=0.98))
    told = found(replace(known, probe=replace(low, moved=moved)))["X33"]
    assert told.found == "the trial has accuracy 0.250 with the labels as they stand, 0.980 with those 1 row before"
    assert told.checked == "accuracy 0.250 -> 0.980 on 99 held-out examples"
