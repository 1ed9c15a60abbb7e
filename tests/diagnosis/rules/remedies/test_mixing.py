"""What is tried of layers that never see together what belongs together."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from nnctl.diagnosis import Facts
from nnctl.diagnosis.rules.index import RULES

from ...conftest import made
from ..conftest import BAD, GOOD, PROBE

SERIES = np.random.default_rng(0).normal(size=(200, 3, 40)).astype(np.float32)
STEPS, PICTURES = SERIES.transpose(0, 2, 1), np.random.default_rng(0).normal(size=(200, 12, 12, 1)).astype(np.float32)
HEAD = "{dense: {units: 10, activation: softmax}}"


@pytest.mark.parametrize(
    ("x", "layers", "code"),
    [
        (STEPS, "{dense: 8}, global_average_pooling1d", "R18"),
        (STEPS, "{dense: 8}, global_max_pooling1d", "R18"),
        (STEPS, "{conv1d: {filters: 8, kernel_size: 3}}, global_average_pooling1d", None),
        (STEPS, "{gru: {units: 8, return_sequences: true}}, global_average_pooling1d", None),
        (STEPS, "{bidirectional: {layer: {lstm: {units: 4, return_sequences: true}}}}, global_max_pooling1d", None),
        (STEPS, "flatten, {dense: 8}", None),
        (SERIES, "{conv1d: {filters: 8, kernel_size: 2}}, flatten", "R19"),
        (SERIES, "{lstm: 8}", "R19"),
        (SERIES, "{permute: [2, 1]}, {lstm: 8}", None),
        (STEPS, "{lstm: 8}", None),
        (PICTURES, "{conv2d: {filters: 4, kernel_size: 1}}, flatten", "R20"),
        (PICTURES, "{conv2d: {filters: 4, kernel_size: [1, 1]}}, flatten", "R20"),
        (PICTURES, "{conv2d: {filters: 4, kernel_size: 3}}, {conv2d: {filters: 4, kernel_size: 1}}, flatten", None),
    ],
)
def test_what_is_tried(facts: Callable[..., Facts], x: np.ndarray, layers: str, code: str | None) -> None:
    known = facts(f"model.layers=[{layers}, {HEAD}]", data=made(x, np.arange(200) % 10))

    def told(reference: object) -> list[str]:
        seen = replace(known, probe=replace(PROBE, reference=reference))
        return [one.code for each in ("R18", "R19", "R20") for one in RULES[each].apply(seen)]

    assert told(BAD) == ([] if code is None else [code])
    assert told(replace(GOOD, score=0.99)) == []
