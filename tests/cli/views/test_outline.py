import io
from collections.abc import Callable
from pathlib import Path

import pytest

from nnctl.cli.shell.terminal import make_console
from nnctl.cli.views.outline import describe, show
from nnctl.spec import Component, load_spec
from nnctl.spec.origins import list_settings

NESTED = "bidirectional: {layer: {lstm: {units: 8, return_sequences: true, kernel_regularizer: {l2: 0.001}}}}"


@pytest.fixture
def drawn(write: Callable[..., Path]) -> Callable[..., list[str]]:
    """The lines of a spec's outline."""

    def drawn(width: int = 80, *, overrides: tuple[str, ...] = (), **replaced: str) -> list[str]:
        spec = load_spec(write(**replaced), [("--set", text) for text in overrides])
        console = make_console(io.StringIO(), width=width)
        show(list(list_settings(spec)), console)
        return [line.rstrip() for line in console.file.getvalue().splitlines()]  # type: ignore[attr-defined]

    return drawn


def words(lines: list[str]) -> list[str]:
    return [" ".join(line.split()) for line in lines]


def test_what_comes_from_several_places_is_told_line_by_line(drawn: Callable[..., list[str]]) -> None:
    lines = words(drawn(overrides=("model.layers.1.units=3", "train.optimizer.adam.beta_1=0.5")))
    start = lines.index("- dense: spec.yaml:9")
    assert lines[start + 1 : start + 3] == ["units: 3 --set", "activation: relu spec.yaml:9"]
    start = lines.index("optimizer: adam: spec.yaml:13")
    assert lines[start + 1] == "beta_1: 0.5 --set"


def test_a_reference_names_where_the_value_was_written(drawn: Callable[..., list[str]]) -> None:
    lines = words(drawn(**{"seed: 3": "vars: {rate: 0.1}", "0.01": "${vars.rate}"}))
    assert "learning_rate: 0.1 spec.yaml:14 (vars:2)" in lines


@pytest.mark.parametrize("width", [60, 80, 120])
def test_long_lines_are_folded_and_stay_indented(drawn: Callable[..., list[str]], width: int) -> None:
    lines = drawn(width, flatten=NESTED, **{"- dense: {units: 16": "- flatten\n    - dense: {units: 16"})
    assert max(map(len, lines)) <= width
    outline = lines[: lines.index("")]
    start = next(number for number, line in enumerate(outline) if "bidirectional" in line)
    layers = next(number for number, line in enumerate(outline) if line.startswith("    - flatten"))
    assert all(line.startswith("     ") for line in outline[start + 1 : layers])
    assert "kernel_regularizer" in "".join(outline)


def test_a_wrapper_is_described_by_what_it_holds() -> None:
    inner = Component("layer", "lstm", {"units": 8})
    assert describe(Component("layer", "bidirectional", {"layer": inner})) == "bidirectional lstm 8"
    relu = Component("activation", "relu", {})
    assert describe(Component("layer", "dense", {"units": 4, "activation": relu})) == "dense 4 relu"
