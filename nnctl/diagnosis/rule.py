"""A rule is one function of observed facts; its docstring is what `nnctl explain CODE` prints."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from inspect import cleandoc

from nnctl.diagnosis.facts.facts import Facts
from nnctl.diagnosis.finding import Finding, Level, Stage

RuleFunction = Callable[[Facts], Finding | Iterable[Finding] | None]
"""A rule's function: what it finds in the facts, if anything."""


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
        code: a letter and two digits, stable (`H02`); what `--select`, `# nnctl: ignore` and `explain` go by.
        name: a word or two in kebab-case.
        level: of its findings, unless one says otherwise.
        stage: the earliest stage whose facts it needs.
        cause: where the fault lies.
        sure: whether the facts prove it, so that no bad outcome is needed to report it.
        remedy: whether it only proposes something to try, and speaks when trying has helped.
        function: what finds it in the facts.
    """

    code: str
    name: str
    level: Level
    stage: Stage
    cause: Cause
    sure: bool
    remedy: bool
    function: RuleFunction

    @property
    def only_tried(self) -> bool:
        """Whether it is worth a word only where a trial has shown something."""
        return self.code.startswith("R")

    @property
    def text(self) -> str:
        """What it is, why it hurts, how to confirm and to mend it, and the source: the function's docstring."""
        return cleandoc(self.function.__doc__ or "")

    def apply(self, facts: Facts) -> Iterator[Finding]:
        """What it finds in the facts, with its own code, level and stage."""
        found = self.function(facts)
        for one in () if found is None else (found,) if isinstance(found, Finding) else found:
            yield one.replace(code=self.code, level=one.level or self.level, stage=self.stage)


def rule(
    code: str, name: str, level: Level, stage: Stage, cause: Cause, sure: bool = False, remedy: bool = False
) -> Callable[[RuleFunction], Rule]:
    """A decorator that makes a rule of a function of facts; the arguments are those of `Rule`."""
    return lambda find: Rule(code, name, level, stage, cause, sure, remedy, find)


def spell_code(text: str) -> str:
    """A code as its rule has it, whatever case it is typed in and with or without the 0: `p1` is `P01`, and never `P10`."""
    return re.sub(r"^([A-Z])(\d)$", r"\g<1>0\2", text.upper())
