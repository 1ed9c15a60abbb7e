import io
from collections.abc import Callable
from pathlib import Path

import pytest

from nnctl.cli.shell.terminal import make_console
from nnctl.cli.views.findings import show
from nnctl.data import peek
from nnctl.diagnosis.finding import Edit, Finding, Fix
from nnctl.spec import Spec, load_spec
from tests.findings import make_finding


@pytest.fixture
def spec(write: Callable[..., Path]) -> Spec:
    return load_spec(write(), peek=peek)


@pytest.fixture
def finding(spec: Spec) -> Finding:
    return make_finding(spec)


def shown(finding: Finding, spec: Spec, width: int = 200) -> list[str]:
    file = io.StringIO()
    show([finding], spec.source, make_console(file, width=width))
    return file.getvalue().splitlines()


def test_a_finding_is_its_place_what_was_found_what_it_does_and_its_edit(finding: Finding, spec: Spec) -> None:
    assert shown(finding, spec) == [
        f"H02 error   {spec.source.name}:10  layers[2] dense",
        "  found   the head gives [0, 1]",
        "  effect  it cannot learn",
        "  fix     - - dense: {units: 10, activation: softmax}",
        "          + - dense: {units: 10, activation: linear}",
        "  or      or a loss that takes logits",
        "  checked 0.1 -> 0.9",
    ]


def test_what_is_only_worth_knowing_takes_one_line(finding: Finding, spec: Spec) -> None:
    (line,) = shown(finding.replace(level="info"), spec)
    assert line.startswith(f"H02 info  {spec.source.name}:10  layers[2] dense: the head gives [0, 1]; it cannot learn")
    (line,) = shown(finding.replace(explained_by="C01"), spec)
    assert "C01" in line


def test_what_this_text_does_not_hold_is_told_in_words(finding: Finding, spec: Spec) -> None:
    fix = Fix((Edit(("model", "layers", 9, "units"), 3), Edit(("train", "monitor"), kind="remove")))
    lines = shown(finding.replace(fix=fix), spec)
    assert "  fix     model.layers.9.units: 3" in lines
    assert "          train.monitor: removed" in lines


def test_lines_are_folded_to_the_terminal(finding: Finding, spec: Spec) -> None:
    lines = shown(finding.replace(found="word " * 50), spec, width=70)
    assert max(len(line) for line in lines if "word" in line) <= 70
    assert sum(line.count("word") for line in lines) == 50


@pytest.mark.parametrize("end", ["\r\n", "\r", "\x85", "\u2028"])
def test_an_edit_is_shown_whatever_ends_the_lines(end: str, write: Callable[..., Path]) -> None:
    path = write()
    path.write_text(path.read_text().replace("\n", end), newline="")
    spec = load_spec(path, peek=peek)
    lines = shown(make_finding(spec), spec)
    assert lines[3:5] == [
        "  fix     - - dense: {units: 10, activation: softmax}",
        "          + - dense: {units: 10, activation: linear}",
    ]
