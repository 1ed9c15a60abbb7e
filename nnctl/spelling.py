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


def format_names(names: Sequence[str], most: int = 8) -> str:
    """Some names for a message: at most eight, and how many more there are."""
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return ", ".join(map(repr, names[:most])) + more


def compose(text: str) -> str:
    """A text with its accents composed (NFC), as almost all programs but those of a Mac write it."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


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
