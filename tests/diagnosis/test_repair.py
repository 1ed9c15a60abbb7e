from nnctl.diagnosis.diagnose import Diagnosis, make_diagnosis
from nnctl.diagnosis.finding import Edit, Finding, Fix
from nnctl.diagnosis.repair import complete_fix

from .conftest import finding, trials

HEAD = finding("H01", "error", "head", ("model", "layers"))
RATE = finding("C01", "warning", "rate", ("train", "learning_rate"))
WEIGHTS = finding("A07", "warning", "weights", ("train", "augment"))
ADAM = finding("R05", "info", "adam", ("train", "optimizer"))


def verdict(score: float, scores: dict[object, float], *found: Finding) -> Diagnosis:
    made = trials(score, scores)
    return complete_fix(make_diagnosis(made.judge_findings(found)), found, made)


def mended(told: Diagnosis) -> list[object]:
    assert told.primary is not None
    assert told.findings[0] is told.primary
    return sorted(str(edit.value) for edit in told.primary.fix.edits) if told.primary.fix else []


def test_a_fix_that_is_enough_stays_alone() -> None:
    told = verdict(0.1, {"head": 0.8, "rate": 0.2, ("head", "rate"): 0.9}, HEAD, RATE)
    assert mended(told) == ["head"]


def test_another_finding_is_mended_with_the_first_where_that_alone_is_not_enough() -> None:
    told = verdict(0.1, {"head": 0.3, "rate": 0.1, ("head", "rate"): 0.8}, HEAD, RATE)
    assert mended(told) == ["head", "rate"]
    assert told.primary is not None
    assert told.primary.code == "H01"
    assert told.primary.checked == (
        "accuracy 0.100 -> 0.800 with the fix (100 steps), with the edit of C01 (w) in it; alone it ends at 0.300"
    )


def test_a_remedy_that_was_tried_in_vain_may_help_behind_the_first_edit() -> None:
    told = verdict(0.1, {"head": 0.3, "adam": 0.1, ("adam", "head"): 0.8}, ADAM, HEAD)
    assert mended(told) == ["adam", "head"]
    assert [one.code for one in told.findings] == ["H01"]


def test_a_quiet_suspicion_is_left_alone_where_the_first_edit_comes_to_something() -> None:
    told = verdict(0.1, {"head": 0.6, "adam": 0.1, ("adam", "head"): 0.85}, ADAM, HEAD)
    assert mended(told) == ["head"]


def test_a_quiet_mistake_is_mended_all_the_same() -> None:
    loss = finding("H11", "info", "loss", ("train", "loss"))
    told = verdict(0.1, {"head": 0.6, "loss": 0.1, ("head", "loss"): 0.85}, HEAD, loss)
    assert mended(told) == ["head", "loss"]


def test_an_edit_that_helps_nothing_is_left_out() -> None:
    scores: dict[object, float] = {
        "head": 0.3, ("head", "weights"): 0.3, ("head", "rate"): 0.5, ("head", "rate", "weights"): 0.52
    }  # fmt: skip
    assert mended(verdict(0.1, scores, HEAD, WEIGHTS, RATE)) == ["head", "rate"]
    assert mended(verdict(0.1, {"head": 0.3, ("head", "rate"): 0.32}, HEAD, RATE)) == ["head"]


def test_faults_that_only_help_all_together_are_mended_together() -> None:
    told = verdict(0.1, {"head": 0.1, ("head", "rate", "weights"): 0.9}, HEAD, RATE, WEIGHTS)
    assert mended(told) == ["head", "rate", "weights"]


def test_what_only_the_loud_come_to_together_is_the_fix_though_a_quiet_edit_spoils_it() -> None:
    scores: dict[object, float] = {
        "head": 0.1, ("head", "rate", "weights"): 0.9, ("head", "loss", "rate", "weights"): 0.1
    }  # fmt: skip
    loss = finding("H11", "info", "loss", ("train", "loss"))
    assert mended(verdict(0.1, scores, HEAD, RATE, WEIGHTS, loss)) == ["head", "rate", "weights"]


def test_edits_at_odds_with_the_first_are_not_made() -> None:
    inner = Finding("f", "e", ("train", "optimizer"), fix=Fix((Edit(("train", "optimizer", "momentum"), "m"),)))
    inner = inner.replace(code="C09", level="warning", path=("train", "optimizer", "momentum"))
    told = verdict(0.1, {"m": 0.4, "adam": 0.3, ("adam", "m"): 0.9}, inner, ADAM)
    assert mended(told) == ["m"]


def test_a_symptom_is_not_completed() -> None:
    dead = finding("P06", "warning", "leaky", ("model", "layers"))
    told = verdict(0.1, {"leaky": 0.1, ("leaky", "rate"): 0.9}, dead, RATE.replace(level="info"))
    assert told.primary is None or "needed too" not in str(told.primary.checked)


def test_standard_inputs_and_adam_help_where_nothing_else_does() -> None:
    scaled = finding("R01", "info", "scaled", ("data", "scale"))
    told = verdict(0.1, {"head": 0.1, ("adam", "head", "scaled"): 0.9}, HEAD, ADAM, scaled)
    assert mended(told) == ["adam", "head", "scaled"]


def test_what_ends_no_better_than_the_commonest_answer_is_no_gain() -> None:
    told = verdict(0.0, {"head": 0.0, ("head", "rate"): 0.1}, HEAD, RATE)
    assert mended(told) == ["head"]
