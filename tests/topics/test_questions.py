import subprocess
import sys
from pathlib import Path

import pytest

from nnctl.errors import UsageError
from nnctl.topics import find_topics, list_shelves
from nnctl.topics.questions import is_question, rank

from .questions import QUESTIONS, answer, count_hits


@pytest.mark.parametrize(("half", "least"), [("untouched", 0.8), ("tuned", 0.9)])
def test_questions_find_their_answers(half: str, least: float) -> None:
    """Among the first three: what was measured, so that it gets no worse; 29 of 36 of those that nothing was tuned upon."""
    _, three, missed = count_hits(QUESTIONS[half])
    assert three >= least * len(QUESTIONS[half]), missed


def test_there_are_enough_questions_in_both_languages() -> None:
    for half in ("untouched", "tuned"):
        assert len(QUESTIONS[half]) >= 30
        assert sum(not question.isascii() for question in QUESTIONS[half]) >= 10
    assert QUESTIONS["untouched"].keys().isdisjoint(QUESTIONS["tuned"])


@pytest.mark.parametrize("question", QUESTIONS["nothing"])
def test_what_nothing_answers_is_said_plainly(question: str) -> None:
    with pytest.raises(UsageError) as caught:
        find_topics(question.split())
    (problem,) = caught.value.problems
    assert (problem.code, problem.message) == ("unknown-topic", f"there is no topic {question!r}")
    assert problem.hint


def test_up_to_four_more_topics_are_told_which_are_there() -> None:
    for question in QUESTIONS["tuned"]:
        for other in answer(question)[1:]:
            assert find_topics([other])
    assert max(len(answer(question)) for question in QUESTIONS["tuned"]) == 5
    assert len(answer("why is my loss nan")) == 5


def test_words_are_compared_without_their_endings_and_empty_ones_not_at_all() -> None:
    asked = ("what is overfitting", "overfitted networks", "Overfits?")
    assert {rank(question, list_shelves())[0].name for question in asked} == {"overfitting"}
    assert rank("what is the", list_shelves()) == rank("", list_shelves()) == []


def test_one_word_is_a_name_and_no_question() -> None:
    assert [is_question(text) for text in ("overfitting", " dropout ", "why nan", "过拟合")] == [
        False,
        False,
        True,
        True,
    ]


def test_a_question_needs_no_numpy() -> None:
    code = (
        "import sys; sys.modules['numpy'] = sys.modules['tensorflow'] = None\n"
        "from nnctl.topics import find_topics\nassert find_topics(['why is my loss nan'])[0].name == 'nan-loss'"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2])
