from types import SimpleNamespace

import numpy as np
import pytest

from nnctl.predicting.naming import compute_probabilities, make_answers, name_answers


def spec(loss: str = "categorical_crossentropy", **arguments: object) -> SimpleNamespace:
    return SimpleNamespace(train=SimpleNamespace(loss=SimpleNamespace(name=loss, arguments=arguments)))


def test_distributions_stay_what_they_are_bit_for_bit() -> None:
    outputs = np.random.default_rng(0).dirichlet(np.ones(5), 20).astype(np.float32)
    assert compute_probabilities(outputs, spec(), "multiclass") is outputs


def test_logits_go_through_softmax_or_sigmoid() -> None:
    outputs = np.array([[2.0, 0.0, -1.0]], np.float32)
    expected = np.exp(outputs) / np.exp(outputs).sum()
    assert np.allclose(compute_probabilities(outputs, spec(from_logits=True), "multiclass"), expected)
    one = compute_probabilities(
        np.array([[0.5], [-800.0]], np.float32), spec("binary_crossentropy", from_logits=True), "binary"
    )
    assert np.allclose(one, [[1 / (1 + np.exp(-0.5))], [0]])


def test_hinge_outputs_go_from_minus_one_to_one_onto_zero_to_one() -> None:
    outputs = np.array([[-1.0], [0.0], [0.5], [3.0]], np.float32)
    assert compute_probabilities(outputs, spec("hinge"), "binary").ravel().tolist() == [0, 0.5, 0.75, 1]


@pytest.mark.parametrize("task", ["multiclass", "binary"])
def test_rows_that_are_no_distribution_keep_their_order(task: str) -> None:
    outputs = np.random.default_rng(0).normal(size=(50, 3)).astype(np.float32)
    found = compute_probabilities(outputs, spec("mean_squared_error"), task)
    assert found is outputs
    assert compute_probabilities(outputs, spec("hinge"), task) is outputs


def test_both_classes_of_one_output_are_told_and_others_stay_as_they_are() -> None:
    one = np.array([[0.25], [1.0]], np.float32)
    assert make_answers(one, spec("binary_crossentropy"), "binary").tolist() == [[0.75, 0.25], [0.0, 1.0]]
    logits = np.array([[0.0], [np.log(3)]], np.float32)
    assert make_answers(logits, spec("binary_crossentropy", from_logits=True), "binary") == pytest.approx(
        np.array([[0.5, 0.5], [0.25, 0.75]])
    )
    for task, outputs in (
        ("binary", np.eye(2)),
        ("multiclass", np.eye(3)),
        ("multilabel", np.eye(3)),
        ("multilabel", one),
    ):
        assert make_answers(outputs, spec(), task).tolist() == outputs.tolist()
    numbers = np.array([[-3.0], [7.5]], np.float32)
    assert make_answers(numbers, spec("mean_squared_error"), "regression") is numbers


@pytest.mark.parametrize(
    ("known", "task", "units", "told"),
    [
        (("no", "yes"), "binary", 1, ("no", "yes")),
        ((), "binary", 1, ("0", "1")),
        (("a", "b"), "multiclass", 4, ("a", "b", "2", "3")),
        (("a", "b", "c"), "multiclass", 2, ("a", "b")),
        (("price",), "regression", 1, ("price",)),
        ((), "regression", 2, ("0", "1")),
    ],
)
def test_each_answer_has_a_name(known: tuple[str, ...], task: str, units: int, told: tuple[str, ...]) -> None:
    assert name_answers(known, task, units) == told
