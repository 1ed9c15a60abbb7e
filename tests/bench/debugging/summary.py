"""Records become rates with their 95 % intervals, and rates become a Markdown table beside the published figures."""

import math
import statistics
from collections.abc import Callable, Iterable, Sequence
from typing import Any

Record = dict[str, Any]

# Debugging's published record: detection, cause named, healthy flagged; as their authors or independent studies report them,
# each on a suite of its own.
PUBLISHED = (
    ("DEFault (ICSE 2025)", "94 %", "63.5 %", "5 %"),
    ("DeepFD (ICSE 2022)", "90 %", "52 %", "not given"),
    ("UMLAUT (CHI 2021)", "96 %", "27 %", "91 % (103 of 113)"),
    ("DeepLocalize (ICSE 2021)", "69 %", "13 %", "72 % (133 of 186)"),
    ("DeepDiagnosis (ICSE 2022)", "88 %", "65 %", "36 % (68 of 188)"),
    ("AutoTrainer (ICSE 2021)", "23 %", "19 %", "0 by its own definition"),
    ("NeuraLint (TOSEM 2022)", "70.5 %", "", "precision 100 %"),
    ("Theia (2025)", "76 %", "", ""),
)
Z = 1.959964  # the normal distribution's 97.5 % point


def wilson(hits: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share: Wilson, Journal of the American Statistical Association 22, 1927; (0, 1) of nothing."""
    if not of:
        return 0.0, 1.0
    share, spread = hits / of, Z * Z / of
    centre = (share + spread / 2) / (1 + spread)
    half = Z * math.sqrt(share * (1 - share) / of + spread / (4 * of)) / (1 + spread)
    return max(0.0, centre - half), min(1.0, centre + half)


def rates(records: Sequence[Record]) -> dict[str, dict[str, Any]]:
    """Each measure of debugging's targets over some records.

    `fix` is over the faults that an edit of the spec can mend; a refusal ends with its message, so it is not among them.
    """
    faults = [record for record in records if record["kind"] != "healthy"]
    healthy = [record for record in records if record["kind"] == "healthy"]
    found = [record for record in faults if record["found"]]
    trained = [record for record in faults if record["mendable"] and not record["refused"]]
    return {
        "false alarms": _rate(healthy, lambda record: record["found"] or record["refused"]),
        "detection": _rate(faults, lambda record: record["found"]),
        "cause first": _rate(faults, lambda record: record["top1"]),
        "cause among three": _rate(faults, lambda record: record["top3"]),
        "fix works": _rate(trained, lambda record: record.get("works", False)),
        "before the first epoch": _rate(faults, lambda record: record["stage"] in ("check", "data", "probe")),
        "of the found, before the first epoch": _rate(found, lambda record: record["stage"] != "training"),
    }


def missed(records: Sequence[Record]) -> list[str]:
    """The targets that the records are certain to miss: the whole 95 % interval lies on the wrong side.

    So a sample of a dozen cases fails for verdicts that are wrong, and not for one that is unlucky.
    """
    found = rates(records)
    low = [name for name, least in (("detection", 0.96), ("cause first", 0.90)) if found[name]["high"] < least]
    return low + (["false alarms"] if found["false alarms"]["low"] > 0.03 else [])


def published_rates(records: Sequence[Record], tool: str) -> dict[str, dict[str, Any]]:
    """The same of a published rule set's answers; a refused spec is not trained and so not seen by it."""
    seen = [{**record, **record["published"][tool]} for record in records if "published" in record]
    faults, healthy = ([r for r in seen if (r["kind"] == "healthy") is well] for well in (False, True))
    return {
        "false alarms": _rate(healthy, lambda record: record["found"]),
        "detection": _rate(faults, lambda record: record["found"]),
        "cause first": _rate(faults, lambda record: record["top1"]),
        "cause among three": _rate(faults, lambda record: record["top3"]),
    }


def seconds(records: Iterable[Record], stage: str) -> dict[str, float]:
    """Median and largest of a stage's seconds; empty without any."""
    found = [record["seconds"][stage] for record in records if stage in record["seconds"]]
    return {"median": round(statistics.median(found), 2), "max": max(found)} if found else {}


def _rate(records: Sequence[Record], holds: Callable[[Record], bool]) -> dict[str, Any]:
    hits = sum(holds(record) for record in records)
    low, high = wilson(hits, len(records))
    share = round(hits / len(records), 4) if records else None
    return {"hits": hits, "of": len(records), "share": share, "low": round(low, 4), "high": round(high, 4)}


TARGETS = {
    "false alarms": "≤ 3 %",
    "detection": "≥ 96 %",
    "cause first": "≥ 90 %",
    "fix works": "≥ 80 %",
    "before the first epoch": "≥ 75 %",
}
GROUPS: tuple[tuple[str, Callable[[Record], bool]], ...] = (
    ("open half", lambda record: record["half"] == "open" and record["kind"] != "program"),
    ("held half", lambda record: record["half"] == "held"),
    ("real programs", lambda record: record["half"] == "open" and record["kind"] == "program"),
    ("blind", lambda record: record["half"] == "blind"),
    ("all", lambda record: True),
)


def results(records: Sequence[Record]) -> dict[str, Any]:
    """All rates of all groups, the published rule sets', and the seconds, as the results file holds them."""
    tools = sorted({name for record in records for name in record.get("published", ())})
    return {
        "nnctl": {name: rates([r for r in records if within(r)]) for name, within in GROUPS},
        "on the same suite": {tool: published_rates(records, tool) for tool in tools},
        "seconds": {stage: seconds(records, stage) for stage in ("check", "spec", "run")},
        "minutes": round(sum(record.get("took", 0) for record in records) / 60, 1),
        "programs": sorted({record["program"] for record in records if "program" in record}),
    }


def tables(found: dict[str, Any]) -> dict[str, str]:
    """The tables by name: `suite` (nnctl by group), `tools` (the rule sets on the same suite), `published`, `seconds`."""
    groups = found["nnctl"]
    rows = [
        [measure, TARGETS.get(measure, ""), *(_cell(groups[name][measure]) for name in groups)]
        for measure in groups["all"]
    ]
    same = {"nnctl": groups["all"], **found["on the same suite"]}
    measures = ("false alarms", "detection", "cause first", "cause among three")
    others = [[tool, *(_cell(same[tool][measure]) for measure in measures)] for tool in same]
    took = [[stage, each["median"], each["max"]] for stage, each in found["seconds"].items() if each]
    return {
        "suite": _table(["share (hits of cases, 95 % interval)", "target", *groups], rows),
        "tools": _table(["on this suite", *measures], others),
        "published": _table(
            ["as published, each on its own suite", "found", "cause named", "healthy flagged"], PUBLISHED
        ),
        "seconds": _table(["seconds, TensorFlow's start aside", "median", "most"], took),
    }


def markdown(found: dict[str, Any]) -> str:
    """All tables, and what they were measured on."""
    notes = [f"All cases together took {found['minutes']:.0f} minutes of one worker; two run side by side.\n"]
    if len(found["programs"]) > 1:
        notes += [
            f"Records are of {len(found['programs'])} versions of nnctl: what a change can touch is measured anew.\n"
        ]
    return "\n".join([*tables(found).values(), *notes])


def _cell(rate: dict[str, Any]) -> str:
    if not rate["of"]:
        return ""
    return f"{rate['share']:.1%} ({rate['hits']} of {rate['of']}, {rate['low']:.0%} to {rate['high']:.0%})"


def _table(head: Sequence[object], rows: Iterable[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(str(cell) for cell in line)} |\n" for line in lines)
