from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from nnctl.diagnosis import Facts
from nnctl.diagnosis.facts.baselines import Baselines
from nnctl.diagnosis.rules.index import RULES

from ...conftest import made
from ..conftest import BAD, PROBE

X = np.random.default_rng(0).normal(size=(200, 3)).astype(np.float32)
UNIT = (X[:, 0] - X[:, 0].min()) / np.ptp(X[:, 0])


@pytest.fixture
def found(facts: Callable[..., Facts]) -> Callable[..., set[str]]:
    def found(y: np.ndarray, activation: str, loss: str, *more: str) -> set[str]:
        layers = f"model.layers=[{{dense: {{units: 1, activation: {activation}}}}}]"
        known = facts(layers, f"train.loss={loss}", *more, data=made(X, y.astype(np.float32)))
        return {one.code for code in ("H10", "H12") for one in RULES[code].apply(known)}

    return found


@pytest.mark.parametrize(
    ("y", "activation", "fine"),
    [
        (X[:, 0], "linear", True),
        (X[:, 0], "relu", False),
        (X[:, 0] ** 2, "relu", True),
        (UNIT, "sigmoid", True),
        (UNIT * 100, "sigmoid", False),
        (UNIT * 2 - 1, "tanh", True),
        (X[:, 0], "tanh", False),
    ],
)
def test_what_the_last_activation_can_give(
    found: Callable[..., set[str]], y: np.ndarray, activation: str, fine: bool
) -> None:
    assert found(y, activation, "mse") == (set() if fine else {"H10"})


def test_standardised_targets_go_below_0(found: Callable[..., set[str]]) -> None:
    assert found(X[:, 0] ** 2, "relu", "mse", "data.target_scale=standard") == {"H10"}


@pytest.mark.parametrize(
    ("y", "loss", "activation", "target_scale", "edits"),
    [
        (X[:, 0] ** 2, "mse", "softplus", "standard", [("activation", "linear")]),
        (X[:, 0] ** 2, "poisson", "sigmoid", "none", [("activation", "softplus")]),
        (X[:, 0], "poisson", "softplus", "none", [("loss", "mean_squared_error"), ("activation", "linear")]),
        (X[:, 0] ** 2, "poisson", "softplus", "standard", [("target_scale", None)]),
        (X[:, 0] ** 2, "mape", "sigmoid", "standard", [("target_scale", None)]),
    ],
)
def test_no_edit_makes_a_loss_nan(
    facts: Callable[..., Facts], y: np.ndarray, loss: str, activation: str, target_scale: str, edits: list[object]
) -> None:
    layers = f"model.layers=[{{dense: {{units: 1, activation: {activation}}}}}]"
    known = facts(layers, f"train.loss={loss}", data=made(X, y.astype(np.float32)))
    data = replace(known.spec.data, target_scale=target_scale)  # a run may have what is refused today
    known = replace(known, spec=replace(known.spec, data=data))
    (finding,) = RULES["H10"].apply(known)
    assert finding.fix is not None
    assert [(edit.path[-1], edit.value) for edit in finding.fix.edits] == edits


@pytest.mark.parametrize(("y", "fine"), [(UNIT, True), (X[:, 0] * 30, False)])
def test_a_crossentropy_compares_probabilities(found: Callable[..., set[str]], y: np.ndarray, fine: bool) -> None:
    assert found(y, "sigmoid", "binary_crossentropy") == (set() if fine else {"H12"})


def test_labels_that_are_all_the_same(facts: Callable[..., Facts]) -> None:
    numbers = ("train.loss=mse", "model.layers=[{dense: 1}]")

    def speaks(y: np.ndarray, *settings: str) -> bool:
        return bool(list(RULES["H14"].apply(facts(*settings, data=made(X, y)))))

    assert speaks(np.full(200, 3))
    assert speaks(np.full(200, 2.5), *numbers)
    assert not speaks(np.arange(200) % 2)
    assert not speaks(X[:, 0], *numbers)


@pytest.mark.parametrize(
    ("share", "loss", "score", "told"),
    [
        (0.7, "mae", 0.0, True),
        (0.7, "mae", -0.2, True),
        (0.7, "mse", 0.0, False),
        (0.7, "huber", 0.0, False),
        (0.3, "mae", 0.0, False),
        (0.7, "mae", 0.5, False),
    ],
)
def test_an_absolute_error_of_what_is_mostly_one_number(
    facts: Callable[..., Facts], share: float, loss: str, score: float, told: bool
) -> None:
    """The median of what is 0 for seven in ten is 0; that of what is 0 for three in ten is not."""
    y = np.where(np.random.default_rng(1).random(200) < share, 0, 5 + 3 * X[:, 0]).astype(np.float32)
    assert bool(np.median(y) == 0) is (share > 0.5)
    known = facts("model.layers=[{dense: 1}]", f"train.loss={loss}", data=made(X, y))
    assert known.dataset is not None
    reached = replace(known.dataset, baselines=Baselines("r2", 0.0, 0.3, 0.2))
    seen = replace(known, dataset=reached, probe=replace(PROBE, reference=replace(BAD, score=score), held=100))
    found = list(RULES["H17"].apply(seen))
    assert len(found) == told
    for one in found:
        assert one.fix is not None
        assert [(edit.path, edit.value) for edit in one.fix.edits] == [(("train", "loss"), "mean_squared_error")]
        share_told = np.mean(y == 0)
        assert one.found == f"{share_told:.0%} of the numbers to predict are 0, which is their median"
