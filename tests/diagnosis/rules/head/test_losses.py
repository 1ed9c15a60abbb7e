"""Rules of losses and metrics: each speaks on one side of where it begins to, and is silent, or tells less, on the other."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from nnctl.diagnosis import Facts, apply_rules

TEN, ONE = "{units: 10, activation: %s}", "{units: 1, activation: sigmoid}"
SOFTMAX = f"model.layers.2.dense={TEN % 'softmax'}"


def levels(facts: Facts) -> dict[str, str | None]:
    return {one.code: one.level for one in apply_rules(facts)}


@pytest.mark.parametrize(
    ("code", "level", "otherwise", "heard", "calm"),
    [
        (
            "H05",
            "warning",
            "info",
            [SOFTMAX, "train.loss=binary_crossentropy", "train.optimizer=sgd"],
            [f"model.layers.2.dense={TEN % 'sigmoid'}", "train.loss=binary_crossentropy"],
        ),
        ("H07", "error", None, ["data.source=breast_cancer", f"model.layers=[{{dense: {ONE}}}]"], [SOFTMAX]),
        ("H11", "warning", "info", [SOFTMAX, "train.loss=mae"], [SOFTMAX, "train.loss=mse"]),
        (
            "H13",
            "info",
            None,
            ["data.source=diabetes", "model.layers=[{dense: 1}]", "train.loss=mse", "train.metrics=[accuracy]"],
            ["data.source=diabetes", "model.layers=[{dense: 1}]", "train.loss=mse", "train.metrics=[mae]"],
        ),
        (
            "H15",
            "warning",
            None,
            ["train.loss={categorical_crossentropy: {label_smoothing: 0.9}}"],
            ["train.loss={categorical_crossentropy: {label_smoothing: 0.1}}"],
        ),
    ],
)
def test_a_rule_speaks_louder_on_one_side(
    code: str, level: str, otherwise: str | None, heard: list[str], calm: list[str], facts: Callable[..., Facts]
) -> None:
    assert levels(facts(*heard))[code] == level
    assert levels(facts(*calm)).get(code) == otherwise


def test_one_of_many_is_asked_where_several_hold(facts: Callable[..., Facts]) -> None:
    """No built-in source has several labels an example that a look at it tells."""
    one = facts(SOFTMAX)
    several = replace(one, known=replace(one.known, task="multilabel"))
    assert "H06" in levels(several)
    assert "H06" not in levels(one)
