import numpy as np
import pytest

from nnctl.predicting.naming import make_answers, name_answers
from nnctl.spec.network.meaning import Kind, Meaning


def test_distributions_stay_what_they_are_bit_for_bit() -> None:
    outputs = np.random.default_rng(0).dirichlet(np.ones(5), 20).astype(np.float32)
    assert make_answers(outputs, Meaning("multiclass", 5, "shares")) is outputs


@pytest.mark.parametrize("kind", ["signed", "scores", "embedding"])
def test_what_is_no_probability_stays_as_it_is(kind: Kind) -> None:
    outputs = np.random.default_rng(0).normal(size=(50, 3)).astype(np.float32)
    assert make_answers(outputs, Meaning("multiclass", 3, kind)) is outputs


@pytest.mark.parametrize(
    ("kind", "outputs", "answers"),
    [
        ("probabilities", [[0.25], [1.0]], [[0.75, 0.25], [0.0, 1.0]]),
        ("log_odds", [[0.0], [np.log(3)]], [[0.5, 0.5], [0.25, 0.75]]),
        ("signed", [[-0.5], [2.0]], [[0.5, -0.5], [-2.0, 2.0]]),
        ("scores", [[0.25], [1.5]], [[0.75, 0.25], [-0.5, 1.5]]),
    ],
)
def test_of_one_output_both_classes_are_told_and_the_larger_is_the_answer(
    kind: Kind, outputs: list[list[float]], answers: list[list[float]]
) -> None:
    made = make_answers(np.array(outputs, np.float32), Meaning("binary", 1, kind))
    assert made == pytest.approx(np.array(answers))


def test_logits_of_many_classes_and_of_labels() -> None:
    outputs = np.array([[2.0, 0.0, -1.0]], np.float32)
    expected = np.exp(outputs) / np.exp(outputs).sum()
    assert np.allclose(make_answers(outputs, Meaning("multiclass", 3, "logits")), expected)
    assert np.allclose(make_answers(outputs, Meaning("multilabel", 3, "log_odds")), 1 / (1 + np.exp(-outputs)))


@pytest.mark.parametrize(
    ("known", "meaning", "told"),
    [
        (("no", "yes"), Meaning("binary", 1, "probabilities"), ("no", "yes")),
        ((), Meaning("binary", 1, "signed"), ("0", "1")),
        (("no", "yes"), Meaning("binary", 4, "shares"), ("no", "yes", "2", "3")),
        (("a", "b"), Meaning("multiclass", 4, "shares"), ("a", "b", "2", "3")),
        (("a", "b", "c"), Meaning("multiclass", 2, "shares"), ("a", "b")),
        (("a", "b", "c"), Meaning("multiclass", 2, "embedding"), ("0", "1")),
        (("price",), Meaning("regression", 1, "numbers"), ("price",)),
        ((), Meaning("regression", 2, "numbers"), ("0", "1")),
    ],
)
def test_each_answer_has_a_name(known: tuple[str, ...], meaning: Meaning, told: tuple[str, ...]) -> None:
    assert name_answers(known, meaning) == told
