"""A fake tool's answers become the verdicts that they deserve."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.bench.debugging import runner, summary
from tests.bench.debugging.suite import Case
from tests.bench.debugging.tool import Answer, refusals

TEXT = "name: x\ndata: {source: digits}\n"
FAULT = Case("x", "fault", "open", TEXT, family="f", parent=TEXT, codes=("H01",), refused=("outputs",))
HEALTHY = Case("y", "healthy", "open", TEXT)
SILENT = Answer(0, 0.1)


def finding(code: str, level: str = "error", stage: str = "static") -> dict[str, Any]:
    return {"code": code, "level": level, "stage": stage, "fix": None}


def said(*findings: dict[str, Any], code: int = 1) -> Answer:
    return Answer(code, 0.1, findings[0], findings[1:3], findings)


class Fake:
    """Answers as it is told; a run is the folder."""

    def __init__(self, check: Answer = SILENT, spec: Answer = SILENT, run: Answer = SILENT) -> None:
        self.answers = {"check": check, "spec": spec, "run": run}

    def check(self, spec: Path) -> Answer:
        return self.answers["check"]

    def debug(self, subject: Path) -> Answer:
        return self.answers["run" if subject.is_dir() else "spec"]

    def train(self, spec: Path, runs: Path) -> tuple[Answer, Path | None]:
        return SILENT, spec.parent

    def patched(self, text: str, edits: Sequence[Mapping[str, Any]]) -> str:
        return text


def measured(case: Case, tool: Fake, folder: Path) -> dict[str, Any]:
    return runner.measure(case, tool, folder, {"scores": [0.1], "parent": [0.9]})


def test_what_debug_refuses_by_a_problem_that_names_the_cause_is_found(tmp_path: Path) -> None:
    said = "/a b/x.yaml:5:9 outputs: 3 outputs\n    5 | path: x\n      |    ^ so: or so\n"
    assert refusals(said) == ["outputs"] == refusals("outputs: 3 outputs")
    record = measured(FAULT, Fake(spec=Answer(2, 0.1, problems=refusals(said))), tmp_path)
    assert (record["found"], record["top1"], record["stage"], record["refused"]) == (True, True, "data", True)
    record = measured(FAULT, Fake(spec=Answer(2, 0.1, problems=["bad-value"])), tmp_path)
    assert (record["found"], record["top1"], record["stage"], record["refused"]) == (False, False, None, True)


def test_the_first_finding_of_the_spec_is_the_verdict(tmp_path: Path) -> None:
    record = measured(FAULT, Fake(spec=said(finding("H01")), run=said(finding("D03"))), tmp_path)
    assert (record["found"], record["top1"], record["stage"], record["first"]) == (True, True, "check", "H01")


def test_a_wrong_first_finding_is_no_hit_though_an_alternative_is(tmp_path: Path) -> None:
    record = measured(FAULT, Fake(spec=said(finding("C01"), finding("H01"))), tmp_path)
    assert (record["top1"], record["top3"]) == (False, True)


def test_what_is_only_information_counts_neither_way(tmp_path: Path) -> None:
    quiet = said(finding("H01", "info"), code=0)
    assert not measured(FAULT, Fake(spec=quiet), tmp_path)["found"]
    assert not measured(HEALTHY, Fake(spec=quiet), tmp_path)["found"]


def test_a_warning_at_any_stage_on_a_healthy_spec_is_a_false_alarm(tmp_path: Path) -> None:
    for tool in (Fake(check=said(finding("A10", "warning"))), Fake(run=said(finding("D10", "warning", "after")))):
        record = measured(HEALTHY, tool, tmp_path)
        assert summary.rates([record])["false alarms"]["hits"] == 1


def test_a_refusal_is_found_only_if_it_names_the_cause(tmp_path: Path) -> None:
    right = measured(FAULT, Fake(check=Answer(2, 0.1, problems=("outputs",))), tmp_path)
    wrong = measured(FAULT, Fake(check=Answer(2, 0.1, problems=("unknown-key",))), tmp_path)
    assert (right["found"], right["top1"], right["stage"]) == (True, True, "check")
    assert (wrong["found"], wrong["top1"]) == (False, False)


def test_the_stage_is_the_earliest_that_speaks(tmp_path: Path) -> None:
    assert measured(FAULT, Fake(spec=said(finding("X02", stage="data"))), tmp_path)["stage"] == "data"
    assert measured(FAULT, Fake(spec=said(finding("P02", stage="probe"))), tmp_path)["stage"] == "probe"
    assert measured(FAULT, Fake(run=said(finding("D02", stage="after"))), tmp_path)["stage"] == "training"
    assert measured(FAULT, Fake(), tmp_path)["stage"] is None


def test_a_finding_without_a_fix_wins_nothing(tmp_path: Path) -> None:
    record = measured(FAULT, Fake(spec=said(finding("H01"))), tmp_path)
    assert summary.rates([record])["fix works"]["share"] == 0


def test_a_command_that_breaks_is_said(tmp_path: Path) -> None:
    record = measured(FAULT, Fake(spec=Answer(70, 0.1, said="bug: KeyError")), tmp_path)
    assert record["broken"] == ["spec: bug: KeyError"]


def test_intervals_are_wilsons() -> None:
    low, high = summary.wilson(1, 33)  # scipy.stats.binomtest(1, 33).proportion_ci(method="wilson")
    assert (round(low, 4), round(high, 4)) == (0.0054, 0.1532)
    assert summary.wilson(0, 0) == (0.0, 1.0)


def test_the_tables_hold_every_group(tmp_path: Path) -> None:
    records = [measured(FAULT, Fake(spec=said(finding("H01"))), tmp_path), measured(HEALTHY, Fake(), tmp_path)]
    text = summary.markdown(summary.results(records))
    assert "| detection | ≥ 96 % | 100.0% (1 of 1, 21% to 100%) |" in text
    assert "| false alarms | ≤ 3 % | 0.0% (0 of 1, 0% to 79%) |" in text


def test_verdicts_that_are_wrong_for_certain_miss_a_target() -> None:
    def faults(hits: int) -> list[dict[str, Any]]:
        told = {"kind": "fault", "refused": False, "mendable": False, "stage": "check"}
        return [{**told, "found": i < hits, "top1": i < hits, "top3": i < hits} for i in range(8)]

    def healthy(alarms: int) -> list[dict[str, Any]]:
        return [{"kind": "healthy", "found": i < alarms, "refused": False} for i in range(4)]

    assert summary.missed([*faults(8), *healthy(0)]) == []
    assert summary.missed([*faults(7), *healthy(0)]) == []
    assert summary.missed([*faults(4), *healthy(0)]) == ["detection", "cause first"]
    assert summary.missed([*faults(8), *healthy(2)]) == ["false alarms"]
