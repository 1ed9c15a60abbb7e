"""A question in words: the topics that answer it, ranked by the words they share with it.

The index is made from the topics themselves when a question is asked, so that there is no file of it to go stale. Words are
compared by their stems, Chinese by pairs of signs; a rare word counts more than a common one, and one in a name more than one
in a text.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from math import log

from nnctl.topics.topic import Shelf, Topic

# What a word counts in a name, in a heading or the first sentence, and in a text.
_NAME, _HEAD, _TEXT = 3.0, 1.5, 0.5
_WHOLE = 1.5  # what a name counts that stands whole in the question, as a multiple of the weight of its words
_LEAST = 0.5  # the share of the question's weight that a topic must speak of to be an answer
_LEAST_NAME = 0.3  # the same, where it speaks of it by one of its names
_WORD = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]+")
_ENDINGS = ("ization", "isation", "izing", "ising", "ations", "ation", "ing", "ies", "ed", "es", "s", "e", "y")
_EMPTY = frozenset(
    _WORD.findall(
        "a about am an and any are as at be but by can could did do does doing explain for from get give go goes had has have "
        "how i if in into is it its just like make mean means me my need no nnctl not of on one or our please shall should so "
        "some than that the their them then there these this to too use used using want was we were what when where which "
        "while who why will with would you your choose difference between happen happens help much many t s don doesn isn won "
        "什么 怎么 怎样 如何 为什 为何 是什 么是 应该 我的 可以 哪个 哪些 么办 一个 有什 多少 请问 的吗 吗"
    )
)


@dataclass(frozen=True, slots=True)
class _Page:
    """A topic, what each word counts in it, and its names as words."""

    shelf: Shelf
    name: str
    words: Mapping[str, float]
    names: Sequence[frozenset[str]]


def rank(question: str, shelves: Sequence[Shelf]) -> list[Topic]:
    """The topics that speak of what is asked, the best first; none where nothing fits."""
    pages = _list_pages(tuple(shelves))
    asked = _cut(question)
    weights = {word: _weigh(word, pages) for word in asked}
    total = sum(weights.values())
    scored = list[tuple[float, int]]()
    for place, page in enumerate(pages):
        known = asked & page.words.keys()
        whole = max((sum(map(weights.__getitem__, name)) for name in page.names if name <= asked), default=0.0)
        # Of Chinese signs many a pair is no word, so that a name is enough there; else it must be a good part of the question.
        named = whole >= (_LEAST_NAME * total if question.isascii() else 0.0) and whole > 0
        if known and (named or sum(weights[word] for word in known) >= _LEAST * total):
            score = sum(weights[word] * page.words[word] for word in known) + _WHOLE * _NAME * whole
            scored.append((score, place))
    found = [pages[place] for _, place in sorted(scored, key=lambda each: (-each[0], each[1]))]
    return [topic for page in found if (topic := page.shelf.topic(page.name)) is not None]


def is_question(text: str) -> bool:
    """Whether a text is more than one word, or Chinese, which has no blanks between its words."""
    return " " in text.strip() or not text.isascii()


def _weigh(word: str, pages: Sequence[_Page]) -> float:
    """What a word tells: the fewer topics have it, the more (inverse document frequency)."""
    return log(1 + len(pages) / (1 + sum(word in page.words for page in pages)))


@cache
def _list_pages(shelves: tuple[Shelf, ...]) -> tuple[_Page, ...]:
    return tuple(_make_page(shelf, name) for shelf in shelves for name in shelf.names())


def _make_page(shelf: Shelf, name: str) -> _Page:
    topic = shelf.topic(name)
    assert topic is not None, name
    names = [_cut(each) for each in (name, *shelf.others(name))]
    heads = " ".join([topic.what, *(heading for heading, _ in topic.sections)])
    words = dict.fromkeys(_cut(" ".join(text for _, text in topic.sections)), _TEXT)
    words |= dict.fromkeys(_cut(heads), _HEAD)
    words |= dict.fromkeys((word for each in names for word in each), _NAME)
    return _Page(shelf, name, words, [each for each in names if each])


def _cut(text: str) -> frozenset[str]:
    """The words of a text by which it can be found: stems, and pairs of Chinese signs."""
    return frozenset(chain.from_iterable(map(_cut_word, set(_WORD.findall(text.lower())))))


@cache
def _cut_word(word: str) -> tuple[str, ...]:
    if word.isascii():
        return () if word in _EMPTY else (_stem(word),)
    pairs = (word[place : place + 2] for place in range(max(1, len(word) - 1)))
    return tuple(pair for pair in pairs if pair not in _EMPTY)


def _stem(word: str) -> str:
    """A word without its ending, for comparing alone: `trains`, `training` and `trained` are one."""
    found = (ending for ending in _ENDINGS if word.endswith(ending) and len(word) - len(ending) >= 3)
    return word[: len(word) - len(next(found, ""))]
