"""Runs the tool on one case: check, debug the spec, train, debug the run; then the first finding's fix, and what it wins.

What a case's answers are worth is judged here, too, so that a record holds verdicts beside the facts they come from.
"""

import statistics
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.bench.debugging.suite import Case
from tests.bench.debugging.tool import Answer, Tool

WON_BACK = 0.8
"""The share of what a fault cost that a fix must win back: debugging's own target."""

Record = dict[str, Any]


def measure(case: Case, tool: Tool, folder: Path, proof: Mapping[str, Any]) -> Record:
    """Everything that the tool says of a case, and what it is worth.

    Args:
        case: the case.
        tool: what is measured.
        folder: where specs, data and runs are written.
        proof: the case's entry in `proof.json`: its scores and its parent's.
    """
    path, runs = case.write(folder), folder / f"runs-{case.name}"
    record: Record = {"name": case.name, "kind": case.kind, "half": case.half, "family": case.family}
    record |= {"level": case.level, "mendable": case.mendable}
    answers = {"check": tool.check(path)}
    if answers["check"].code != 2:
        answers["spec"] = tool.debug(path)
    if "spec" in answers and answers["spec"].code != 2:
        trained, run = tool.train(path, runs)
        record["train_code"] = trained.code
        if run is not None:
            answers["run"] = tool.debug(run)
    record |= judged(case, answers)
    if case.kind != "healthy" and not record["refused"]:
        record |= mended(case, tool, folder, proof, record.get("edits"))
    record.pop("edits", None)
    return record


def judged(case: Case, answers: Mapping[str, Answer]) -> Record:
    """What the answers of the stages amount to.

    The verdict is that of the earliest diagnosis that has one: of the spec, else of the run, else of the check. Only findings
    at `warning` and above count. A refusal counts as found, and as named, if its problem is one that the case lists.
    """
    early = [answers[stage] for stage in ("check", "spec") if stage in answers]
    problems = [problem for answer in early for problem in answer.problems]
    refused = any(answer.code == 2 for answer in early)
    loud = {stage: [finding["code"] for finding in answer.loud] for stage, answer in answers.items()}
    told = next((answers[s] for s in ("spec", "run", "check") if s in answers and answers[s].first), None)
    first = told.first if told else None
    three = [first, *(told.alternatives if told else ())][:3]
    named = [finding["code"] for finding in three if finding]
    refusal = refused and bool(set(problems) & set(case.refused))
    fix = (first or {}).get("fix") or {}
    return {
        "refused": refused,
        "problems": problems,
        "found": refusal or any(loud.values()),
        "stage": stage_of(answers, refusal),
        "first": named[0] if named else None,
        "alternatives": named[1:],
        "loud": {stage: codes for stage, codes in loud.items() if codes},
        "top1": refusal or bool(named[:1] and named[0] in case.codes),
        "top3": refusal or bool(set(named) & set(case.codes)),
        "edits": fix.get("edits"),
        "seconds": {stage: round(answer.seconds, 2) for stage, answer in answers.items()},
        "broken": [f"{stage}: {answer.said}" for stage, answer in answers.items() if answer.code not in (0, 1, 2)],
    }


def stage_of(answers: Mapping[str, Answer], refusal: bool) -> str | None:
    """Where the first report comes from: `check`, `data` or `probe` (the spec's diagnosis), or `training`."""
    if answers["check"].loud or (refusal and answers["check"].code == 2):
        return "check"
    if refusal:
        return "data"
    if "spec" in answers and answers["spec"].loud:
        stages = {str(finding.get("stage", "probe")) for finding in answers["spec"].loud}
        return next((stage for stage in ("static", "data") if stage in stages), "probe").replace("static", "check")
    return "training" if "run" in answers and answers["run"].loud else None


def mended(
    case: Case, tool: Tool, folder: Path, proof: Mapping[str, Any], edits: Sequence[Mapping[str, Any]] | None
) -> Record:
    """What the first finding's fix wins back, as a share of what the fault cost; trained once, with the first seed."""
    if not edits:
        return {"fix": "none", "won": None, "works": False}
    from tests.bench.debugging.training import train

    begun = time.perf_counter()
    try:
        text = tool.patched(case.text, edits)
        result = train(case.write(folder, text), 1)
    except Exception as error:  # a fix that cannot be applied is a verdict on the fix, whatever it raised
        return {"fix": f"{type(error).__name__}: {error}"[:200], "won": None, "works": False}
    healthy, faulty = statistics.median(proof["parent"]), statistics.median(proof["scores"])
    won = (result.score - faulty) / (healthy - faulty)
    seconds = round(time.perf_counter() - begun, 2)
    return {"fix": result.status, "won": round(won, 3), "works": won >= WON_BACK, "fix_seconds": seconds}


def published(case: Case, folder: Path) -> Record:
    """What the published rule sets say of a case, judged alike; the first symptom is the first finding."""
    from tests.bench.debugging.published import autotrainer, umlaut
    from tests.bench.debugging.published.recording import watched

    facts = watched(case.write(folder))
    return {
        name: _scored(case, [] if facts is None else rules(facts))
        for name, rules in (("AutoTrainer", autotrainer.symptoms), ("UMLAUT", umlaut.symptoms))
    }


def _scored(case: Case, symptoms: Sequence[Any]) -> Record:
    hits = [bool(set(symptom.codes) & set(case.codes)) for symptom in symptoms]
    named = [symptom.name for symptom in symptoms]
    return {"found": bool(symptoms), "top1": any(hits[:1]), "top3": any(hits[:3]), "said": named}
