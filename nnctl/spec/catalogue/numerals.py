"""Numbers that are not written as the spec takes them: in quotes, in per cent, `1e3` for a whole number."""

import math
import re

from nnctl.spec.catalogue.kinds import Kind, Number

_NUMERIC = re.compile(r"([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*(%?)")


# Digits in groups, which YAML 1.2 has not, and a comma where YAML has a point.
_GROUPED = re.compile(r"[-+]?[1-9]\d{0,2}(?:(?:,\d{3})+|(?:_\d{3})+|(?:[ \u00a0\u202f]\d{3})+)(?:\.\d+)?")
_PER_CENT = 10  # below, 5 is more likely a slip of 0.5
_COMMA = re.compile(r"[-+]?\d*,\d+\s*%?")


def parse_number(text: str) -> float | None:
    """The number that a text stands for: in quotes, in per cent, with a decimal comma, or with its digits in groups."""
    plain = re.sub(r"[,_\s]", "", text) if _GROUPED.fullmatch(text) else text
    plain = plain.replace(",", ".") if _COMMA.fullmatch(plain) else plain
    if not (found := _NUMERIC.fullmatch(plain)):
        return None
    value = float(found[1]) / (100 if found[2] else 1)
    return round(value, 12) if math.isfinite(value) else None


def suggest_number(value: object, kind: Kind) -> str | None:
    """A hint for a number in quotes, in per cent, or written as no whole number, that would be taken as one."""
    form = _convert(value, kind)
    if form is None and (share := _find_share(value, kind)) is not None:
        return f"in per cent? write {share:g}"
    return (
        None if form is None else f"write {form}" + " without quotes" * (isinstance(value, str) and _is_quoted(value))
    )


def find_meant_number(value: object, kind: Kind) -> str | None:
    """The number as it should stand, where it can be no other: in quotes, or whole and written as a fraction (`1e3`).

    What is in per cent or has a comma may be meant otherwise: `1,000` is 1 to some, and a thousand to others.
    """
    form = _convert(value, kind) if not isinstance(value, str) or _is_quoted(value) else None
    return None if form is None else str(form)


def _convert(value: object, kind: Kind) -> float | None:
    """The number that the kind takes for a value that it does not take."""
    meant = parse_number(value) if isinstance(value, str) else value if isinstance(value, float) else None
    if meant is None or isinstance(value, bool) or not math.isfinite(meant):
        return None
    forms = ([int(meant)] if meant.is_integer() else []) + [meant] * isinstance(value, str)
    return next((form for form in forms if any(isinstance(each, Number) and each.fits(form) for each in kind)), None)


def _find_share(value: object, kind: Kind) -> float | None:
    """A number from 10 to 100 as a share, where the kind takes shares and no such number: a dropout of 30."""
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not _PER_CENT <= value <= 100:
        return None
    numbers = [each for each in kind if isinstance(each, Number)]
    shares = numbers and all(not each.whole and not each.fits(2) and each.fits(0.5) for each in numbers)
    return value / 100 if shares and any(each.fits(value / 100) for each in numbers) else None


def _is_quoted(text: str) -> bool:
    """Whether what is a text to YAML would be a number without its quotes."""
    return text.isascii() and not text.endswith("%") and bool(_NUMERIC.fullmatch(text))
