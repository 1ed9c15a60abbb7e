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


def facts_of(files: Mapping[str, bytes]) -> dict[str, Any]:
    """What `state.json` says.

    Raises:
        RunError: it is not what this version writes.
    """
    try:
        facts = json.loads(files[STATE])
    except (KeyError, ValueError, RecursionError):
        facts = None
    if not isinstance(facts, dict) or not _sound(facts):
        raise RunError(Problem("bad-checkpoint", f"its {STATE} is not one that this version of nnctl writes"))
    return facts


def _sound(facts: dict[str, Any]) -> bool:
    if facts.get("format") != FORMAT or not all(
        name in facts and check(facts[name]) for name, check in _CHECKS.items()
    ):
        return False
    best, epoch = facts["best"]["epoch"], facts["epoch"]
    return len(facts["history"]) == epoch and (best is None or 1 <= best <= epoch)


def _count(value: Any) -> bool:
    return type(value) is int and 0 <= value < _MOST


def _flag(value: Any) -> bool:
    return isinstance(value, bool)


def _number(value: Any) -> bool:
    """Whether it is a number as JSON holds it: those that JSON lacks are texts."""
    if isinstance(value, str):
        return value in ("nan", "inf", "-inf")
    return type(value) in (int, float) and abs(value) <= sys.float_info.max


def _callback(value: Any) -> bool:
    return isinstance(value, dict) and all(
        name in FIELDS and (each is None or _number(each)) for name, each in value.items()
    )


def _best(value: Any) -> bool:
    if not isinstance(value, dict) or value.keys() != {"epoch", "value"}:
        return False
    return (value["epoch"] is None or _count(value["epoch"])) and _number(value["value"])


def _history(value: Any) -> bool:
    """Whether it is rows of the same numbers."""
    if not isinstance(value, list) or not all(isinstance(row, dict) and row.keys() >= _HEAD for row in value):
        return False
    return all(row.keys() == value[0].keys() and all(map(_number, row.values())) for row in value)


def _fingerprints(value: Any) -> bool:
    kinds = {"spec": str, "data": str, "versions": dict, "platform": dict}
    return isinstance(value, dict) and all(isinstance(value.get(name), kind) for name, kind in kinds.items())


def _list_of(check: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and all(map(check, value))


_CHECKS: dict[str, Callable[[Any], bool]] = {
    "epoch": _count, "step": _count, "entered": _flag, "rate": _number, "seconds": _number, "elapsed": _number,
    "stopped": _flag, "callbacks": _list_of(_callback), "best": _best, "history": _history,
    "fingerprints": _fingerprints, "arrays": _list_of(lambda each: isinstance(each, list)),
}  # fmt: skip
