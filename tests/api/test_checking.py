"""What `check` finds from Python, and findings as JSON."""

from collections.abc import Callable
from pathlib import Path

import pytest

import nnctl
from nnctl import api
from nnctl.api.checking import apply_fix, document_diagnosis, document_finding
from nnctl.data import peek
from nnctl.diagnosis import Diagnosis
from nnctl.diagnosis.finding import Edit, Finding, Fix
from nnctl.errors import SpecError, UsageError
from nnctl.spec import Spec, load_spec
from tests.findings import PATH, make_finding


@pytest.fixture
def spec(write: Callable[..., Path]) -> Spec:
    return load_spec(write(), peek=peek)


@pytest.fixture
def finding(spec: Spec) -> Finding:
    return make_finding(spec)


def test_what_trains_badly_is_found_and_only_what_is_chosen_is_told(write: Callable[..., Path]) -> None:
    spec = nnctl.load_spec(write(**{"activation: softmax": "activation: linear"}))
    verdict = nnctl.check(spec)
    assert verdict.bad
    assert verdict.primary is not None
    assert (verdict.primary.code, verdict.primary.place.line) == ("H02", 10)  # type: ignore[union-attr]
    assert not nnctl.check(spec, api.parse_selection(ignore=["H,C"])).bad
    assert {each.code[0] for each in nnctl.check(spec, api.parse_selection(select=["H"])).findings} == {"H"}
    with pytest.raises(UsageError, match="Q"):
        api.parse_selection(select=["Q"])


def test_a_plan_is_checked_with_what_it_knows_of_the_data(write: Callable[..., Path]) -> None:
    spec = nnctl.load_spec(write())
    assert nnctl.check(api.load_data(spec).plan) == nnctl.check(spec)
    wrong = nnctl.load_spec(write("# nnctl: ignore Q99\n" + spec.source.text))
    with pytest.raises(SpecError, match="Q99"):
        nnctl.check(wrong)


def test_a_fix_that_this_text_does_not_hold_gives_no_text(spec: Spec) -> None:
    assert apply_fix(Fix((Edit(("model", "layers", 9, "units"), 3),)), spec.source) is None
    after = apply_fix(Fix.set(PATH, "linear"), spec.source)
    assert after == spec.source.text.replace("softmax", "linear")


def test_json_has_all_of_it(finding: Finding, spec: Spec) -> None:
    found = document_finding(finding, spec.source)
    assert (found["code"], found["level"], found["where"]) == ("H02", "error", "layers[2] dense")
    assert found["place"]["line"] == 10  # type: ignore[index]
    fix = found["fix"]
    assert fix["edits"] == [{"path": list(PATH), "value": "linear", "kind": "set"}]  # type: ignore[index]
    assert "+    - dense: {units: 10, activation: linear}" in fix["diff"]  # type: ignore[index]
    assert document_finding(finding.replace(fix=None, place=None), spec.source)["fix"] is None


def test_a_verdict_as_json_names_the_cause_and_what_else_it_may_be(finding: Finding, spec: Spec) -> None:
    other = finding.replace(code="C01")
    found = document_diagnosis(Diagnosis((finding, other), finding, (other,)), spec.source)
    assert found["primary"]["code"] == "H02"  # type: ignore[index]
    assert [each["code"] for each in found["alternatives"]] == ["C01"]  # type: ignore[attr-defined]
    assert [each["code"] for each in found["findings"]] == ["H02", "C01"]  # type: ignore[attr-defined]
    assert document_diagnosis(Diagnosis((), None, ()), spec.source) == {
        "primary": None,
        "alternatives": [],
        "findings": [],
    }
