"""Numbers that are not written as the spec takes them: in quotes, in per cent, `1e3` for a whole number."""

import math
import re

from nnctl.spec.catalogue.kinds import Kind, Number

_NUMERIC = re.compile(r"([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*(%?)")


# Digits in groups, which YAML 1.2 has not, and a comma where YAML has a point.
_GROUPED = re.compile(r"[-+]?[1-9]\d{0,2}(?:(?:,\d{3})+|(?:_\d{3})+|(?:[ \u00a0\u202f]\d{3})+)(?:\.\d+)?")
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
    meant = parse_number(value) if isinstance(value, str) else value if isinstance(value, float) else None
    if meant is None or isinstance(value, bool) or not math.isfinite(meant):
        return None
    forms = ([int(meant)] if meant.is_integer() else []) + [meant] * isinstance(value, str)
    fits = (form for form in forms if any(isinstance(each, Number) and each.fits(form) for each in kind))
    # What is a number to YAML is a text only in quotes.
    quoted = isinstance(value, str) and value.isascii() and not value.endswith("%") and bool(_NUMERIC.fullmatch(value))
    return next((f"write {form}" + " without quotes" * quoted for form in fits), None)
