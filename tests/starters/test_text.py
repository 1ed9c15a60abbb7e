from typing import Any

import pytest

from nnctl.errors import Source
from nnctl.spec.text import document, variables
from nnctl.starters.findings import DataProfile
from nnctl.starters.text import format_scalar, format_source, format_spec


def found(**values: Any) -> DataProfile:
    usual = {"source": "npz", "shape": (4,), "task": "multiclass", "outputs": 3, "examples": 500}
    return DataProfile(**{**usual, **values})


def read(text: str) -> document.Node:
    """A document as a spec's is read: references resolved."""
    return variables.resolve(document.parse(Source("", text)))


@pytest.mark.parametrize(
    "value",
    [
        *("species", "my file.csv", "a: b", "a, b", "true", "null", "1e-3", "12", "", " x ", "- x", "#1", "it's", '"'),
        *("{x}", "[x]", "~", "naïve ✓", "a\tb", "a\\b", "x #y", "*a", "&a", "!t", "%", "@", "?", "<<", "="),
        *("${vars.x}", "a ${b", "$${c}", "a\x85b", "a\u2028b", "\ufeffa", "\U0001f600 b:", "\x7f"),
        *(3, 0.5, True, None),
    ],
)
def test_every_scalar_reads_back_as_it_was(value: Any) -> None:
    root = read(f"inside: [{format_scalar(value)}]\nalone: {format_scalar(value)}\n")
    assert root.entries is not None
    assert root.entries["alone"].node.value == value
    assert [node.value for node in root.entries["inside"].node.items or ()] == [value]


def test_plain_texts_stay_bare() -> None:
    assert format_scalar("species") == "species"
    assert format_scalar("../my data/flowers.csv") == "../my data/flowers.csv"
    assert (
        format_source("csv", {"label": "is it?", "ignore": ["id", "no"]}) == "{csv: {label: is it?, ignore: [id, no]}}"
    )
    assert format_source("iris", {}) == "iris"


def test_comments_stand_under_each_other_in_each_section() -> None:
    lines = format_spec("x", found(), convolutions=False).splitlines()
    starts = {line.index("  # ") for line in lines[lines.index("data:") : lines.index("model:")] if "  # " in line}
    assert len(starts) == 1


def test_a_long_line_keeps_its_comment_apart() -> None:
    told = format_spec("x", found(shape=(28, 28), pixels=True), convolutions=True)
    assert "activation: relu}  # each filter" in told


@pytest.mark.parametrize(
    ("task", "loss"),
    [
        ("multiclass", "categorical_crossentropy"),
        ("binary", "binary_crossentropy"),
        ("multilabel", "binary_crossentropy"),
        ("regression", "mean_squared_error"),
    ],
)
def test_the_loss_fits_the_task(task: str, loss: str) -> None:
    assert f"\n  loss: {loss}\n" in format_spec("x", found(task=task), convolutions=False)


def test_few_examples_get_more_epochs_and_a_larger_validation() -> None:
    few, many = (format_spec("x", found(examples=n), convolutions=False) for n in (100, 60_000))
    assert "epochs: 100 " in few
    assert "validation: 0.2 " in few
    assert "epochs: 6 " in many
    assert "validation: 0.1 " in many


def test_what_is_not_needed_is_not_said() -> None:
    told = format_spec("x", found(own_test=True), convolutions=False)
    assert not {"path:", "offline:", "test:", "labels:", "scale:", "split:", "class_weight"} & set(told.split())
    told = format_spec("x", found(labels="raw", scale="unit", imbalance=5.0), convolutions=False, path="a.npz")
    assert {"path:", "test:", "labels:", "scale:"} <= set(told.split())
    assert "# class_weight: balanced" in told
    assert 'split: {time: "a: b"}' in format_spec("x", found(split="a: b"), convolutions=False)


def test_a_name_from_a_file_cannot_end_a_comment() -> None:
    told = format_spec("x", found(facts=["evil\nname: y"]), convolutions=False)
    assert "\nname: x" in told
    assert "\nname: y" not in told
