import numpy as np
import pytest

from nnctl.diagnosis.rules.index import RULES

from ...conftest import made

RNG = np.random.default_rng(0)
X = RNG.normal(size=(300, 5)).astype(np.float32)
LAYERS = "model.layers=[{dense: {units: 8, activation: relu, kernel_regularizer: {%s}}}, {dropout: %g}, {dense: 1}]"


def found(facts, code, penalty="l2: 0", dropout=0.0, spread=1.0):
    settings = ("train.loss=mse", LAYERS % (penalty, dropout))
    return list(RULES[code].apply(facts(*settings, data=made(X, X[:, 0] * spread))))


@pytest.mark.parametrize(
    ("penalty", "spread", "level"),
    [
        ("l1: 1.0", 5, "warning"),
        ("l1: 0.02", 5, "info"),
        ("l1: 0.005", 5, None),
        ("l1: 1.0", 1000, None),
        ("l2: 0.1", 1, "warning"),
        ("l2: 0.1", 5, None),
    ],
)
def test_a_penalty_is_as_large_as_the_targets_spread_makes_it(facts, penalty, spread, level):
    levels = [one.level for one in found(facts, "A11", penalty, spread=spread)]
    assert levels == ([] if level is None else [level])


def test_dropout_is_taken_out_where_numbers_are_to_be_predicted(facts):
    (one,) = found(facts, "A10", dropout=0.7)
    assert [(edit.kind, edit.path) for edit in one.fix.edits] == [("remove", ("model", "layers", 1))]
