"""The codes of what the debugger finds: a rule's own docstring is its topic."""

import re
from collections.abc import Iterator

from nnctl.diagnosis.rule import Rule, spell_code
from nnctl.diagnosis.rules.index import RULES
from nnctl.topics.topic import Shelf, Topic

# `Why: because it is so.` and the indented lines after it.
_SECTION = re.compile(r"^(What|Why|Confirm|Fix|Source): (.*(?:\n +.*)*)", re.MULTILINE)
_HEADINGS = {
    "What": "What it looks for",
    "Why": "Why it hurts",
    "Confirm": "How to confirm it",
    "Fix": "How to mend it",
}


def make_shelves() -> Iterator[Shelf]:
    """The shelf of findings."""
    yield Shelf(
        "findings",
        "finding",
        "what `nnctl check` and `nnctl debug` find, by code",
        names=lambda: tuple(RULES),
        topic=_find_topic,
        spellings=lambda: (*RULES, *(rule.name for rule in RULES.values())),
        group=lambda code: RULES[code].stage,
    )


def _find_topic(text: str) -> Topic | None:
    code = spell_code(re.sub("[ _-]", "", text))
    rule = RULES.get(code) or next((each for each in RULES.values() if each.name == text), None)
    return None if rule is None else _make_topic(rule)


def _make_topic(rule: Rule) -> Topic:
    told = {name: " ".join(body.split()) for name, body in _SECTION.findall(rule.text)}
    sections = tuple((heading, told[name]) for name, heading in _HEADINGS.items() if name in told)
    summary = " ".join(rule.text.split("\n\n")[0].split())
    about = f"{rule.name}, {rule.level}, {rule.stage}. {summary}"
    return Topic("finding", rule.code, about, sections, commands=("nnctl debug SPEC",), source=told.get("Source", ""))
