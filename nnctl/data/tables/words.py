"""One form for words that are written in several ways: `1`, `1.0` and `1e0`, `True` and `TRUE`, one or two signs for an é."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal

from nnctl.spelling import compose

# As people and programs write one number. With a zero in front (01) or with two digits in front of its exponent (12E3) it is
# the code of something, and stands for itself.
_NUMBER = re.compile(r"[-+]?((0|[1-9]\d*)(\.\d*)?|\.\d+|\d(\.\d*)?[eE][-+]?\d{1,3})", re.ASCII)
_EXACT = 1 << 53  # the whole numbers up to here are all float64's
_TOLD = 3  # groups of words that are named
_VERSION = re.compile(r"\d+(\.\d+){2,}", re.ASCII)  # beside 1.1.2 the texts 1.1 and 1.10 are two versions


def parse_number(text: str) -> float | None:
    """The number that a text is, or None; `1_000`, which Python takes for one, is none, and `nan` is one."""
    try:
        return None if "_" in text else float(text)
    except ValueError:
        return None


def standardise(word: str) -> str:
    """A word in the one form of all those that mean the same: a number without idle signs, `True`, `False`, or NFC."""
    if word.isascii() and word.isdigit():  # the most, and with a zero in front a code
        return word
    if word.casefold() in ("true", "false"):
        return word.capitalize()
    return _write_number(word) if _NUMBER.fullmatch(word) else compose(word)


def merge_words(words: Sequence[str], alone: bool = False) -> tuple[list[int], tuple[str, ...]]:
    """The words of one column, those that mean the same as one.

    Args:
        words: different ones.
        alone: whether a word that no other means the same as takes the common form, too.

    Returns:
        The index of each among the new words; and these, in the order of their first.
    """
    form = compose if any(map(_VERSION.fullmatch, words)) else standardise
    forms = list(map(form, words))
    places: dict[str, int] = {}
    codes = [places.setdefault(each, len(places)) for each in forms]
    counts, shown = Counter(codes), dict(zip(codes, words, strict=True))
    kept = (each if alone or counts[at] > 1 else compose(shown[at]) for each, at in places.items())
    return codes, tuple(kept)


def is_code(word: str) -> bool:
    """Whether a whole number names something and measures nothing: it begins with a zero, or floats do not hold it."""
    digits = word.removeprefix("-")
    return digits.isascii() and digits.isdigit() and (digits[0] == "0" < digits or int(digits) > _EXACT)


class Known:
    """Words that are known, in whatever form another file writes them.

    Args:
        words: the words.
        exact: whether each is known in its own form alone.
    """

    def __init__(self, words: Iterable[str], exact: bool = False) -> None:
        self.exact = exact
        self.own: dict[str, int] = {}
        self.common: dict[str, int] = {}
        for index, word in enumerate(words):
            self.own[word if exact else compose(word)] = index
            form = standardise(word)
            self.common[form] = -1 if form in self.common else index  # two of them: each in its own form alone

    def find(self, word: str) -> int:
        """The index of a word, or -1 where it is not known."""
        if self.exact:
            return self.own.get(word, -1)
        found = self.own.get(compose(word))
        return self.common.get(standardise(word), -1) if found is None else found


def describe_lookalikes(words: Iterable[str], kind: str) -> str | None:
    """That some words differ in capitals or blanks alone, or None.

    Args:
        words: the words.
        kind: what they are, such as `classes`.
    """
    groups: dict[str, list[str]] = {}
    for word in {standardise(word): word for word in words}.values():  # those of one form are one already
        groups.setdefault("".join(word.split()).casefold(), []).append(word)
    told = [" and ".join(map(repr, group)) for group in groups.values() if len(group) > 1]
    if not told:
        return None
    more = f", and {len(told) - _TOLD:,} more" if len(told) > _TOLD else ""
    return f"the {kind} {'; '.join(told[:_TOLD])}{more} differ in capitals or blanks alone: write them alike if they are one"


def _write_number(text: str) -> str:
    """A number of any length, every digit of it kept, without idle signs."""
    plain = format(Decimal(text), "f")
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return "0" if plain in ("-0", "") else plain
