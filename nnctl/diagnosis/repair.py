"""Where the first finding's edit is not enough, what else is wrong is mended with it, as far as trials show that it helps.

Programs that do not learn often have several faults: most of the real ones that the suite of `make bench-debug` re-expresses.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from nnctl.diagnosis.confirm import Confirmation, format_score, is_cause
from nnctl.diagnosis.diagnose import Diagnosis
from nnctl.diagnosis.facts.probes import Trial
from nnctl.diagnosis.finding import Finding, Fix, rank
from nnctl.diagnosis.fixes import combine_edits
from nnctl.diagnosis.rule import Cause
from nnctl.diagnosis.rules.index import RULES, is_proved

# Standardised inputs, and Adam at its usual rate: LeCun et al. 1998, 4.3; Kingma and Ba 2015.
_FORGIVING = ("R01", "R05")


def complete_fix(verdict: Diagnosis, suspected: Sequence[Finding], trials: Confirmation) -> Diagnosis:
    """The verdict with a first fix that is enough, if further edits make it so.

    The fixes of other findings are put beside the first one's, one at a time: those of the verdict in their order, then the
    suspicions that came to nothing alone; of these what speaks of how fast, how long or how freely is trained, which helps most
    specs a little, only as long as the spec comes to nothing still. One stays if it makes the trial's score better; the search
    ends when a trial comes near to what a linear model or neighbours reach, or when time is over. If it does not come that near,
    all edits at once are taken where they go further.

    Args:
        verdict: what is wrong, in the order in which to mend it.
        suspected: everything that the rules found, whatever its own trial said.
        trials: runs trials.
    """
    first = verdict.primary
    if first is None or first.fix is None or not trials.can_try(first.fix) or not _mends(first):
        return verdict
    alone = trials.run_trial(first.fix.edits)
    if alone is None or trials.is_enough(alone):
        return verdict
    chosen, best = _search(first, alone, list(_list_others(first, [*verdict.findings, *suspected], trials)), trials)
    if len(chosen) == 1 or not trials.is_better(trials.reference, best):
        return verdict
    named = ", ".join(f"{one.code}{f' ({one.where})' if one.where else ''}" for one in chosen[1:])
    edits = "edit" if len(chosen) == 2 else "edits"
    checked = f"{trials.describe(best)}, with the {edits} of {named} in it; alone it ends at {format_score(alone)}"
    mended = first.replace(fix=Fix(combine_edits(chosen), first.fix.instead), checked=checked)
    findings = tuple(mended if one is first else one for one in verdict.findings)
    return replace(verdict, findings=findings, primary=mended)


def _search(
    first: Finding, alone: Trial, others: Sequence[Finding], trials: Confirmation
) -> tuple[list[Finding], Trial]:
    """The findings whose edits do best together, the first among them, and their trial."""
    chosen, best = [first], alone
    every = _collect_all(first, others, trials.learns(alone))
    whole = trials.run_trial(combine_edits(every)) if len(every) > 1 else None  # faults may stand in each other's way
    for other in others:
        if trials.is_enough(best):
            return chosen, best
        wanted = other.loud or _is_mistake(other) or not trials.learns(best)
        trial = trials.run_trial(combine_edits([*chosen, other])) if wanted and _fits(chosen, other) else None
        if trial is not None and trials.is_better(best, trial):
            chosen, best = [*chosen, other], trial
    if whole is not None and not trials.is_enough(best) and trials.is_better(best, whole):
        chosen, best = every, whole
    # What a confirmation has tried all together is told of as such, and is the fix where nothing else goes further.
    loud = [first, *(one for one in every[1:] if one.loud)]
    trial = trials.run_trial(combine_edits(loud)) if len(loud) > 1 and not trials.is_enough(best) else None
    return (loud, trial) if trial is not None and trials.is_better(best, trial) else (chosen, best)


def _mends(finding: Finding) -> bool:
    return is_cause(finding) or RULES[finding.code].remedy


def _collect_all(first: Finding, others: Sequence[Finding], learned: bool) -> list[Finding]:
    """All that can be mended at once: what rules of their own found, and what forgives most where nothing comes of it else."""
    taken = [first]
    for one in others:
        own = is_cause(one) and (not learned or one.loud or _is_mistake(one))
        if (own or (one.code in _FORGIVING and not learned)) and _fits(taken, one):
            taken.append(one)
    return taken


def _is_mistake(finding: Finding) -> bool:
    """Whether a rule of its own speaks of the data, the labels, the head or the layers."""
    return is_cause(finding) and RULES[finding.code].cause < Cause.RATE


def _list_others(first: Finding, found: Sequence[Finding], trials: Confirmation) -> Iterator[Finding]:
    """The other findings with an edit that a trial can judge: the loud first, the proved, remedies last, the surer before."""
    met = {(first.code, first.path)}
    for one in sorted(found, key=lambda one: (rank(one), not is_proved(one), RULES[one.code].remedy, -one.confidence)):
        if (one.code, one.path) not in met and one.fix is not None and trials.can_try(one.fix) and _mends(one):
            met.add((one.code, one.path))
            yield one


def _fits(taken: Sequence[Finding], one: Finding) -> bool:
    """Whether a finding's fix changes more than others do, and nothing that they change otherwise, nor a part of it."""
    edits, mine = combine_edits(taken), one.fix.edits if one.fix else ()
    apart = all(
        each == other or each.path[: len(other.path)] != other.path[: len(each.path)]
        for each in mine
        for other in edits
    )
    return apart and any(each not in edits for each in mine)
