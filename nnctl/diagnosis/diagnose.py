"""From facts to a verdict: every rule is asked, and of what they find one cause is named, with two others at most."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from nnctl.diagnosis import thresholds
from nnctl.diagnosis.facts.facts import Facts
from nnctl.diagnosis.facts.network import collect_network_facts
from nnctl.diagnosis.finding import Finding, Stage, has_loud, rank
from nnctl.diagnosis.fixes import combine_edits
from nnctl.diagnosis.rule import Cause
from nnctl.diagnosis.rules.index import RULES, is_proved
from nnctl.diagnosis.selection import Selection, select_findings
from nnctl.diagnosis.success import Shortfall
from nnctl.spec.network.plan import Plan
from nnctl.spec.origins import find_place

_PARTS: dict[Stage, tuple[str, ...]] = {
    "static": (),
    "data": ("dataset",),
    "probe": ("dataset", "probe"),
    "run": ("run",),
}
MOST_ALTERNATIVES = 2


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What is wrong, in the order in which to mend it.

    Attributes:
        findings: everything found; the cause first, what it explains last.
        primary: the cause to mend first, or None where nothing is wrong.
        alternatives: at most two causes besides.
        shortfall: what the network stays well below all the same, or None.
        tried: what was tried, by code and name, and did not make it better.
    """

    findings: tuple[Finding, ...]
    primary: Finding | None
    alternatives: tuple[Finding, ...]
    shortfall: Shortfall | None = None
    tried: tuple[str, ...] = ()

    @property
    def bad(self) -> bool:
        """Whether the verdict is bad: exit code 1."""
        return has_loud(self.findings)


def collect_facts(plan: Plan) -> Facts:
    """What can be known of a spec without loading its data: the facts of the first stage."""
    return Facts(plan.spec, plan.facts, collect_network_facts(plan.network), examples=plan.cost.examples)


def check(plan: Plan, chosen: Selection) -> Diagnosis:
    """The verdict of the first stage: of the spec alone, in no time.

    Raises:
        SpecError: a comment of the spec names no rule's code.
    """
    return make_diagnosis(select_findings(plan.spec, apply_rules(collect_facts(plan)), chosen))


def apply_rules(facts: Facts) -> list[Finding]:
    """What every rule finds whose stage has run, each placed in the file."""
    ready = [rule for rule in RULES.values() if all(getattr(facts, part) is not None for part in _PARTS[rule.stage])]
    found = [finding for rule in ready for finding in join_fixes(list(rule.apply(facts)))]
    return [finding.replace(place=finding.place or find_place(facts.as_written, finding.path)) for finding in found]


def join_fixes(found: Sequence[Finding]) -> list[Finding]:
    """The findings of one rule, those that say the same of several places each with the edits that mend all of these places.

    Mending one of two equal faults shows little, where the other one stands in its way.
    """
    groups: dict[tuple[str, bool], list[Finding]] = {}
    for one in found:
        groups.setdefault((one.effect, one.fix is not None), []).append(one)
    joined = []
    for one in found:
        others = groups[one.effect, one.fix is not None]
        edits = combine_edits([one, *(other for other in others if other is not one)]) if one.fix is not None else ()
        joined.append(one if one.fix is None or len(others) == 1 else one.replace(fix=replace(one.fix, edits=edits)))
    return joined


def make_diagnosis(found: Iterable[Finding]) -> Diagnosis:
    """The verdict over findings.

    Of the causes that a trial confirmed those come first whose fix wins nearly as much as the best does; among them, what
    a rule of its own found before what was found by trying, what is proved before what is suspected, and then what stands
    further up the causal order. Then what is proved, then the rest by level. An error that is proved comes before remedies,
    whatever these win: Adam and a larger rate help much that they are not the cause of.
    """
    found = list(found)
    best = _find_best(found)
    ordered = sorted(explain_symptoms(found), key=lambda one: _compute_order(one, best))
    causes = [one for one in ordered if one.loud and one.explained_by is None]
    if not causes:
        return Diagnosis(tuple(ordered), None, ())
    # Two rules that speak of one kind of cause say the same thing twice.
    kinds = {RULES[one.code].cause: one for one in reversed(causes)}
    chosen = [one for one in causes if kinds[RULES[one.code].cause] is one][: 1 + MOST_ALTERNATIVES]
    rest = {id(one) for one in causes} - {id(one) for one in chosen}
    marked = [one.replace(explained_by=chosen[0].code) if id(one) in rest else one for one in ordered]
    return Diagnosis((*chosen, *(one for one in marked if one not in chosen)), chosen[0], tuple(chosen[1:]))


def explain_symptoms(found: Sequence[Finding]) -> list[Finding]:
    """The findings with every symptom, and every quiet finding, marked by the cause that explains it where one is loud."""
    causes, best = _find_causes(found), _find_best(found)
    if not causes:
        return list(found)
    first = min(causes, key=lambda one: _compute_order(one, best))
    return [one.replace(explained_by=first.code) if RULES[one.code].cause is Cause.SYMPTOM else one for one in found]


def _find_causes(found: Iterable[Finding]) -> list[Finding]:
    """The loud findings that are more than what a fault looks like."""
    return [one for one in found if one.loud and RULES[one.code].cause is not Cause.SYMPTOM]


class _Best(NamedTuple):
    """What a finding is measured by.

    Attributes:
        own: the best that the fix of what a rule of its own found has won.
        remedy: the best that any fix has won.
        kinds: the kinds of cause of which one is proved.
        spoilt: whether the data are proved to be at fault in a way that no edit mends, so that no trial can weigh it.
    """

    own: float
    remedy: float
    kinds: frozenset[Cause]
    spoilt: bool


def _find_best(found: Iterable[Finding]) -> _Best:
    """What the fixes of some findings are measured by.

    A remedy (Adam, more units, more epochs) helps against much that it is not the cause of. So what a rule of its own found is
    measured by its like, if it wins at least half of what a remedy does.
    """
    causes = _find_causes(found)
    best = max(map(_read_gain, causes), default=0.0)
    own = max((_read_gain(one) for one in causes if not RULES[one.code].remedy), default=0.0)
    kinds = frozenset(RULES[one.code].cause for one in causes if is_proved(one))
    spoilt = any(is_proved(one) and one.fix is None and RULES[one.code].cause <= Cause.LABELS for one in causes)
    return _Best(best if own < thresholds.HALFWAY * best else own, best, kinds, spoilt)


def _read_gain(finding: Finding) -> float:
    """What the finding's fix won in a trial; what is proved but was not tried counts little, so that it does not come last."""
    if finding.checked is not None:
        return max(finding.confidence - 1, 0.0)
    return 0.0


def _compute_order(finding: Finding, best: _Best) -> tuple[bool, int, bool, int, bool, Cause, float]:
    rule = RULES[finding.code]
    quiet = finding.explained_by is not None or not finding.loud
    sure = is_proved(finding)
    measure = best.remedy if rule.remedy else best.own
    if rule.cause in best.kinds and not sure:
        group = 2  # what is proved of the same kind is what it suspects
    elif finding.checked is not None and (sure or _read_gain(finding) >= thresholds.NEARLY * measure):
        group = 0
    else:
        group = 1 if sure else 2 if finding.checked else 3
    if (best.spoilt or best.kinds) and rule.remedy:
        group = max(
            group, 1
        )  # what helps a network to make do with spoilt data, or with an error, does not come before it
    # What no trial has weighed is weighed by its level.
    weight = rank(finding) if group else 0
    return quiet, group, rule.remedy, weight, not sure, rule.cause, -finding.confidence
