import pytest

from nnctl.diagnosis.diagnose import make_diagnosis
from nnctl.diagnosis.finding import Edit, Finding, Fix
from nnctl.diagnosis.fixes import combine_edits

from .conftest import finding, trials


def judged(score: float, scores: dict[object, float], *found: Finding) -> list[Finding]:
    return trials(score, scores).judge_findings(found)


@pytest.mark.parametrize(
    ("score", "with_fix", "before", "after"),
    [
        (0.1, 0.8, "warning", "warning"),
        (0.1, 0.1, "warning", "warning"),  # something is wrong, and nothing else explains it
        (0.85, 0.85, "warning", "info"),
        (0.7, 0.9, "warning", "warning"),
        (0.1, 0.8, "info", "warning"),
        (0.7, 0.9, "info", "warning"),  # neighbours reach 0.9
        (0.92, 1.0, "info", "info"),
    ],
)
def test_a_suspicion_is_as_loud_as_its_fix_is_good(score: float, with_fix: float, before: str, after: str) -> None:
    (one,) = judged(score, {1: with_fix}, finding("C01", before))
    assert one.level == after
    assert (one.checked is not None) == (with_fix > score and (before == "warning" or score < 0.9))


def test_what_is_proved_stays_though_its_fix_alone_wins_nothing() -> None:
    (one,) = judged(0.1, {1: 0.1}, finding("H01", "error"))
    assert (one.level, one.checked) == ("error", None)


@pytest.mark.parametrize(("won", "level"), [(0.85, "info"), (0.5, "warning")])
def test_once_mending_what_is_proved_is_enough_no_suspicion_is_left(won: float, level: str) -> None:
    found = judged(0.1, {1: won, 2: 0.9, 3: 0.9}, finding("C01", "warning", 2), finding("H01", "error"))
    assert {one.code: one.level for one in found} == {"H01": "error", "C01": level}


@pytest.mark.parametrize("level", ["warning", "info"])
def test_what_no_trial_can_show_stays_as_it_is(level: str) -> None:
    (one,) = judged(0.1, {1: 0.1}, finding("C06", level, path=("train", "early_stopping", "patience")))
    assert (one.level, one.checked) == (level, None)


def test_where_nothing_helps_a_suspicion_is_told_before_a_symptom() -> None:
    found = judged(
        0.1, {1: 0.1, 2: 0.1}, finding("C01", "warning"), finding("C02", "info", 2), finding("P02", "error", 3)
    )
    assert {one.code: (one.level, one.checked) for one in found} == {
        "C01": ("warning", None), "C02": ("info", None), "P02": ("error", None)
    }  # fmt: skip


def test_what_is_proved_comes_before_what_is_suspected_further_up() -> None:
    verdict = make_diagnosis(judged(0.1, {1: 0.5, 2: 0.5}, finding("H11", "info", 2), finding("H01", "error")))
    assert verdict.primary is not None
    assert (verdict.primary.code, [one.code for one in verdict.alternatives]) == ("H01", ["H11"])


def test_faults_that_stand_in_each_others_way_are_mended_together() -> None:
    found = [
        finding("X02", "error", "a", ("data", "scale")),
        finding("C01", "warning", "b", ("train", "learning_rate")),
    ]
    both = judged(0.1, {"a": 0.1, "b": 0.1, ("a", "b"): 0.9}, *found)
    assert [one.level for one in both] == ["error", "warning"]
    assert all("with all of X02, C01 mended" in str(one.checked) for one in both)


def test_the_cause_further_up_comes_first_among_fixes_that_win_as_much() -> None:
    found = judged(
        0.1,
        {"a": 0.85, "b": 0.9},
        finding("C01", "error", "b", ("train", "learning_rate")),
        finding("X02", "error", "a", ("data", "scale")),
    )
    verdict = make_diagnosis(found)
    assert verdict.primary is not None
    assert verdict.primary.code == "X02"
    assert [one.code for one in verdict.alternatives] == ["C01"]


@pytest.mark.parametrize(("won", "first"), [(0.6, "H11"), (0.3, "R05")])
def test_a_remedy_comes_behind_a_cause_that_wins_half_of_it(won: float, first: str) -> None:
    verdict = make_diagnosis(judged(0.1, {1: won, 2: 0.9}, finding("H11", "info"), finding("R05", "info", 2)))
    assert verdict.primary is not None
    assert verdict.primary.code == first


def test_a_symptom_is_explained_by_the_cause() -> None:
    verdict = make_diagnosis(judged(0.1, {1: 0.9}, finding("C01", "error"), finding("P02", "error", 2)))
    assert verdict.primary is not None
    assert verdict.primary.code == "C01"
    assert {one.code: one.explained_by for one in verdict.findings} == {"C01": None, "P02": "C01"}


def mending(edit: Edit) -> Finding:
    return Finding("f", "e", fix=Fix((edit,)))


def test_edits_made_together_do_not_move_each_other() -> None:
    layers = ("model", "layers")
    removing = [Edit((*layers, index), kind="remove") for index in (2, 12, 7)]
    rate = Edit((*layers, 14, "rate"), 0.2)
    assert combine_edits([mending(each) for each in (*removing, rate)]) == (rate, *(removing[i] for i in (1, 2, 0)))
    assert combine_edits([mending(rate), mending(Edit(rate.path, 0.3))]) == (rate,)


def test_what_is_proved_comes_before_a_suspicion_of_its_kind_that_wins_more() -> None:
    zeros = finding("A06", "error", "he_normal", ("model", "layers"))
    found = judged(0.1, {"he_normal": 0.1, "relu": 0.9}, zeros, finding("P04", "warning", "relu", ("train", "loss")))
    assert [one.code for one in make_diagnosis(found).findings] == ["A06", "P04"]
