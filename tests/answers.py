"""What every answer in JSON has in common, whatever the command and its end; `nnctl explain json` promises it."""

import json
import subprocess
from collections.abc import Iterator
from typing import Any

OWN = {"format", "command", "ok", "exit_code", "errors"}
PLACE = {"file", "flag", "line", "column", "width", "from"}
ERROR = {"code", "message", "hint", "place"}
VERDICTS = (0, 1)  # exit codes of a command that has come to its end


def read_answer(done: subprocess.CompletedProcess[str], command: str | None) -> dict[str, Any]:
    """The one object on stdout, which agrees with the exit code, and whose errors and places have the same keys as any."""
    told: dict[str, Any] = json.loads(done.stdout, parse_constant=_refuse)
    assert told.keys() >= OWN
    assert (told["format"], told["command"]) == (1, command)
    assert (told["exit_code"], told["ok"]) == (done.returncode, done.returncode == 0)
    assert bool(told["errors"]) == (done.returncode not in VERDICTS), told["errors"]
    for error in told["errors"]:
        assert error.keys() == ERROR
    for key, value in _walk({name: each for name, each in told.items() if name != "schema"}):
        placed = isinstance(value, dict) and ({"line", "column"} & value.keys() or key == "place")
        if placed:
            assert key in ("place", "from")
            assert value.keys() == PLACE
            assert (value["file"] is None) != (value["flag"] is None)
            assert min(value["line"], value["column"], value["width"]) >= 1
    return told


def _walk(value: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    """Each value at any depth, with the key that it, or the list that it is in, stands behind."""
    yield key, value
    if isinstance(value, dict):
        inside = list(value.items())
    else:
        inside = [(key, each) for each in value] if isinstance(value, list) else []
    for name, each in inside:
        yield from _walk(each, name)


def _refuse(name: str) -> None:
    raise AssertionError(f"{name} is no JSON")
