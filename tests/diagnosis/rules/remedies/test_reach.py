"""What is tried of layers that see too little of an example."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from nnctl.diagnosis import Facts, Finding
from nnctl.diagnosis.rules.index import RULES
from nnctl.spec.edits import apply_to_spec
from nnctl.spec.network.trace import follow_network

from ...conftest import made
from ..conftest import BAD, GOOD, PROBE

RNG = np.random.default_rng(0)
STEPS = RNG.normal(size=(200, 64, 2)).astype(np.float32)
PICTURES, TOKENS = RNG.normal(size=(200, 24, 24, 1)).astype(np.float32), RNG.integers(0, 30, (200, 12)).astype(np.int32)
CONV, POOL = "{conv1d: {filters: 8, kernel_size: 3}}", "global_max_pooling1d"
CONV2 = "{conv2d: {filters: 8, kernel_size: 3}}"
HEAD = "{dense: {units: 10, activation: softmax}}"
CODES = ("R21", "R22", "R23")

Found = Callable[..., list[Finding]]


@pytest.fixture
def found(facts: Callable[..., Facts]) -> Found:
    def found(x: np.ndarray, layers: str, reference: object = BAD) -> list[Finding]:
        known = facts(f"model.layers=[{layers}, {HEAD}]", data=made(x, np.arange(200) % 10))
        seen = replace(known, probe=replace(PROBE, reference=reference, held=100))
        told = [one for code in CODES for one in RULES[code].apply(seen)]
        for one in told:
            assert one.fix is not None
            spec = apply_to_spec(known.spec, one.fix.edits)  # every edit makes a network
            assert follow_network(spec.layers, x.shape[1:]).outcomes[-1].shape == (10,)
        return told

    return found


@pytest.mark.parametrize(
    ("x", "layers", "codes"),
    [
        (STEPS, f"{CONV}, {CONV}, {POOL}", ["R21"] * 3),
        (STEPS, f"{CONV}, {POOL}", ["R21"]),
        (STEPS, f"{CONV}, {CONV}, flatten", []),
        (STEPS, f"{{conv1d: {{filters: 8, kernel_size: 33}}}}, {POOL}", []),
        (STEPS, f"{{gru: {{units: 8, return_sequences: true}}}}, {CONV}, {POOL}", []),
        (PICTURES, f"{CONV2}, {CONV2}, global_average_pooling2d", ["R21"] * 3),
        (PICTURES, f"{CONV2}, max_pooling2d, {CONV2}, max_pooling2d, {CONV2}, global_average_pooling2d", []),
        (PICTURES, "{cropping2d: 5}, flatten", ["R22"]),
        (PICTURES, "{conv2d: {filters: 8, kernel_size: 2, strides: 4}}, flatten", ["R22"]),
        (PICTURES, "{max_pooling2d: {pool_size: 2, strides: 3}}, flatten", ["R22"]),
        (PICTURES, "{conv2d: {filters: 8, kernel_size: 3, strides: 2}}, max_pooling2d, flatten", []),
        (PICTURES, "{conv2d: {filters: 1, kernel_size: 3}}, flatten", ["R23"]),
        (TOKENS, "{embedding: {input_dim: 30, output_dim: 2}}, flatten", ["R23"]),
        (TOKENS, "{embedding: {input_dim: 30, output_dim: 8}}, {gru: 3}", ["R23"]),
        (TOKENS, "{embedding: {input_dim: 30, output_dim: 8}}, {gru: 8}, {dense: 2}", []),
    ],
)
def test_what_is_tried_where_a_trial_falls_short(found: Found, x: np.ndarray, layers: str, codes: list[str]) -> None:
    assert [one.code for one in found(x, layers)] == codes
    assert found(x, layers, replace(GOOD, score=0.99)) == []


@pytest.mark.parametrize(
    ("x", "layers", "seen"),
    [
        (STEPS, f"{CONV}, {CONV}, {CONV}, {POOL}", "7 of 64"),
        (STEPS, f"{CONV}, max_pooling1d, {CONV}, {POOL}", "8 of 64"),
        (STEPS, f"{{conv1d: {{filters: 8, kernel_size: 3, dilation_rate: 4}}}}, {CONV}, {POOL}", "11 of 64"),
        (STEPS, f"{{conv1d: {{filters: 8, kernel_size: 5, strides: 3}}}}, {CONV}, {POOL}", "11 of 64"),
    ],
)
def test_what_a_unit_depends_on_is_counted(found: Found, x: np.ndarray, layers: str, seen: str) -> None:
    """By hand: of two kernels of 3 and a pool of 2 between them, 3 + 1 + 2 * 2 places."""
    assert {one.found.rpartition("depends on ")[2] for one in found(x, layers)} == {f"{seen} places"}


def test_each_way_of_mending_stands_alone(found: Found) -> None:
    pools, dilated, larger = (one.fix for one in found(STEPS, f"{CONV}, {CONV}, {POOL}"))
    assert [edit.kind for edit in pools.edits] == ["set", "set", "insert"]
    assert [edit.value for edit in dilated.edits] == ["same", "same", 3]
    # Two kernels of k see 2k - 1 places: half of 64, from k = 16.5 on.
    assert [edit.value for edit in larger.edits] == ["same", "same", 19, 19]
