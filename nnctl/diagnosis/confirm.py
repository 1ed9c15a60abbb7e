"""Suspicions become findings only if mending them helps: each fix is tried in a short training beside the spec as it is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from nnctl.diagnosis import thresholds
from nnctl.diagnosis.facts.facts import Facts, require_dataset, require_probe
from nnctl.diagnosis.facts.probes import Trial
from nnctl.diagnosis.finding import Edit, Finding, Fix, rank
from nnctl.diagnosis.fixes import combine_edits
from nnctl.diagnosis.rule import Cause
from nnctl.diagnosis.rules.index import RULES, is_proved
from nnctl.diagnosis.success import compute_gain, find_better, is_better, learns, reaches_baselines

# What a trial leaves out: it ends when its steps are done, no metric watches it, and its examples are those that were loaded.
_UNSEEN = {
    *(("train", key) for key in ("monitor", "mode", "metrics", "max_seconds")),
    ("data", "split"),
    ("data", "source"),
}
Try = Callable[[Sequence[Edit]], Trial | None]


@dataclass(slots=True)
class Confirmation:
    """The trials of one spec's suspicions.

    Attributes:
        facts: what the rules read, probes included.
        try_edits: runs the trial of some edits; None if they do not fit or time is over.
        held: how many held-out examples the scores are of.
        vain: the codes of the findings whose fix was tried and did not make the score better.
    """

    facts: Facts
    try_edits: Try
    held: int
    vain: list[str] = field(default_factory=list)
    _tried: dict[str, Trial | None] = field(default_factory=dict)
    _mended: bool = False  # whether mending what is proved is enough

    @property
    def reference(self) -> Trial:
        """The trial of the spec as it is."""
        return require_probe(self.facts).reference

    @property
    def bad(self) -> bool:
        """Whether the spec as it is comes to nothing."""
        return not learns(self.facts)

    def run_trial(self, edits: Sequence[Edit]) -> Trial | None:
        """The trial of some edits, run once; None if they do not fit or time is over."""
        key = repr(tuple(edits))
        if self._tried.get(key) is None:
            self._tried[key] = self.try_edits(edits)
        return self._tried[key]

    def is_better(self, before: Trial, after: Trial) -> bool:
        """Whether one trial's score is better than another's and than the trivial one, by more than chance and a trifle."""
        baselines = require_dataset(self.facts).baselines
        if after.score <= baselines.trivial + thresholds.NO_BETTER:
            return False
        return is_better(before, after, baselines.metric, self.held)

    def can_try(self, fix: Fix) -> bool:
        """Whether a trial can show what a fix is good for."""
        left = {("train", each.partition(" ")[0]) for each in self.reference.left_out}
        return not all(edit.path[:2] in _UNSEEN | left for edit in fix.edits)

    def learns(self, trial: Trial) -> bool:
        """Whether a trial comes to something."""
        return reaches_baselines(trial, require_dataset(self.facts).baselines)

    def is_enough(self, trial: Trial) -> bool:
        """Whether a trial comes near to what a linear model or neighbours reach."""
        return reaches_baselines(trial, require_dataset(self.facts).baselines, thresholds.NEARLY)

    def judge_findings(self, found: Sequence[Finding]) -> list[Finding]:
        """The findings, each with what a trial of its fix said of it.

        What the facts prove stays. A suspicion stays if its fix makes the score better; one of level `info` rises to a warning
        only where the spec as it is comes to nothing, or its whole training to no more than a baseline. The rest is told as
        information, and so is every suspicion once mending what is proved has brought the score to where it belongs: nothing is
        left for it to explain.
        """
        judged = [self._judge_finding(one) for one in sorted(found, key=_compute_urgency)]
        judged = [
            one for one in judged if one.loud or not RULES[one.code].only_tried
        ]  # what was tried in vain is no news
        if self.bad and not any(one.loud and one.checked for one in judged):
            judged = self._try_together(judged, found)
        if self.bad and not any(one.loud and is_cause(one) for one in judged):
            # Something is wrong for sure, and a symptom alone is no answer: what looked wrong from the first is told after all.
            suspected = {(one.code, one.path): one for one in found if is_cause(one)}
            return [suspected.get((one.code, one.path), one) for one in judged]
        return judged

    def _judge_finding(self, finding: Finding) -> Finding:
        sure = RULES[finding.code].sure
        if self._mended and not is_proved(finding):
            keeps = sure or RULES[finding.code].cause is Cause.SYMPTOM
            return finding if keeps else finding.replace(level="info", confidence=0.0)
        if finding.fix is not None and not self.can_try(finding.fix):
            return finding  # no trial speaks for it or against it
        trial = self._try_fix(finding)
        if trial is None:
            # Without a trial a suspicion counts only where something is wrong.
            return finding if sure or self.bad or not finding.loud else finding.replace(level="info")
        if self.is_better(self.reference, trial) and (self.needy or not self._is_trifle(finding, trial)):
            self._mended |= is_proved(finding) and self.is_enough(trial)
            level = finding.level if finding.loud else ("warning" if self.needy else "info")
            said = self.describe(trial)
            return finding.replace(checked=said, confidence=1 + compute_gain(self.reference, trial), level=level)
        self.vain.append(finding.code)
        return finding if sure else finding.replace(level="info", confidence=0.0)

    def _try_together(self, judged: list[Finding], found: Sequence[Finding]) -> list[Finding]:
        """Where no single edit helps, several faults may stand in each other's way: all loud suspicions are mended at once."""
        loud = [one for one in sorted(found, key=_compute_urgency) if one.loud and one.fix and is_cause(one)]
        trial = self.run_trial(combine_edits(loud)) if len(loud) > 1 else None
        if trial is None or not self.is_better(self.reference, trial):
            return judged
        said = f"{self._describe_change(trial)} with all of {', '.join(dict.fromkeys(one.code for one in loud))} mended"
        sure = 1 + compute_gain(self.reference, trial)
        kept = {(one.code, one.path): one.replace(checked=said, confidence=sure) for one in loud}
        return [kept.get((one.code, one.path), one) for one in judged]

    def _try_fix(self, finding: Finding) -> Trial | None:
        wanted = finding.loud or self.bad or (self.after and not RULES[finding.code].remedy)
        if finding.fix is None or not wanted:
            return None
        return self.run_trial(finding.fix.edits)

    @property
    def needy(self) -> bool:
        """Whether the spec as it is comes to nothing, or stays after a linear model or neighbours."""
        return self.bad or self.after

    def _is_trifle(self, finding: Finding, trial: Trial) -> bool:
        """Whether what was only tried wins less than what a fault must cost: of numbers a third of little is little."""
        return RULES[finding.code].only_tried and compute_gain(self.reference, trial) < thresholds.POINTS

    @property
    def after(self) -> bool:
        """Whether a linear model or neighbours do much better; or as well, where all of the training was tried."""
        baselines = require_dataset(self.facts).baselines
        as_well = self.reference.whole and self.reference.score <= baselines.reachable
        return as_well or bool(find_better(baselines, self.reference.score, self.held))

    def describe(self, trial: Trial) -> str:
        """What a trial of a fix has shown, in words."""
        return f"{self._describe_change(trial)} with the fix ({trial.steps:,} steps)"

    def _describe_change(self, trial: Trial) -> str:
        return f"{require_dataset(self.facts).baselines.metric} {format_score(self.reference)} -> {format_score(trial)}"


def is_cause(finding: Finding) -> bool:
    """Whether a rule of its own names a cause: neither a symptom nor a remedy."""
    return RULES[finding.code].cause is not Cause.SYMPTOM and not RULES[finding.code].remedy


def _compute_urgency(finding: Finding) -> tuple[bool, int, bool, int, float]:
    """What is tried first while there is time: the proved, the loud, causes before remedies and in their order, the surer."""
    known = RULES[finding.code]
    return not is_proved(finding), rank(finding), known.remedy, known.cause, -finding.confidence


def format_score(trial: Trial) -> str:
    """A trial's score, or that there is none."""
    return "diverged" if trial.diverged else f"{trial.score:.3f}"
