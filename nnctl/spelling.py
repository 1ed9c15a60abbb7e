"""Names: in one form, however it is written; the one that was meant by a misspelt one; some of many for a message; and as
they stand in files that people look at.
"""

import json
import unicodedata
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Any

# What a cell begins with that a spreadsheet takes for a formula (OWASP, CSV Injection), in full width, too.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def find_nearest(name: str, names: Iterable[str]) -> str | None:
    """The name that looks most like `name`, or None: the same letters in another order (`adma`), else by difflib's ratio.

    The ratio must be 0.6 at least, difflib's default. Of names that differ in case only the first counts.
    """
    known: dict[str, str] = {}
    for candidate in names:
        known.setdefault(candidate.lower(), candidate)
    swapped = [candidate for candidate in known if sorted(candidate) == sorted(name.lower())]
    found = swapped or get_close_matches(name.lower(), known, n=1)
    return known[found[0]] if found else None


def find_certain(name: str, names: Iterable[str]) -> str | None:
    """The one name that `name` can only be a slip of, or None where it is far from all of them, or near to two.

    A slip is one letter too many, too few, another, or exchanged with the next one (Damerau 1964: over four in five of all
    misspellings); case, `-` and `_` make no difference, and digits are no slip: `conv4d` is none of `conv1d` to `conv3d`.
    """
    written = strip_name(name)
    near: dict[str, str] = {}
    for candidate in names:
        plain = strip_name(candidate)
        if plain == written:
            return candidate
        if len(written) >= _LEAST and _is_slip(written, plain):
            near.setdefault(plain, candidate)
    return next(iter(near.values())) if len(near) == 1 else None


_LEAST = 3  # letters: of two, one slip leaves one


def strip_name(name: str) -> str:
    """A name without its case and what joins its words: `Batch_size` is `batchsize`."""
    return name.lower().replace("_", "").replace("-", "")


def _is_slip(written: str, meant: str) -> bool:
    """Whether one slip makes a text of another, all digits staying as they are."""
    if list(filter(str.isdigit, written)) != list(filter(str.isdigit, meant)):
        return False
    pairs = enumerate(zip(written, meant, strict=False))
    same = next((at for at, (one, other) in pairs if one != other), min(len(written), len(meant)))
    left, right = written[same:], meant[same:]
    swapped = left[:2][::-1] + left[2:]
    return right in (left[1:], swapped) or left[1:] == right[1:] or left == right[1:]


def format_names(names: Sequence[str], most: int = 8) -> str:
    """Some names for a message: at most eight, and how many more there are."""
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return ", ".join(map(repr, names[:most])) + more


def limit(sentences: Sequence[str], what: str, most: int = 8) -> tuple[str, ...]:
    """Sentences for the terminal, one a column or the like: at most eight, and how many there are of which nothing is told.

    >>> limit(["a is empty", "b is empty", "c is empty"], "columns are like these", 1)
    ('a is empty', 'and 2 more columns are like these')

    Args:
        sentences: all of them.
        what: what is said of the others, behind their number.
        most: how many are told.
    """
    left = len(sentences) - most
    return (*sentences[:most], f"and {left:,} more {what}") if left > 0 else tuple(sentences)


def compose(text: str) -> str:
    """A text with its accents composed (NFC), as almost all programs but those of a Mac write it."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def is_run_name(text: str) -> bool:
    """Whether a text can name a run, and so be a part of a folder's name: letters and digits of any script, `.`, `_`, `-`.

    It means the same to every shell and file system: no blank, no sign of a shell's, nothing that does not print.
    """
    fits = len(text) <= _LONGEST and len(text.encode("utf-8", "replace")) <= _MOST_BYTES
    return fits and text[:1].isalnum() and all(map(_is_plain, text)) and text != "latest"  # which means the newest run


def make_run_name(text: str) -> str:
    """The part of a text that can name a run: what cannot stand in a name becomes `-`; `spec` where nothing is left."""
    plain = "".join(each if _is_plain(each) else " " for each in compose(text)[:_LONGEST])
    name = "-".join(plain.split()).strip("-._")
    while len(name.encode("utf-8", "replace")) > _MOST_BYTES:
        name = name[:-1].rstrip("-._")
    return name if is_run_name(name) else "spec"


# A folder's name has 255 bytes, of which the time and the end of an id take 21.
_LONGEST, _MOST_BYTES = 64, 200


def _is_plain(letter: str) -> bool:
    """Whether a letter can stand in a run's name: vowels of many scripts are marks of their own."""
    return letter in "._-" or (unicodedata.category(letter)[0] in "LMN" and letter.isprintable())


def dump_json(value: object, **asked: Any) -> str:
    """A value as JSON for a file, as `json.dumps` makes it: letters as they are, what does not print as JSON's escapes."""
    text = json.dumps(value, ensure_ascii=False, **asked)
    return "".join(c if c.isprintable() or c == "\n" else json.dumps(c)[1:-1] for c in text)


def quote_formula(cell: str) -> str:
    """A cell of a CSV that people open in a spreadsheet: what would be a formula there is a text, a number stays one."""
    return f"'{cell}" if cell.startswith(_FORMULA) and not _is_number(cell) else cell


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
