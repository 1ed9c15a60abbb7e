import pytest

from nnctl.diagnosis.rules.index import RULES
from nnctl.topics import find_topics
from nnctl.topics.findings import make_shelves

(SHELF,) = make_shelves()


@pytest.mark.parametrize("code", RULES)
def test_a_finding_is_explained_by_its_code_in_any_case_and_by_its_name(code: str) -> None:
    topic = SHELF.topic(code)
    assert topic is not None
    assert topic == SHELF.topic(code.lower())
    named = SHELF.topic(RULES[code].name)
    assert named is not None
    assert RULES[named.name].name == RULES[code].name  # a rule of specs and one of probes may share a name
    assert (topic.kind, topic.name) == ("finding", code)
    assert topic.what.startswith(f"{RULES[code].name}, {RULES[code].level}, {RULES[code].stage}. ")
    headings = [heading for heading, _ in topic.sections]
    assert headings == ["What it looks for", "Why it hurts", "How to confirm it", "How to mend it"]
    assert all(text and "\n" not in text for _, text in topic.sections)
    assert topic.source


@pytest.mark.parametrize("code", [code for code in RULES if code[1] == "0"])
def test_a_finding_is_explained_by_its_code_without_the_0(code: str) -> None:
    for short in (f"{code[0]}{code[2]}", f"{code[0]}{code[2]}".lower(), f"{code[0]} {code[2]}"):
        assert [topic.name for topic in find_topics(short.split())] == [code]


def test_what_no_rule_is_called_is_no_topic() -> None:
    assert SHELF.topic("Z99") is None
    assert tuple(SHELF.names()) == tuple(RULES)
