"""Numbers that are not written as the spec takes them: in quotes, in per cent, `1e3` for a whole number."""

import math
import re

from nnctl.spec.catalogue.kinds import Kind, Number

_NUMERIC = re.compile(r"([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*(%?)")


def parse_number(text: str) -> float | None:
    """The number that a text stands for: in quotes, or in per cent."""
    if not (found := _NUMERIC.fullmatch(text)):
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
    quoted = isinstance(value, str) and not value.endswith("%")
    return next((f"write {form}" + " without quotes" * quoted for form in fits), None)
