"""What is switched off where a network stays below a linear model or neighbours."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from nnctl.diagnosis import Facts
from nnctl.diagnosis.rules.index import RULES

from ...conftest import made
from ..conftest import CLASSES, PROBE, X

PLATEAU = "{reduce_lr_on_plateau: {initial_learning_rate: 0.02, patience: 0, min_delta: 0.5}}"


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        (["train.augment=[{random_rotation: 0.5}]"], "R09"),
        (["model.layers.1={gaussian_noise: 1.0}"], "R10"),
        (["model.layers.1=unit_normalization"], "R11"),
        (["train.optimizer={adam: {use_ema: true}}"], "R12"),
        ([f"train.learning_rate={PLATEAU}"], "R13"),
        (["train.early_stopping=1"], "R14"),
    ],
)
def test_each_family_is_switched_off(facts: Callable[..., Facts], settings: list[str], code: str) -> None:
    def find(*more: str, **seen: object) -> list[object]:
        known = replace(facts(*more, data=made(X, CLASSES)), probe=replace(PROBE, **seen))
        return list(RULES[code].apply(known))

    (found,) = find(*settings)
    assert found.fix is not None  # type: ignore[attr-defined]
    assert find() == []


def test_all_layers_of_a_family_are_taken_out_at_once(facts: Callable[..., Facts]) -> None:
    layers = (
        "[flatten, {gaussian_noise: 1.0}, {dense: 8}, {gaussian_noise: 0.5}, {dense: {units: 10, activation: softmax}}]"
    )
    known = replace(facts(f"model.layers={layers}", data=made(X, CLASSES)), probe=PROBE)
    (found,) = RULES["R10"].apply(known)
    assert "layers[1] gaussian_noise, layers[3] gaussian_noise" in found.found
    assert found.fix is not None
    assert [(edit.path[2], edit.kind) for edit in found.fix.edits] == [(3, "remove"), (1, "remove")]
