"""The `nnctl` command: its verbs, and the one place where an error becomes a message and an exit code.

0: done. 1: done, and the verdict is bad. 2: the input is wrong. 130 and 143: interrupted. A bug is one line and the path of
a saved traceback.
"""

import errno
import os
import sys
import tempfile
import traceback
from types import ModuleType
from typing import Annotated, NoReturn

import typer
from typer.exceptions import TyperException

from nnctl.cli import check, data, debug, doctor, evaluate, explain, init, listing, predict, runs, schema, show, train
from nnctl.cli.shell import completion
from nnctl.cli.shell.signals import remember_interrupt
from nnctl.errors import NnctlError, render, sanitize
from nnctl.version import __version__

# What a disk says that is full, read-only, not ours, or broken.
_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO)

app = typer.Typer(
    help="A neural network from a YAML file: checked, trained, evaluated.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("init")(init.init)
app.command("check")(check.check)
app.command("show")(show.show)
app.command("debug")(debug.debug)
app.command("train")(train.train)
app.command("evaluate")(evaluate.evaluate)
app.command("predict")(predict.predict)
app.add_typer(runs.app, name="runs")
app.command("explain")(explain.explain)
app.command("list")(listing.listing)
app.command("schema")(schema.schema)
app.add_typer(data.app, name="data")
app.command("doctor")(doctor.doctor)


def _print_version(value: bool) -> None:
    if value:
        print(f"nnctl {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """A neural network from a YAML file: checked, trained, evaluated."""


def main() -> NoReturn:
    """Runs the command line and exits."""
    sys.exit(_run())


def _run() -> int:
    if len(sys.argv) < 2 or {"-h", "--help"} & {*sys.argv}:
        _load_help()
    with remember_interrupt() as interrupt:
        try:
            with completion.mend_words():
                code = app(prog_name="nnctl", standalone_mode=False)
            sys.stdout.flush()
            return code if isinstance(code, int) else 0
        except BaseException as error:
            return 130 if interrupt.heard else _report_end(error)


def _report_end(error: BaseException) -> int:
    """Says what ended the command; the exit code."""
    match error:
        case NnctlError():
            print(render(error.problems), file=sys.stderr)
            return 2
        case TyperException():
            message = error.format_message()
            told = message if "\n" in message or not message else f"usage: {sanitize(message)}\n  see `nnctl --help`"
            print(told, file=sys.stderr)
            return 2
        case KeyboardInterrupt() | typer.Abort():
            return 130
        case BrokenPipeError():  # whoever read our output has seen enough, as in `nnctl runs | head`
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0
        case SystemExit(__context__=BrokenPipeError()):
            return 0  # Rich leaves with 1 where nobody reads its output any more, as in `nnctl --help | head -1`
        case OSError() if error.errno in _DISK:
            place = "" if error.filename is None else f"{sanitize(str(error.filename))}: "
            print(f"disk: {place}{error.strerror}\n  a run that was interrupted by it can be resumed", file=sys.stderr)
            return 2
        case Exception():
            print(_record_bug(error), file=sys.stderr)
            return 70  # EX_SOFTWARE of sysexits.h: neither the input nor the network is to blame
        case _:
            raise error


def _load_help() -> None:
    """Imports what Typer draws help with, but for what nnctl's has none of: Markdown and tracebacks, a third of the time.

    Whoever imports these later gets them.
    """
    absent = [name for name in ("markdown", "traceback") if f"rich.{name}" not in sys.modules]
    for name in absent:
        sys.modules[f"rich.{name}"] = stand_in = ModuleType(f"rich.{name}")
        setattr(stand_in, name.capitalize(), object)
    try:
        import typer.rich_utils  # noqa: F401
    finally:
        for name in absent:
            del sys.modules[f"rich.{name}"]


def _record_bug(error: Exception) -> str:
    """One line about a bug; the traceback goes into a file."""
    with tempfile.NamedTemporaryFile("w", prefix="nnctl-", suffix=".txt", delete=False) as saved:
        traceback.print_exception(error, file=saved)
    summary = sanitize(f"{type(error).__name__}: {error}".splitlines()[0][:200])
    return f"bug: {summary}\n  this is nnctl's fault; the traceback is in {saved.name}"
