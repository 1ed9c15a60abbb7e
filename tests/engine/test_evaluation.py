from types import SimpleNamespace

import numpy as np
import pytest

from nnctl.engine.evaluation import probabilities


def spec(loss: str = "categorical_crossentropy", **arguments: object) -> SimpleNamespace:
    return SimpleNamespace(train=SimpleNamespace(loss=SimpleNamespace(name=loss, arguments=arguments)))


def test_distributions_stay_what_they_are_bit_for_bit() -> None:
    outputs = np.random.default_rng(0).dirichlet(np.ones(5), 20).astype(np.float32)
    assert probabilities(outputs, spec(), "multiclass") is outputs


def test_logits_go_through_softmax_or_sigmoid() -> None:
    outputs = np.array([[2.0, 0.0, -1.0]], np.float32)
    expected = np.exp(outputs) / np.exp(outputs).sum()
    assert np.allclose(probabilities(outputs, spec(from_logits=True), "multiclass"), expected)
    one = probabilities(
        np.array([[0.5], [-800.0]], np.float32), spec("binary_crossentropy", from_logits=True), "binary"
    )
    assert np.allclose(one, [[1 / (1 + np.exp(-0.5))], [0]])


def test_hinge_outputs_go_from_minus_one_to_one_onto_zero_to_one() -> None:
    outputs = np.array([[-1.0], [0.0], [0.5], [3.0]], np.float32)
    assert probabilities(outputs, spec("hinge"), "binary").ravel().tolist() == [0, 0.5, 0.75, 1]


@pytest.mark.parametrize("task", ["multiclass", "binary"])
def test_rows_that_are_no_distribution_keep_their_order(task: str) -> None:
    outputs = np.random.default_rng(0).normal(size=(50, 3)).astype(np.float32)
    found = probabilities(outputs, spec("mean_squared_error"), task)
    assert found is outputs
    assert probabilities(outputs, spec("hinge"), task) is outputs
