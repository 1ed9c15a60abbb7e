"""Where the first finding's edit is not enough, what else is wrong is mended with it, as far as trials show that it helps.

Programs that do not learn often have several faults: of 52 real ones, Cao et al. (DeepFD, ICSE 2022) count two and more in most.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from nnctl.diagnosis.confirm import Confirmation, is_cause, seen, shown, together
from nnctl.diagnosis.diagnose import Diagnosis
from nnctl.diagnosis.finding import Finding, Fix, rank
from nnctl.diagnosis.probe_facts import Trial
from nnctl.diagnosis.rule import proved, rules


def completed(verdict: Diagnosis, suspected: Sequence[Finding], trials: Confirmation) -> Diagnosis:
    """The verdict with a first fix that is enough, if further edits make it so.

    The fixes of other findings are put beside the first one's, one at a time: those of the verdict in their order, then the
    suspicions that came to nothing alone, as long as the spec comes to nothing still. One stays if it makes the trial's score
    better; the search ends when a trial comes near to what a linear model or neighbours reach, or when time is over.

    Args:
        verdict: what is wrong, in the order in which to mend it.
        suspected: everything that the rules found, whatever its own trial said.
        trials: runs trials.
    """
    first = verdict.primary
    if first is None or first.fix is None or not seen(first.fix) or not _mends(first):
        return verdict
    alone = trials.trial(first.fix.edits)
    if alone is None or trials.enough(alone):
        return verdict
    chosen, best = [first], alone
    others = list(_others(first, [*verdict.findings, *suspected]))
    for other in others:
        if trials.enough(best) or (not other.loud and trials.satisfied(best)):
            break
        trial = _joined(trials, chosen, [other])
        if trial is not None and trials.better(best, trial):
            chosen, best = [*chosen, other], trial
    if len(chosen) == 1:  # faults may stand in each other's way, so that no two edits help
        loud = [one for one in others if one.loud]
        trial = _joined(trials, chosen, loud)
        if trial is not None and trials.better(best, trial):
            chosen, best = [first, *loud], trial
    if len(chosen) == 1 or not trials.better(trials.reference, best):
        return verdict
    besides = chosen[1:]
    named = " and ".join(f"{one.code}{f' ({one.where})' if one.where else ''}" for one in besides)
    edits = "edit" if len(besides) == 1 else "edits"
    checked = f"{trials.said(best)}, with the {edits} of {named} in it; alone it ends at {shown(alone)}"
    whole = first.with_(fix=Fix(together(_fixes(chosen)), first.fix.instead), checked=checked)
    findings = tuple(whole if one is first else one for one in verdict.findings)
    return replace(verdict, findings=findings, primary=whole)


def _mends(finding: Finding) -> bool:
    return is_cause(finding) or rules[finding.code].remedy


def _others(first: Finding, findings: Sequence[Finding]) -> Iterator[Finding]:
    """The other findings with an edit that a trial can judge: the loud first, the proved, remedies last, the surer before."""
    met = {(first.code, first.path)}
    for one in sorted(findings, key=lambda one: (rank(one), not proved(one), rules[one.code].remedy, -one.confidence)):
        if (one.code, one.path) not in met and one.fix is not None and seen(one.fix) and _mends(one):
            met.add((one.code, one.path))
            yield one


def _joined(trials: Confirmation, chosen: Sequence[Finding], more: Sequence[Finding]) -> Trial | None:
    """The trial of some findings' edits with more of them; None where they are at odds, or there is nothing more to change."""
    fixes, added = _fixes(chosen), _fixes(more)
    if not all(_apart(fixes, fix) for fix in added):
        return None
    edits = together([*fixes, *added])
    return None if edits == together(fixes) else trials.trial(edits)


def _fixes(findings: Sequence[Finding]) -> list[Fix]:
    return [one.fix for one in findings if one.fix is not None]


def _apart(fixes: Sequence[Fix], fix: Fix) -> bool:
    """Whether a fix changes nothing that the others change otherwise, nor a part of it."""
    return all(
        mine == theirs or mine.path[: len(theirs.path)] != theirs.path[: len(mine.path)]
        for mine in fix.edits
        for each in fixes
        for theirs in each.edits
    )
