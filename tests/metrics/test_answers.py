import numpy as np
import pytest
from scipy.special import expit, log_softmax, softmax

from nnctl.metrics.answers import (
    compute_log_odds,
    compute_probabilities,
    compute_ranking,
    decide,
    find_answered,
    spread_classes,
)
from nnctl.spec.network.meaning import Kind, Meaning

ONE = Meaning("binary", 1, "probabilities")
TWO = Meaning("binary", 2, "scores")
MANY = Meaning("multiclass", 3, "logits")
LABELS = Meaning("multilabel", 2, "log_odds")
LOGITS = np.random.default_rng(0).normal(size=(50, 3)).astype(np.float32) * 8


def test_probabilities_of_logits() -> None:
    found = compute_probabilities(LOGITS, MANY)
    assert found.dtype == np.float32
    assert found == pytest.approx(softmax(LOGITS.astype(np.float64), axis=1), abs=1e-7)
    assert compute_probabilities(LOGITS[:, :2], LABELS) == pytest.approx(
        expit(LOGITS[:, :2].astype(np.float64)), abs=1e-7
    )
    extreme = compute_probabilities(np.array([[-1e4], [-80], [1e4]], np.float32), Meaning("binary", 1, "log_odds"))
    assert extreme[:, 0] == pytest.approx([0, np.exp(-80), 1], rel=1e-6)


@pytest.mark.parametrize("kind", ["signed", "scores", "numbers", "embedding"])
def test_no_probabilities_are_made_of_what_is_none(kind: str) -> None:
    with pytest.raises(ValueError, match="are no probabilities"):
        compute_probabilities(LOGITS, Meaning("multiclass", 3, kind))  # type: ignore[arg-type]


def test_answers() -> None:
    assert decide(np.array([[0.5], [0.5000001], [0.2]], np.float32), ONE).tolist() == [0, 1, 0]
    assert decide(np.array([[0.0], [0.1], [-1]]), Meaning("binary", 1, "signed")).tolist() == [0, 1, 0]
    assert decide(np.array([[2.0, 2, 1], [0, 0, 3]]), Meaning("multiclass", 3, "scores")).tolist() == [0, 2]
    assert decide(np.array([[-1.0, 2], [0, 0.5]]), LABELS).tolist() == [[0, 1], [0, 1]]
    with pytest.raises(ValueError, match="numbers decide nothing"):
        decide(LOGITS, Meaning("regression", 3, "numbers"))


@pytest.mark.parametrize("lost", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_is_no_answer(lost: float) -> None:
    assert decide(np.array([[lost], [0.9]]), ONE).tolist() == [-1, 1]
    assert decide(np.array([[lost, 1], [3, 2]]), TWO).tolist() == [-1, 0]
    assert decide(np.array([[lost, 1]]), LABELS).tolist() == [[-1, 1]]
    assert find_answered(np.array([[lost, 1], [0, 1]]), MANY).tolist() == [False, True]
    assert find_answered(np.array([[lost, 1]]), LABELS).tolist() == [[False, True]]


def test_ranking_agrees_with_the_answers() -> None:
    outputs = LOGITS[:, :2]
    assert ((compute_ranking(outputs, TWO) > 0) == (decide(outputs, TWO) == 1)).all()
    assert compute_ranking(outputs, Meaning("binary", 2, "shares")).tolist() == outputs[:, 1].tolist()
    assert compute_ranking(outputs[:, :1], ONE).tolist() == outputs[:, 0].tolist()


def test_log_odds_of_one_class_against_the_others() -> None:
    shares = log_softmax(LOGITS.astype(np.float64), axis=1)
    rest = np.log(-np.expm1(shares))
    near = shares < -1e-9
    assert compute_log_odds(LOGITS)[near] == pytest.approx((shares - rest)[near], rel=1e-5, abs=1e-5)


def test_log_odds_tell_apart_what_rounds_to_one_and_keep_equals_equal() -> None:
    found = compute_log_odds(np.array([[40.0, 0, 0], [50, 0, 0], [51, 1, 1], [1000, 0, -1000]]))
    assert found[0, 0] < found[1, 0] == found[2, 0] < found[3, 0] == 1000
    assert found[3].tolist() == [1000, -1000, -2000]
    assert np.isnan(compute_log_odds(np.array([[np.nan, 1.0]]))).all()


@pytest.mark.parametrize("kind", ["logits", "log_odds"])
def test_what_is_not_finite_warns_of_nothing(kind: Kind) -> None:
    outputs = np.array([[np.nan, 1.0], [np.inf, 0.0], [-np.inf, 2.0]], np.float32)
    assert np.isnan(compute_probabilities(outputs, Meaning("multilabel", 2, kind))[0, 0])


@pytest.mark.parametrize(
    ("task", "kind", "values", "spread"),
    [
        ("binary", "probabilities", [[0.25]], [[0.75, 0.25]]),
        ("binary", "log_odds", [[0.25]], [[0.75, 0.25]]),
        ("binary", "scores", [[1.5]], [[-0.5, 1.5]]),
        ("binary", "signed", [[0.25]], [[-0.25, 0.25]]),
        ("binary", "scores", [[0.25, 3.0]], [[0.25, 3.0]]),
        ("multilabel", "probabilities", [[0.25]], [[0.25]]),
    ],
)
def test_of_one_output_for_two_classes_both_are_told(
    task: str, kind: Kind, values: list[list[float]], spread: list[list[float]]
) -> None:
    given = np.array(values, np.float32)
    found = spread_classes(given, Meaning(task, given.shape[1], kind))
    assert (found.tolist(), found.dtype) == (spread, np.float32)
