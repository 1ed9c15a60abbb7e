"""A rule is one function of observed facts; its docstring is what `nnctl explain CODE` prints."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from inspect import cleandoc

from nnctl.diagnosis.facts.facts import Facts
from nnctl.diagnosis.finding import Finding, Level, Stage
from nnctl.registry import Registry


class Cause(IntEnum):
    """Where a fault lies, in the order in which one causes the next: what stands further up explains what is below."""

    DATA = 0
    LABELS = 1
    HEAD = 2
    ARCHITECTURE = 3
    INITIALISATION = 4
    RATE = 5
    BUDGET = 6
    REGULARISATION = 7
    SYMPTOM = 8  # what a fault looks like, whatever the fault


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule and what is known of it before it runs.

    Attributes:
        code: stable (`H02`); what `--select`, `# nnctl: ignore` and `explain` go by.
        name: a word or two in kebab-case.
        level: of its findings, unless one says otherwise.
        stage: the earliest stage whose facts it needs.
        cause: where the fault lies.
        sure: whether the facts prove it, so that no bad outcome is needed to report it.
        remedy: whether it only proposes something to try, and speaks when trying has helped.
        find: the function.
    """

    code: str
    name: str
    level: Level
    stage: Stage
    cause: Cause
    sure: bool
    remedy: bool
    find: Callable[[Facts], Finding | Iterable[Finding] | None]

    @property
    def text(self) -> str:
        """What it is, why it hurts, how to confirm and to mend it, and the source: the function's docstring."""
        return cleandoc(self.find.__doc__ or "")

    def findings(self, facts: Facts) -> Iterator[Finding]:
        """What it finds in the facts, with its own code, level and stage."""
        found = self.find(facts)
        for one in () if found is None else (found,) if isinstance(found, Finding) else found:
            yield one.with_(code=self.code, level=one.level or self.level, stage=self.stage)


rules: Registry[Rule] = Registry("rule")
"""Every rule, by code."""


def proved(finding: Finding) -> bool:
    """Whether the facts prove a finding to be an error: no trial is needed to tell it."""
    return rules[finding.code].sure and finding.level == "error"


def rule(
    code: str, name: str, level: Level, stage: Stage, cause: Cause, sure: bool = False, remedy: bool = False
) -> Callable[[Callable[[Facts], Finding | Iterable[Finding] | None]], Callable[[Facts], object]]:
    """A decorator that enters a function of facts as a rule; the arguments are those of `Rule`."""

    def enter(find: Callable[[Facts], Finding | Iterable[Finding] | None]) -> Callable[[Facts], object]:
        rules.register(code)(Rule(code, name, level, stage, cause, sure, remedy, find))
        return find

    return enter
