from collections.abc import Callable
from pathlib import Path

import pytest

from nnctl.data import peek
from nnctl.diagnosis import Finding, Selection, check, parse_selection, select_findings
from nnctl.diagnosis.rules.index import RULES
from nnctl.errors import SpecError, UsageError
from nnctl.spec import load_spec
from nnctl.spec.network.plan import make_plan

SPEC = """\
{top}name: x
data: {{source: digits}}
model:
  layers:
    - flatten
{above}    - dense:{head}
        units: 32
        activation: softmax{line}
    - dense: {{units: 10, activation: softmax}}
train: {{loss: categorical_crossentropy, epochs: 40}}
"""


@pytest.fixture
def heard(tmp_path: Path) -> Callable[..., set[str]]:
    def heard(select: str = "", ignore: str = "", **comments: str) -> set[str]:
        path = tmp_path / "spec.yaml"
        path.write_text(SPEC.format(**{"top": "", "above": "", "head": "", "line": "", **comments}))
        spec = load_spec(path, (), peek)
        chosen = parse_selection([select] if select else (), [ignore] if ignore else ())
        return {finding.code for finding in check(make_plan(spec, peek(spec.data)), chosen).findings}

    return heard


def test_without_a_selection_everything_is_told(heard: Callable[..., set[str]]) -> None:
    assert heard() == {"A03"}


@pytest.mark.parametrize(
    "comment",
    [
        {"line": "  # nnctl: ignore A03"},
        {"head": "  # nnctl: ignore H01, a03"},
        {"above": "    # nnctl: ignore A\n"},
        {"above": "    # nnctl: ignore A03\n    # because\n\n"},
        {"top": "# nnctl: ignore A03\n"},
    ],
    ids=str,
)
def test_a_comment_leaves_out_what_lies_on_its_line_or_below(
    heard: Callable[..., set[str]], comment: dict[str, str]
) -> None:
    assert heard(**comment) == set()


def test_a_comment_elsewhere_leaves_out_nothing(heard: Callable[..., set[str]]) -> None:
    assert heard(above="    # nnctl: ignore H01\n") == {"A03"}


@pytest.mark.parametrize(
    "flags", [{"select": "H,C"}, {"ignore": "A"}, {"ignore": "A03"}, {"select": "A", "ignore": "A03"}], ids=str
)
def test_flags_select_and_leave_out(heard: Callable[..., set[str]], flags: dict[str, str]) -> None:
    assert heard(**flags) == set()
    assert heard(select="A,H") == {"A03"}


def test_a_code_is_meant_whole_and_a_letter_for_all_that_begin_with_it(heard: Callable[..., set[str]]) -> None:
    assert {"P01", "P10", "P11"} <= set(RULES)
    letter = parse_selection(["p"])
    for spelling in ("P01", "P1", "p1"):
        assert [code for code in RULES if parse_selection([spelling]).includes(code)] == ["P01"]
        assert [code for code in RULES if not parse_selection(ignore=[spelling]).includes(code)] == ["P01"]
    assert [code for code in RULES if letter.includes(code)] == [code for code in RULES if code.startswith("P")]
    with pytest.raises(UsageError, match="'A0', and no rule has this code"):
        parse_selection(["A0"])
    with pytest.raises(SpecError, match="the comment names 'A0'"):
        heard(line="  # nnctl: ignore A0")


def test_a_comment_of_an_older_spec_names_codes_without_their_0(tmp_path: Path) -> None:
    path = tmp_path / "spec.yaml"
    path.write_text(SPEC.format(top="# nnctl: ignore P1, r8\n", above="", head="  # nnctl: ignore a3", line=""))
    spec, layer = load_spec(path, (), peek), ("model", "layers", 1)
    found = [Finding("f", "e", layer, code=code) for code in ("P01", "P02", "P10", "R08", "A03", "A13")]
    assert [one.code for one in select_findings(spec, found, Selection())] == ["P02", "P10", "A13"]


def test_an_unknown_code_is_a_mistake(heard: Callable[..., set[str]]) -> None:
    with pytest.raises(UsageError) as flag:
        heard(select="HO1")
    assert "did you mean 'H01'" in str(flag.value.problems[0].hint)
    with pytest.raises(SpecError) as comment:
        heard(line="  # nnctl: ignore Z9")
    assert comment.value.problems[0].place is not None
    assert comment.value.problems[0].place.line == 8
    with pytest.raises(SpecError, match="names no code"):
        heard(line="  # nnctl: ignore")
