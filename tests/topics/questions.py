"""`python -m tests.topics.questions` says how many questions of `questions.yaml` find an answer, first or among three."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from nnctl.errors import UsageError
from nnctl.topics import find_topics

QUESTIONS: Mapping[str, Any] = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
FIRST = 3


def answer(question: str) -> list[str]:
    """The names of the topics that are told: the one that is shown, then those to see also; none where it is refused."""
    try:
        (topic, *_) = find_topics([question])
    except UsageError:
        return []
    return [topic.name, *(each.rpartition(" ")[2] for each in topic.see)]


def count_hits(questions: Mapping[str, Sequence[str]]) -> tuple[int, int, list[str]]:
    """How many questions have a right answer first, how many among the first three, and what was told of the others."""
    told = {question: answer(question) for question in questions}
    first = [question for question, right in questions.items() if told[question][:1] and told[question][0] in right]
    three = [question for question, right in questions.items() if set(told[question][:FIRST]) & set(right)]
    return len(first), len(three), [f"{each}: {told[each]}" for each in questions if each not in three]


if __name__ == "__main__":
    for half in ("untouched", "tuned"):
        first, three, missed = count_hits(QUESTIONS[half])
        print(f"{half}: {first} first, {three} among the first {FIRST}, of {len(QUESTIONS[half])}")
        if half == "tuned":
            print(*missed, sep="\n")
    print("answered, though nothing fits:", [each for each in QUESTIONS["nothing"] if answer(each)])
