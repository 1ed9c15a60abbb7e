"""Points in time as people write them in a column: which of them is later, for all of one column read in one way."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from nnctl.data.tables.words import parse_number

# 31.01.2024, 1/31/2024, with a time or without: which number is the day, the whole column tells.
_PARTS = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?:[T ]+(\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?))?", re.ASCII)
# 2024-01-31 with -, / or ., with a time, a fraction of a second and a zone or without; a month alone.
_YEAR_FIRST = re.compile(
    r"(\d{4})([-/.])(\d{1,2})(?:\2(\d{1,2})(?:[T ]+(\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?) ?(Z|UTC|[+-]\d{2}:?\d{2})?)?)?",
    re.ASCII,
)
_BIRTH = re.compile("birth|born|geb(urt|oren)|(^|[^a-z])dob([^a-z]|$)|nacim|naiss")
_TIME = re.compile("time|date|stamp|epoch|when|(^|[^a-z])(ts|at|day|zeit|datum|fecha|utc)([^a-z]|$)")
# Seconds of 1990 to 2100; columns hold them, or thousandths, millionths or billionths of them.
_FIRST, _LAST, _UNITS = 631_152_000, 4_102_444_800, (1, 10**3, 10**6, 10**9)
_BEGIN = datetime(1970, 1, 1, tzinfo=UTC)


class TimesError(Exception):
    """Texts that are no times, or whose order is not known.

    Attributes:
        word: the text at fault.
        message: what is wrong with it, to complete "holds WORD, ...".
        hint: what to do.
    """

    def __init__(self, word: str, message: str, hint: str = "write dates as 2024-01-31") -> None:
        super().__init__(message)
        self.word, self.message, self.hint = word, message, hint


class Times(NamedTuple):
    """Times that can be compared: microseconds since 1970 in UTC, or numbers as they were; and how dates were read, if told."""

    values: list[int] | list[float]
    told: str | None = None


def parse_times(words: Sequence[str]) -> Times:
    """The times that the different texts of a column write.

    All are numbers, which rise with time; or dates with the year in front; or dates with the year at the end, of which one has a
    day beyond 12, so that day and month are known.

    Raises:
        TimesError: a text is none of these, or day and month cannot be told apart.
    """
    numbers = [_parse_exactly(word) for word in words]
    if all(number is not None for number in numbers):
        return Times([number for number in numbers if number is not None])
    if all(_YEAR_FIRST.fullmatch(word) for word in words):
        return Times(_parse_year_first(words))
    if all(_PARTS.fullmatch(word) for word in words):
        return _parse_year_last(words)
    date = next((word for word in words if is_date(word)), None)
    strange = next((word for word in words if not is_date(word)), None)
    strange = strange or next(word for word in words if not _PARTS.fullmatch(word))
    other = next((word for word in words if _PARTS.fullmatch(word)), date)
    raise TimesError(strange, "neither a number nor a date" if date is None else f"and in other rows {other!r}")


def is_date(word: str) -> bool:
    """Whether a text is written as a date is, with a time or without; 3867.1 is a number and no month."""
    found = _YEAR_FIRST.fullmatch(word)
    return found[2] != "." or found[4] is not None if found else _PARTS.fullmatch(word) is not None


def _parse_exactly(word: str) -> int | float | None:
    """A number, whole ones exactly; None for what is none or not finite."""
    number = parse_number(word)
    if number is None or number != number or abs(number) == float("inf"):
        return None
    return int(word) if re.fullmatch(r"[+-]?\d+", word.strip(), re.ASCII) else number


def _parse_year_first(words: Sequence[str]) -> list[int]:
    matches = [found for word in words if (found := _YEAR_FIRST.fullmatch(word))]
    zoned = [found[6] is not None for found in matches]
    if any(zoned) and not all(zoned):
        raise TimesError(words[zoned.index(False)], f"without a zone, and in other rows {words[zoned.index(True)]!r}")
    return [_count(found[0], found[1], found[3], found[4] or "1", found[5], found[6]) for found in matches]


def _parse_year_last(words: Sequence[str]) -> Times:
    matches = [found for word in words if (found := _PARTS.fullmatch(word))]
    day_first = next((found[0] for found in matches if int(found[1]) > 12), None)
    month_first = next((found[0] for found in matches if int(found[3]) > 12), None)
    if day_first is not None and month_first is not None:
        raise TimesError(day_first, f"and in other rows {month_first!r}: the day stands in two places")
    if day_first is None and month_first is None:
        raise TimesError(words[0], "of which day and month cannot be told apart")
    day, month = (1, 3) if day_first is not None else (3, 1)
    values = [_count(found[0], found[4], found[month], found[day], found[5], None) for found in matches]
    sample = day_first or month_first
    return Times(values, f"{sample} is read with the {'day' if day_first is not None else 'month'} in front")


def _count(word: str, year: str, month: str, day: str, clock: str | None, zone: str | None) -> int:
    """Microseconds since 1970; what has no zone is taken to be UTC, as is the rest of its column."""
    hours, minutes, *seconds = (clock or "0:0").split(":")
    second, _, fraction = (seconds[0] if seconds else "0").partition(".")
    try:
        begin = datetime(int(year), int(month), int(day), int(hours), int(minutes), int(second), tzinfo=UTC)
    except ValueError as error:
        raise TimesError(word, f"which is no date: {error}") from None
    moment = begin - _find_offset(zone) + timedelta(microseconds=int(fraction[:6].ljust(6, "0")))
    return (moment - _BEGIN) // timedelta(microseconds=1)


def _find_offset(zone: str | None) -> timedelta:
    if zone is None or zone in ("Z", "UTC"):
        return timedelta()
    offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
    return -offset if zone[0] == "-" else offset


def hold_dates(name: str, words: Sequence[str]) -> bool:
    """Whether the different texts of a column are dates of what happened: several, and not when people were born.

    Args:
        name: the column's name.
        words: its texts. Numbers are dates where they read as 20240131, or are seconds or more since 1970 and the name says so.
    """
    if len(words) < 2 or _BIRTH.search(name.lower()):
        return False
    if all(map(is_date, words)):
        return True
    numbers = [_parse_exactly(word) for word in words]
    whole = [number for number in numbers if isinstance(number, int)]
    if len(whole) < len(numbers):
        return False
    since = any(all(_FIRST * unit <= number < _LAST * unit for number in whole) for unit in _UNITS)
    return all(map(_is_day, whole)) or (since and _TIME.search(name.lower()) is not None)


def could_be_date(name: str, word: str) -> bool:
    """Whether a column with such a text may be one that `hold_dates`; a text and its name tell most of all that are none."""
    if is_date(word):
        return True
    number = _parse_exactly(word) if word.strip("+-").isdecimal() else None
    if not isinstance(number, int):
        return False
    since = any(_FIRST * unit <= number < _LAST * unit for unit in _UNITS)
    return _is_day(number) or (since and _TIME.search(name.lower()) is not None)


def _is_day(number: int) -> bool:
    """Whether a number reads as a day of 1900 to 2099: 20240131."""
    try:
        datetime(number // 10_000, number // 100 % 100, number % 100, tzinfo=UTC)
    except (ValueError, OverflowError):  # of more digits than any day has
        return False
    return 1900 <= number // 10_000 < 2100
