import numpy as np
import pytest
from sklearn import metrics as sk

from nnctl.metrics import probability

ROUND = {"abs": 1e-12, "rel": 1e-12}
CASES = {
    "random": {},
    "many": {"k": 10, "n": 1000},
    "two": {"k": 2},
    "tied": {"levels": 1},
    "never-true": {"never_true": 2},
    "few": {"k": 10, "n": 4},
}


@pytest.fixture(params=CASES)
def drawn(request, draw):
    return draw(**CASES[request.param])


def one_hot(drawn):
    return np.eye(len(drawn.class_names))[drawn.target]


def clipped(output):
    return np.clip(output, probability.EPSILON, 1 - probability.EPSILON)


@pytest.mark.filterwarnings("ignore:The y_prob values do not sum to one")
def test_log_loss(drawn):
    labels = range(len(drawn.class_names))
    known = sk.log_loss(drawn.target, clipped(drawn.probabilities), labels=labels)
    assert probability.compute_log_loss(drawn.probabilities, drawn.target) == pytest.approx(known, **ROUND)


def test_log_loss_clips_where_scikit_learn_clips_float32():
    output = np.array([[1, 0], [0, 1]], np.float32)
    known = sk.log_loss([0, 0], output, labels=[0, 1])
    assert probability.compute_log_loss(output.astype(np.float64), np.array([0, 0])) == pytest.approx(known, rel=1e-6)


def test_squared_errors(drawn):
    errors = probability.compute_squared_errors(drawn.probabilities, drawn.target)
    assert errors.mean() == pytest.approx(sk.mean_squared_error(one_hot(drawn), drawn.probabilities), **ROUND)


def test_brier(draw):
    drawn = draw(k=5)
    output = drawn.probabilities / drawn.probabilities.sum(axis=1, keepdims=True)
    known = sk.brier_score_loss(drawn.target, output, labels=range(5))
    assert probability.compute_squared_errors(output, drawn.target).sum(axis=1).mean() == pytest.approx(known, **ROUND)


@pytest.mark.parametrize("k", [1, 2, 3])
def test_top_k(drawn, k):
    width = len(drawn.class_names)
    # scikit-learn lets the last of equal outputs win; turned round, it is the first.
    target, output = width - 1 - drawn.target, drawn.probabilities[:, ::-1]
    if width == 2:
        target, output = drawn.target, drawn.probabilities[:, 1]
    known = sk.top_k_accuracy_score(target, output, k=k, labels=range(width)) if k < width else 1.0
    assert probability.compute_top_k(drawn.probabilities, drawn.target, k) == pytest.approx(known, **ROUND)


def test_top_1_is_the_accuracy_even_with_ties(draw):
    drawn = draw(k=40, n=2000)
    drawn.output[:] = np.round(drawn.output * 20) / 20
    accuracy = np.mean(drawn.predicted == drawn.target)
    assert probability.compute_top_k(drawn.probabilities, drawn.target, 1) == accuracy


def test_calibration_error_against_the_paper_word_for_word(drawn):
    confidence, right = drawn.confidence.astype(float), drawn.predicted == drawn.target
    known = 0.0
    for m in range(15):
        inside = [i for i, c in enumerate(confidence) if m / 15 < c <= (m + 1) / 15]
        if inside:
            gap = abs(np.mean(right[inside]) - np.mean(confidence[inside]))
            known += len(inside) / len(confidence) * gap
    assert probability.compute_calibration_error(confidence, right) == pytest.approx(known, **ROUND)


def test_a_bin_holds_its_upper_edge():
    counts, confident, correct = probability.bin_confidence(np.array([0.0, 0.5, 0.51, 1.0]), np.array([1, 1, 0, 0]), 2)
    assert counts.tolist() == [2, 2]
    assert confident.tolist() == [0.25, 0.755]
    assert correct.tolist() == [1, 0]


def test_an_empty_bin_is_zero():
    found = probability.bin_confidence(np.array([0.9]), np.array([True]), 2)
    assert [values.tolist() for values in found] == [[0, 1], [0, 0.9], [0, 1]]
