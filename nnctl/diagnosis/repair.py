"""Where the first finding's edit is not enough, what else is wrong is mended with it, as far as trials show that it helps.

Programs that do not learn often have several faults: most of the real ones that the suite of `make bench-debug` re-expresses.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from nnctl.diagnosis.confirm import Confirmation, is_cause, seen, shown, together
from nnctl.diagnosis.diagnose import Diagnosis
from nnctl.diagnosis.finding import Finding, Fix, rank
from nnctl.diagnosis.probe_facts import Trial
from nnctl.diagnosis.rule import Cause, proved, rules

# Standardised inputs, and Adam at its usual rate: LeCun et al. 1998, 4.3; Kingma and Ba 2015.
_FORGIVING = ("R1", "R5")


def completed(verdict: Diagnosis, suspected: Sequence[Finding], trials: Confirmation) -> Diagnosis:
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
    if first is None or first.fix is None or not seen(first.fix) or not _mends(first):
        return verdict
    alone = trials.trial(first.fix.edits)
    if alone is None or trials.enough(alone):
        return verdict
    others = list(_others(first, [*verdict.findings, *suspected]))
    chosen, best = [first], alone
    every = _at_once(first, others, trials.satisfied(alone))
    whole = _joined(trials, chosen, every)  # faults may stand in each other's way, so that no edit helps by itself
    for other in others:
        if trials.enough(best):
            break
        if trials.satisfied(best) and not (other.loud or _a_mistake(other)):
            continue
        trial = _joined(trials, chosen, [other])
        if trial is not None and trials.better(best, trial):
            chosen, best = [*chosen, other], trial
    if whole is not None and not trials.enough(best) and trials.better(best, whole):
        chosen, best = [first, *every], whole
    if len(chosen) == 1 or not trials.better(trials.reference, best):
        return verdict
    besides = chosen[1:]
    named = ", ".join(f"{one.code}{f' ({one.where})' if one.where else ''}" for one in besides)
    edits = "edit" if len(besides) == 1 else "edits"
    checked = f"{trials.said(best)}, with the {edits} of {named} in it; alone it ends at {shown(alone)}"
    mended = first.with_(fix=Fix(together(_fixes(chosen)), first.fix.instead), checked=checked)
    findings = tuple(mended if one is first else one for one in verdict.findings)
    return replace(verdict, findings=findings, primary=mended)


def _mends(finding: Finding) -> bool:
    return is_cause(finding) or rules[finding.code].remedy


def _at_once(first: Finding, others: Sequence[Finding], satisfied: bool) -> list[Finding]:
    """All that can be mended at once: what rules of their own found, and what forgives most where nothing comes of it else."""
    taken = [first]
    for one in others:
        own = is_cause(one) and (not satisfied or one.loud or _a_mistake(one))
        fits = one.fix is not None and _apart(_fixes(taken), one.fix)
        more = together(_fixes([*taken, one])) != together(_fixes(taken))
        if fits and more and (own or (one.code in _FORGIVING and not satisfied)):
            taken.append(one)
    return taken[1:]


def _a_mistake(finding: Finding) -> bool:
    """Whether a rule of its own speaks of the data, the labels, the head or the layers."""
    return is_cause(finding) and rules[finding.code].cause < Cause.RATE


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
