"""The `nnctl` command: its verbs, and the one place where an error becomes a message and an exit code.

0: done. 1: done, and the verdict is bad. 2: the input is wrong. 130 and 143: interrupted. A bug is one line and the path of
a saved traceback.
"""

import sys
import tempfile
import traceback
from collections.abc import Callable
from types import ModuleType
from typing import Annotated, Any, NoReturn

import typer
from typer.exceptions import TyperException

from nnctl.cli import (
    check,
    data,
    debug,
    doctor,
    evaluate,
    explain,
    init,
    listing,
    predict,
    runs,
    schema,
    show,
    trace,
    train,
)
from nnctl.cli.shell import completion, envelope, output, verbs
from nnctl.cli.shell.lacks import find_lack
from nnctl.cli.shell.signals import remember_interrupt
from nnctl.errors import NnctlError, Problem, render, sanitize
from nnctl.version import __version__

_SPEC = "configs/mnist_mlp.yaml"
_BUG = 70  # EX_SOFTWARE of sysexits.h: neither the input nor the network is to blame

app = typer.Typer(
    cls=verbs.Verbs,
    help="A neural network from a YAML file: checked, trained, evaluated.",
    epilog=verbs.format_examples(f"nnctl train {_SPEC}", "nnctl help train"),
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _add(verb: Callable[..., Any], name: str, panel: str, *examples: str) -> None:
    told = verbs.format_examples(*examples)
    app.command(name, cls=verbs.Verb, rich_help_panel=panel, epilog=told)(verb)


_add(init.init, "init", "Specs", "nnctl init digits", "nnctl init mine --data photos/")
_add(check.check, "check", "Specs", f"nnctl check {_SPEC}", "cat mine.yaml | nnctl check -")
_add(show.show, "show", "Specs", f"nnctl show {_SPEC}", f"nnctl show {_SPEC} --set train.batch_size=32")
_add(debug.debug, "debug", "Specs", f"nnctl debug {_SPEC}", "nnctl debug latest", f"nnctl debug {_SPEC} --lr")
_add(trace.trace, "trace", "Specs", f"nnctl trace {_SPEC}", "nnctl trace latest --example 5")
_add(
    train.train,
    "train",
    "Training",
    f"nnctl train {_SPEC} --set train.learning_rate=0.1",
    "nnctl train --resume latest",
)
app.add_typer(
    runs.app,
    name="runs",
    rich_help_panel="Training",
    epilog=verbs.format_examples("nnctl runs", "nnctl runs verify latest"),
)
_add(evaluate.evaluate, "evaluate", "Evaluation", "nnctl evaluate latest")
_add(predict.predict, "predict", "Evaluation", "nnctl predict latest photo.png", "nnctl predict latest table.csv --csv")
app.add_typer(
    data.app,
    name="data",
    rich_help_panel="Data",
    epilog=verbs.format_examples("nnctl data list", f"nnctl data show {_SPEC}", "nnctl data fetch mnist"),
)
_add(explain.explain, "explain", "Reference", "nnctl explain dropout", "nnctl explain train.epochs")
_add(listing.listing, "list", "Reference", "nnctl list", "nnctl list layers")
_add(schema.schema, "schema", "Reference", "nnctl schema --write .")
_add(doctor.doctor, "doctor", "Reference", "nnctl doctor")
_add(verbs.show_help, "help", "Reference", "nnctl help train", "nnctl help data show")


def _print_version(value: bool) -> None:
    if value:
        output.write_line(f"nnctl {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool,
        typer.Option("--version", "-V", callback=_print_version, is_eager=True, help="Print the version and exit."),
    ] = False,
) -> None:
    """A neural network from a YAML file: checked, trained, evaluated."""


def main() -> NoReturn:
    """Runs the command line and exits."""
    output.prepare_streams()
    sys.exit(_run())


def _run() -> int:
    if len(sys.argv) < 2 or {"-h", "--help"} & {*sys.argv} or sys.argv[1] == "help":
        _load_help()
    envelope.begin(sys.argv[1:])
    with remember_interrupt() as interrupt:
        try:
            with completion.mend_words():
                ended = app(prog_name="nnctl", standalone_mode=False)
            code = ended if isinstance(ended, int) else 0
            envelope.finish(code)
            sys.stdout.flush()
            return code
        except BaseException as error:
            return _stop() if interrupt.heard else _report_end(error)


def _report_end(error: BaseException) -> int:
    """Says what ended the command; the exit code."""
    match error:
        case NnctlError():
            return _refuse(*error.problems)
        case TyperException() if type(error).__name__ == "NoArgsIsHelpError":
            output.complain(error.format_message())
            return 2
        case TyperException():
            from nnctl.cli.shell import usage

            envelope.mark_unread(getattr(error, "ctx", None))
            return _refuse(usage.read(error, sys.argv[1:]))
        case KeyboardInterrupt() | typer.Abort():
            return _stop()
        case BrokenPipeError() | SystemExit(__context__=BrokenPipeError()):
            output.discard(1)  # whoever read it has seen enough, as in `nnctl runs | head`; Rich leaves with 1 then
            return 0
        case Exception() if (problem := find_lack(error, sys.argv[1:2] == ["train"])) is not None:
            return _refuse(problem)
        case Exception():
            return _report_bug(error)
        case _:
            raise error


def _refuse(*problems: Problem, exit_code: int = 2) -> int:
    """Tells what is wrong behind what was answered before, as far as that can be written; the exit code."""
    _finish(exit_code, *problems)
    output.complain(render(problems))
    return exit_code


def _stop() -> int:
    """Ends what was interrupted; the exit code. On the terminal the `^C` says it."""
    _finish(130, Problem("interrupted", "the command was interrupted", hint="run it again"))
    return 130


def _finish(exit_code: int, *problems: Problem) -> None:
    """Ends the answer, as far as it can be written."""
    try:
        envelope.finish(exit_code, *problems)
        sys.stdout.flush()
    except OSError:
        output.discard(1)  # else Python would try again at its end, and say so


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


def _report_bug(error: Exception) -> int:
    """Tells of a bug in one line; the traceback goes into a file, where there is room for one. The exit code."""
    summary = sanitize(f"{type(error).__name__}: {error}".splitlines()[0][:200])
    told = output.sanitize_lines("".join(traceback.format_exception(error)))
    where = "this is nnctl's fault; the traceback"
    try:
        with tempfile.NamedTemporaryFile("w", prefix="nnctl-", suffix=".txt", delete=False, encoding="utf-8") as saved:
            saved.write(told)
        return _refuse(Problem("bug", summary, hint=f"{where} is in {saved.name}"), exit_code=_BUG)
    except OSError as full:
        code = _refuse(Problem("bug", summary, hint=f"{where} cannot be saved: {full.strerror}"), exit_code=_BUG)
        output.complain(told)
        return code
