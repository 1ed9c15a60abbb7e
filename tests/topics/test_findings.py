import pytest

from nnctl.diagnosis.rule import rules
from nnctl.topics.findings import shelves

(SHELF,) = shelves()


@pytest.mark.parametrize("code", rules)
def test_a_finding_is_explained_by_its_code_in_any_case_and_by_its_name(code: str) -> None:
    topic = SHELF.topic(code)
    assert topic is not None
    assert topic == SHELF.topic(code.lower())
    named = SHELF.topic(rules[code].name)
    assert named is not None
    assert rules[named.name].name == rules[code].name  # a rule of specs and one of probes may share a name
    assert (topic.kind, topic.name) == ("finding", code)
    assert topic.what.startswith(f"{rules[code].name}, {rules[code].level}, {rules[code].stage}. ")
    headings = [heading for heading, _ in topic.sections]
    assert headings == ["What it looks for", "Why it hurts", "How to confirm it", "How to mend it"]
    assert all(text and "\n" not in text for _, text in topic.sections)
    assert topic.source


def test_what_no_rule_is_called_is_no_topic() -> None:
    assert SHELF.topic("Z99") is None
    assert tuple(SHELF.names()) == tuple(rules)
