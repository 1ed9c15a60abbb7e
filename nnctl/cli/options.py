"""Flags that several verbs share, and what they turn into."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from nnctl.cli import completion
from nnctl.errors import Problem, UsageError

SpecPath = Annotated[
    Path, typer.Argument(metavar="SPEC", help="A YAML spec.", show_default=False, autocompletion=completion.specs)
]
RunName = Annotated[
    str,
    typer.Argument(
        metavar="RUN",
        help="A path, the begin of an id, a name, or `latest`.",
        show_default=False,
        autocompletion=completion.runs,
    ),
]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help="Replace a value of the spec: `train.epochs=3`. Repeatable.",
        autocompletion=completion.settings,
    ),
]
Runs = Annotated[
    Path,
    typer.Option(
        "--runs",
        metavar="DIR",
        envvar="NNCTL_RUNS",
        help="The folder of the run directories.",
        autocompletion=completion.files,
    ),
]
Select = Annotated[
    list[str] | None,
    typer.Option("--select", metavar="CODES", help="Tell these findings only: `H02`, or `H` for all of a letter."),
]
Ignore = Annotated[list[str] | None, typer.Option("--ignore", metavar="CODES", help="Leave these findings out.")]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]

RUNS = Path("runs")
_SIZE = re.compile(r"(\d{1,12}(?:\.\d{1,6})?)\s*([KMGT])?(?:i?B)?", re.IGNORECASE)


def overriding(settings: list[str] | None, flags: Mapping[str, tuple[str, object]] = {}) -> list[tuple[str, str]]:
    """Overrides in the order in which they apply: each `--set`, then the flags that stand for one.

    Args:
        settings: the texts behind `--set`.
        flags: by flag name the key that it sets and its value, or None if it was not given.
    """
    given = [(f"--{flag}", f"{key}={value}") for flag, (key, value) in flags.items() if value is not None]
    return [*(("--set", text) for text in settings or ()), *given]


def size(text: str | None, flag: str) -> int | None:
    """A size in bytes, from `4GB`, `512MB` or a number of bytes; units are powers of 1024.

    Raises:
        UsageError: it is not a size.
    """
    if text is None:
        return None
    found = _SIZE.fullmatch(text.strip())
    if found is None or not float(found[1]):
        raise UsageError(Problem("bad-value", f"{flag} is {text!r}, expected a size", hint="`4GB`, `512MB`"))
    return int(float(found[1]) * 1024 ** "BKMGT".index((found[2] or "B").upper()))
