"""Rules of the layers' order: each speaks on one side of where it begins to, and is silent on the other."""

from collections.abc import Callable

import pytest

from nnctl.diagnosis import Facts, apply_rules

HEAD = "{dense: {units: 10, activation: softmax}}"
RELU = "{dense: {units: 32, activation: relu}}"


def deep(activation: str, count: int) -> str:
    return ", ".join([f"{{dense: {{units: 16, activation: {activation}}}}}"] * count)


@pytest.mark.parametrize(
    ("code", "heard", "silent"),
    [
        (
            "A01",
            "{dense: 32}, {dropout: 0.2}, {dense: 16}",
            "{dense: 32}, relu, {dense: {units: 16, activation: tanh}}",
        ),
        ("A02", f"{RELU}, relu", f"{RELU}, {{dense: 16}}, relu"),
        ("A03", "{dense: {units: 32, activation: softmax}}", RELU),
        ("A08", deep("sigmoid", 6), deep("sigmoid", 3)),
        ("A08", deep("tanh", 10), ", ".join([deep("tanh", 1), "batch_normalization"] * 10)),
        ("A09", deep("exponential", 2), deep("elu", 2)),
        (
            "A12",
            f"{RELU}, {{dense: {{units: 2, activation: relu}}}}",
            f"{RELU}, {{dense: {{units: 16, activation: relu}}}}",
        ),
    ],
)
def test_a_rule_speaks_on_one_side(code: str, heard: str, silent: str, facts: Callable[..., Facts]) -> None:
    def codes(hidden: str) -> set[str]:
        return {one.code for one in apply_rules(facts(f"model.layers=[flatten, {hidden}, {HEAD}]"))}

    assert code in codes(heard)
    assert code not in codes(silent)
