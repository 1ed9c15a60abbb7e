"""Numbers that a table's author has dressed: with a currency, a unit, a per cent sign, marks between thousands, brackets."""

import re
from dataclasses import dataclass

from nnctl.data.tables.words import parse_number

# Blanks of every width, apostrophes and minus signs of typesetters, signs as wide as a Chinese one and the digits of other
# scripts, as those of a keyboard.
_ZEROS = "\uff10\u0660\u06f0\u0966"
_KEYS = str.maketrans(
    dict.fromkeys("\u00a0\u2007\u2009\u202f\u3000", " ")
    | {
        "\u2019": "'",
        "\u2212": "-",
        "\u2013": "-",
        "\uff0d": "-",
        "\uff0c": ",",
        "\uff0e": ".",
        "\u066b": ".",
        "\u066c": ",",
    }
    | {"\uff05": "%", "\u066a": "%", "\uff04": "$", "\uffe5": "\u00a5"}
    | {chr(ord(zero) + digit): str(digit) for zero in _ZEROS for digit in range(10)}
)
# In front of a number stand comparisons, and currencies by sign or by ISO 4217's letters: other letters make a code of it, as
# in A12.
_BEFORE = (
    r"(?:[<>≤≥~≈±]=?|[A-Z]{0,3}[$€£¥₹₽₩₪₫₺₴₦₱฿₡₲₸₵₭₮¢]|USD|EUR|GBP|CHF|JPY|CNY|RMB|INR|AUD|CAD|NZD|SEK|NOK|DKK|ISK|PLN|CZK|HUF|RON|"
    r"BGN|RUB|UAH|TRY|ILS|AED|SAR|EGP|ZAR|NGN|KES|BRL|MXN|ARS|CLP|COP|PEN|KRW|TWD|HKD|SGD|THB|IDR|MYR|PHP|VND|PKR|"
    r"Rs\.?|kr\.?|Fr\.?|SFr\.?|Rp\.?)"
)
_UNIT = r"(?:\+|[^\W\d_]|[%‰°$€£¥₹₽₩₪₫₺₴₦₱฿¢µ\"′″])[^\s\d()_:;|<>=,]{0,14}[23]?(?: [^\s\d()_:;|<>=,]{1,14}){0,2}"
_CORE = r"[0-9][0-9.,' _]*(?:[eE][-+]?[0-9]+)?|[.,][0-9]+"
_SHAPE = re.compile(
    rf"(?P<open>\()?\s*(?P<sign>[-+])?\s*(?P<before>{_BEFORE})?\s*(?P<inner>[-+])?\s*(?P<core>{_CORE})"
    rf"\s*(?P<after>{_UNIT})?\s*(?P<minus>-)?\s*(?(open)\))"
)
# Thousands by threes, and, as in India, by twos above the first three.
_CORES = {
    ".": re.compile(
        r"(?:\d{1,3}(?:,\d{3})+|\d{1,2}(?:,\d{2})*,\d{3}|\d{1,3}(?:(?P<mark>[ '_])\d{3})(?:(?P=mark)\d{3})*|\d+)"
        r"(?:\.\d*)?(?:[eE][-+]?\d+)?|\.\d+",
        re.ASCII,
    ),
    ",": re.compile(
        r"(?:\d{1,3}(?:(?P<mark>[. '_])\d{3})(?:(?P=mark)\d{3})*|\d+)(?:,\d*)?(?:[eE][-+]?\d+)?|,\d+", re.ASCII
    ),
}
_MONTH = r"[^\W\d_]{3,9}\.?"
_CLOCK = r"\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?( ?[AaPp]\.?[Mm]\.?)?(Z| ?[-+]\d{2}:?\d{2})?"
_YEAR = r"(?:1[5-9]|2[01])\d{2}"
_DAYS = (
    rf"{_YEAR}[-/.]\d{{1,2}}(?:[-/.]\d{{1,2}})?",  # 2024-07-31, 2024/7
    rf"\d{{1,2}}[-/.]\d{{1,2}}[-/.]{_YEAR}",  # 31.7.2024
    r"\d{1,2}([-/])\d{1,2}\1\d{2}|\d{2}\.\d{2}\.\d{2}",  # 7/31/24, 31.07.24, but not 1.2.10, a version
    rf"\d{{1,2}}\.?[ -/]{_MONTH}[ ,-/]{{1,2}}(?:{_YEAR}|\d{{2}})",  # 31 July 2024, 31-Jul-24
    rf"{_MONTH}[ -](?:\d{{1,2}},? )?{_YEAR}",  # July 31, 2024
    rf"{_YEAR}[年년] ?\d{{1,2}}[月월](?: ?\d{{1,2}}[日일])?",
    rf"{_YEAR}[- ]?[QWqw]\d{{1,2}}|[Qq][1-4][ /-]?{_YEAR}",  # 2024-W31, Q3 2024
)
_DATE = re.compile(rf"(?:{_MONTH},? )?(?:{'|'.join(_DAYS)})(?:[T ]{_CLOCK})?")
# 12:30, 1:02:03.5, 5'11", 2h 30m, 120/80, 4 x 6, 1.5x10^3, 52°31'N.
_PARTS = re.compile(
    rf"-?(\d+[:]\d{{2}}|{_CLOCK}|\d+ ?['′] ?\d+ ?[\"″]?|(\d+ ?[dhmswy][a-z]{{0,6}} ?){{2,}}"
    r"|\d+([.,]\d+)?( ?[/x×*] ?\d+([.,]\d+)?){1,3}(\^-?\d+)?|\d+ ?° ?\d+([.,]\d+)?.*)"
)
_POINTS = re.compile(r"\d{1,4}\.\d{1,2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Dressed:
    """A number in a text.

    Attributes:
        number: as Python reads it: `-1234.5`.
        unit: what stands in front of it and behind it, such as `$` or `km/h`; "" where there are other marks, or none.
    """

    number: str
    unit: str


def undress(text: str, decimal: str = ".") -> Dressed | None:
    """The number that a text holds, plain or dressed; None if it holds none, or more than one.

    Brackets, and a minus behind, make it negative: that is how accounts write it. A per cent stays what is written, 45.

    Args:
        text: the text.
        decimal: what stands before the fraction, `.` or `,`; the other one may stand between thousands.
    """
    found = _SHAPE.fullmatch(text.translate(_KEYS).strip())
    if found is None:
        return None
    core, behind = found["core"].strip(), found["minus"]
    if behind and core[-1] in ".,":  # a Swiss price without its fraction: 12.-
        core, behind = core[:-1], None
    if not _CORES[decimal].fullmatch(core):
        return None
    minus = sum(map(bool, (found["open"], behind, found["sign"] == "-", found["inner"] == "-")))
    if minus > 1:
        return None
    digits = re.sub(r"[,' _]" if decimal == "." else r"[.' _]", "", core).replace(",", ".")
    unit = " ".join(part.strip() for part in (found["before"], found["after"]) if part)
    return Dressed("-" * minus + digits, unit)


def read_dressed(text: str, unit: str, decimal: str) -> str | None:
    """The number that a text holds, as Python reads it; None if it is no number with this unit.

    A plain zero needs no unit, and without one a plain number is read as it is.
    """
    plain = parse_number(text)
    if plain is not None and (not unit or plain == 0):
        return text
    found = undress(text, decimal)
    return found.number if found is not None and found.unit == unit else None


def explain_wanted(unit: str) -> str:
    """What a column of dressed numbers holds, for a message."""
    return f"expected a number with {unit!r}" if unit else "expected a number"


def find_number(text: str) -> Dressed | None:
    """The number that a text holds, whichever of point and comma begins its fraction."""
    return undress(text) or undress(text, ",")


def is_date(text: str) -> bool:
    """Whether a text is a date, with a time or without."""
    return _DATE.fullmatch(text) is not None and not _POINTS.fullmatch(text)


def has_parts(text: str) -> bool:
    """Whether a text is one amount in several numbers: a time, a duration, feet and inches."""
    return _PARTS.fullmatch(text) is not None and not is_date(text)
