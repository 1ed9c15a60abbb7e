"""From facts to a verdict: every rule is asked, and of what they find one cause is named, with two others at most."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nnctl.diagnosis import rules as _families  # noqa: F401  (importing them enters their rules)
from nnctl.diagnosis.facts import Facts
from nnctl.diagnosis.finding import Finding, Stage, loud, rank
from nnctl.diagnosis.rule import Cause, rules

_PARTS: dict[Stage, tuple[str, ...]] = {
    "static": (),
    "data": ("dataset",),
    "probe": ("dataset", "probe"),
    "run": ("dataset", "run"),
}
MOST_ALTERNATIVES = 2


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What is wrong, in the order in which to mend it.

    Attributes:
        findings: everything found; the cause first, what it explains last.
        primary: the cause to mend first, or None where nothing is wrong.
        alternatives: at most two causes besides.
    """

    findings: tuple[Finding, ...]
    primary: Finding | None
    alternatives: tuple[Finding, ...]

    @property
    def bad(self) -> bool:
        """Whether the verdict is bad: exit code 1."""
        return loud(self.findings)


def find(facts: Facts) -> list[Finding]:
    """What every rule finds whose stage has run, each placed in the file."""
    ready = [rule for rule in rules.values() if all(getattr(facts, part) is not None for part in _PARTS[rule.stage])]
    return [finding for rule in ready for finding in rule.findings(facts)]


def diagnose(found: Iterable[Finding]) -> Diagnosis:
    """The verdict over findings: errors before warnings, causes before what they cause, the surer before the less sure."""
    ordered = sorted(found, key=_order)
    causes = [one for one in ordered if one.loud and one.explained_by is None]
    primary = causes[0] if causes else None
    others = [one for one in causes[1:] if one.code != (primary and primary.code)]
    return Diagnosis(tuple(ordered), primary, tuple(others[:MOST_ALTERNATIVES]))


def _order(finding: Finding) -> tuple[bool, int, bool, Cause, float]:
    cause = rules[finding.code].cause
    return finding.explained_by is not None, rank(finding), finding.checked is None, cause, -finding.confidence


def explained(found: Sequence[Finding]) -> list[Finding]:
    """The findings with every symptom marked by the cause that explains it."""
    causes = [one for one in found if one.loud and rules[one.code].cause is not Cause.SYMPTOM]
    if not causes:
        return list(found)
    first = min(causes, key=_order)
    return [one if rules[one.code].cause is not Cause.SYMPTOM else one.with_(explained_by=first.code) for one in found]
