"""What is tried of the layers of a network that learns nothing."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from nnctl.diagnosis import Facts
from nnctl.diagnosis.rules.index import RULES

from ...conftest import made
from ..conftest import BAD, CLASSES, FAILED, GOOD, PLAIN, PROBE, X


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        (["model.layers.2.dense.activation=sigmoid"], "R02"),
        (["train.loss=mse"], "R02"),
        (["model.layers.1.dense.activation=sigmoid"], "R03"),
        (["model.layers.1.dense.units=8"], "R04"),
        (["model.layers.1={dropout: 0.5}"], "R06"),
        (["model.layers.1.dense.kernel_regularizer={l2: 0.1}"], "R06"),
    ],
)
def test_what_is_tried_of_a_network_that_learns_nothing(
    found: Callable[..., set[str]], settings: list[str], code: str
) -> None:
    assert code in found(*PLAIN, *settings)
    assert code not in found(*PLAIN, *settings, reference=GOOD)


def test_a_network_too_narrow_for_all_that_could_be_learned(facts: Callable[..., Facts]) -> None:
    known = facts(*PLAIN, "model.layers.1.dense.units=8", data=made(X, CLASSES))
    halfway = replace(BAD, score=known.dataset.baselines.trivial + 0.6 * known.dataset.baselines.learnable)
    for score, overfit, levels in (
        (halfway, FAILED, ["warning"]),
        (halfway, PROBE.overfit, []),
        (GOOD, FAILED, []),
        (BAD, FAILED, ["info"]),
    ):
        seen = replace(PROBE, reference=score, overfit=overfit)
        assert [one.level for one in RULES["R04"].apply(replace(known, probe=seen))] == levels


def test_what_keeps_from_memorising(facts: Callable[..., Facts]) -> None:
    known = facts(*PLAIN, data=made(X, CLASSES))
    apart = replace(known, probe=replace(PROBE, reference=replace(GOOD, train_score=1.0, score=0.6), held=200))
    told = {edit.path[-1] for one in RULES["R17"].apply(apart) if one.fix for edit in one.fix.edits}
    assert told == {2, "kernel_regularizer", "units", "early_stopping"}
    close = replace(known, probe=replace(PROBE, reference=replace(GOOD, train_score=1.0, score=0.95), held=200))
    assert list(RULES["R17"].apply(close)) == []
