"""What a checkpoint's `state.json` may say: it may be somebody else's, so that its form is checked before it is used."""

import json
import sys
from collections.abc import Callable, Mapping
from typing import Any

from nnctl.engine.loop.snapshot import FIELDS
from nnctl.errors import Problem, RunError

STATE = "state.json"
FORMAT = 1
_HEAD = {"epoch", "step", "seconds", "learning_rate", "loss"}
_MOST = 2**53  # a count beyond it is no float any more


def parse_facts(files: Mapping[str, bytes]) -> dict[str, Any]:
    """What `state.json` says.

    Raises:
        RunError: it is not what this version writes.
    """
    try:
        facts = json.loads(files[STATE])
    except (KeyError, ValueError, RecursionError):
        facts = None
    if not isinstance(facts, dict) or not _is_sound(facts):
        raise RunError(Problem("bad-checkpoint", f"its {STATE} is not one that this version of nnctl writes"))
    return facts


def _is_sound(facts: dict[str, Any]) -> bool:
    if facts.get("format") != FORMAT or not all(
        name in facts and check(facts[name]) for name, check in _CHECKS.items()
    ):
        return False
    if not (facts.get("first") is None or _is_number(facts["first"])):  # which earlier versions did not write
        return False
    best, epoch = facts["best"]["epoch"], facts["epoch"]
    return len(facts["history"]) == epoch and (best is None or 1 <= best <= epoch)


def _is_count(value: Any) -> bool:
    return type(value) is int and 0 <= value < _MOST


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def _is_number(value: Any) -> bool:
    """Whether it is a number as JSON holds it: those that JSON lacks are texts."""
    if isinstance(value, str):
        return value in ("nan", "inf", "-inf")
    return type(value) in (int, float) and abs(value) <= sys.float_info.max


def _is_callback(value: Any) -> bool:
    return isinstance(value, dict) and all(
        name in FIELDS and (each is None or _is_number(each)) for name, each in value.items()
    )


def _is_best(value: Any) -> bool:
    if not isinstance(value, dict) or value.keys() != {"epoch", "value"}:
        return False
    return (value["epoch"] is None or _is_count(value["epoch"])) and _is_number(value["value"])


def _is_history(value: Any) -> bool:
    """Whether it is rows of the same numbers."""
    if not isinstance(value, list) or not all(isinstance(row, dict) and row.keys() >= _HEAD for row in value):
        return False
    return all(row.keys() == value[0].keys() and all(map(_is_number, row.values())) for row in value)


def _is_fingerprints(value: Any) -> bool:
    kinds = {"spec": str, "data": str, "versions": dict, "platform": dict}
    return isinstance(value, dict) and all(isinstance(value.get(name), kind) for name, kind in kinds.items())


def _make_list_check(check: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and all(map(check, value))


_CHECKS: dict[str, Callable[[Any], bool]] = {
    "epoch": _is_count, "step": _is_count, "entered": _is_flag, "seconds": _is_number, "elapsed": _is_number,
    "stopped": _is_flag, "callbacks": _make_list_check(_is_callback), "best": _is_best, "history": _is_history,
    "fingerprints": _is_fingerprints, "arrays": _make_list_check(lambda each: isinstance(each, list)),
}  # fmt: skip
