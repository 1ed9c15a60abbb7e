"""Flags that several verbs share, and what they turn into."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from nnctl.cli.shell import completion, envelope
from nnctl.errors import Problem, UsageError

Proposing = Callable[..., completion.Proposals]


def argument(metavar: str, doc: str, proposing: Proposing | None = None) -> Any:
    """An argument of a verb, whose default, if it has one, is none to show.

    Args:
        metavar: how the help calls it.
        doc: the help's sentence about it.
        proposing: what completes it in a shell, or None.
    """
    return typer.Argument(metavar=metavar, help=doc, show_default=False, autocompletion=proposing)


def option(metavar: str, doc: str, proposing: Proposing, *names: str) -> Any:
    """An option of a verb that takes a value, and is left out by default.

    Args:
        metavar: how the help calls its value.
        doc: the help's sentence about it.
        proposing: what completes it in a shell.
        names: how it is written; as the parameter is called if there is none.
    """
    return typer.Option(*names, metavar=metavar, help=doc, show_default=False, autocompletion=proposing)


SpecPath = Annotated[Path, argument("SPEC", "A YAML spec.", completion.list_specs)]
RunName = Annotated[
    str, argument("RUN", "A path, a name, an id or its first characters, or `latest`.", completion.list_runs)
]
Settings = Annotated[
    list[str] | None,
    option("KEY=VALUE", "Replace a value of the spec: `train.epochs=3`. Repeatable.", completion.list_keys, "--set"),
]
Runs = Annotated[
    Path,
    typer.Option(
        "--runs",
        metavar="DIR",
        envvar="NNCTL_RUNS",
        help="The folder of the run directories.",
        autocompletion=completion.list_files,
    ),
]
Select = Annotated[
    list[str] | None,
    typer.Option(
        "--select", metavar="CODES", help="Report only these findings: `H02`, or `H` for every code that begins with H."
    ),
]
Ignore = Annotated[list[str] | None, typer.Option("--ignore", metavar="CODES", help="Do not report these findings.")]
Json = Annotated[bool, typer.Option("--json", callback=envelope.ask, help="Print the result as JSON.")]

RUNS = Path("runs")
_SIZE = re.compile(r"(\d{1,12}(?:\.\d{1,6})?)\s*([KMGT])?(?:i?B)?", re.IGNORECASE)


def merge_overrides(settings: list[str] | None, flags: Mapping[str, tuple[str, object]] = {}) -> list[tuple[str, str]]:
    """Overrides in the order in which they apply: each `--set`, then the flags that stand for one.

    Args:
        settings: the texts behind `--set`.
        flags: by flag name the key that it sets and its value, or None if it was not given.
    """
    given = [(f"--{flag}", f"{key}={value}") for flag, (key, value) in flags.items() if value is not None]
    return [*(("--set", text) for text in settings or ()), *given]


def parse_size(text: str | None, flag: str) -> int | None:
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
