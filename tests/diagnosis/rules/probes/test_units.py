"""Rules over what the probes saw of units."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from nnctl.diagnosis import Facts
from nnctl.diagnosis.facts.probes import Separation
from nnctl.diagnosis.rules.index import RULES

from ..conftest import LAYER, LAYERS, PROBE


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ({"after": (replace(LAYER, dead=0.9), LAYERS[1])}, {"P06"}),
        ({"after": (replace(LAYER, zeros=0.9), LAYERS[1])}, set()),
        ({"after": (replace(LAYER, saturated=0.9), LAYERS[1])}, {"P09"}),
    ],
)
def test_each_symptom_by_itself(heard: Callable[..., set[str]], seen: dict[str, object], expected: set[str]) -> None:
    assert heard(**seen) == expected


@pytest.mark.parametrize(
    ("layer", "after", "edit"),
    [
        ("{max_pooling2d: {pool_size: 8}}", 0.4, 2),
        ("global_average_pooling2d", 0.4, "flatten"),
        ("unit_normalization", 0.4, None),
        ("{max_pooling2d: {pool_size: 8}}", 0.7, ()),
    ],
)
def test_a_layer_without_weights_that_lets_little_through(
    facts: Callable[..., Facts], layer: str, after: float, edit: object
) -> None:
    known = facts(f"model.layers=[{{conv2d: {{filters: 4, kernel_size: 1}}}}, {layer}, flatten, {{dense: 10}}]")
    seen = replace(PROBE, separation=(Separation(1, 0.8, after), Separation(2, after, after)))
    found = list(RULES["P13"].apply(replace(known, probe=seen)))
    assert bool(found) == (after < 0.65)
    for one in found:
        assert "80% of the examples by what layers[1]" in one.found
        assert one.fix is not None
        assert one.fix.edits[0].value == edit
