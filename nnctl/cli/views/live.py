"""What `nnctl train` shows while it runs; the run's `train.log` gets the same without colour."""

import shlex
import signal
from contextlib import ExitStack
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from nnctl.cli.shell import terminal
from nnctl.cli.shell.numbers import format_number
from nnctl.cli.shell.signals import Wish, heed_signals
from nnctl.cli.shell.terminal import assemble
from nnctl.cli.views.header import list_lines
from nnctl.files import append_to
from nnctl.runs import Row, RunDirectory

if TYPE_CHECKING:
    from nnctl.api import Progress as Step
    from nnctl.api import Run, Training

WIDE = 10_000  # columns: what is written for a log
_PLACES = ("epoch", "step", "seconds")  # what a row has beside the numbers of its epoch
_DIGITS = 6  # columns that a number has at least, so that a shorter one makes no room for another
_CLOCK = 11  # columns of the time that is left, and between the parts of the line


class Terminal:
    """Shows a training on stderr, and keeps what it showed in the log of its run.

    In its block it first shows that a training is made ready. Once that has begun, the first SIGINT or SIGTERM asks it to
    stop after the current call; a second one stops it at once.

    Args:
        mode: `a` for a run that goes on, and so for its log.
        heeds: whether signals are heeded; else they are whatever Python makes of them.

    Attributes:
        told: what was said before it began, which is shown under the header.
        report: shows what takes a while before it begins, such as a download.
        log: what is shown is written here as well; None until it has begun.
        wish: what signals have asked for.
        monitor: the name of the number that tells which epoch is best, which stands first; "" until it has begun.
        acknowledged: whether the user was told that it was heard.
    """

    def __init__(self, mode: str = "w", heeds: bool = True) -> None:
        self.heeds = heeds
        self.console, self.mode, self.told = terminal.notes(), mode, list[str]()
        self.wish, self.acknowledged = Wish(), False
        self.log: Console | None = None
        self.monitor = ""
        self._open = ExitStack()

    def __enter__(self) -> "Terminal":
        self.report = self._open.enter_context(terminal.report_progress(self.console))
        return self

    def __exit__(self, *error: object) -> None:
        self._open.close()

    def begun(self, training: "Training", run: RunDirectory) -> None:
        """Shows the header, and heeds signals from now on."""

        def last(number: signal.Signals) -> None:
            run.update(status="interrupted", message=f"stopped at once by a second {number.name}")
            console = terminal.faults()
            console.print()
            console.print(f"{number.name}: stopped at once", style="warn")
            console.print(f"next {format_resume(run)}")

        self._open.close()  # of two displays only one can stand on a terminal
        self.log = terminal.make_log(self._open.enter_context(append_to(run.log, anew=self.mode == "w")))
        if self.heeds:
            self.wish = self._open.enter_context(heed_signals(last))
        for line in list_lines(training, run):
            self.show(line.fit(self.console.width), line.fit(WIDE))
        self.monitor = training.best.monitor
        for told in self.told:
            self.said(told)
        if self.mode == "a":
            place = f"in epoch {training.state.epoch + 1}, step {training.state.step} of {training.steps.per_epoch}"
            self.show(f"resumed  {'at its end' if training.over else place}")
        self.epochs = training.spec.train.epochs
        self.progress = _make_progress(self.console)
        self.task = self.progress.add_task("compiling", total=self.epochs * training.steps.per_epoch, told="")
        self._open.enter_context(self.progress)

    def show(self, line: str | Text, logged: str | Text | None = None) -> None:
        """Prints a line, to the log as well, there perhaps in another form."""
        self.console.print(line, soft_wrap=True)
        if self.log is not None:
            self.log.print(line if logged is None else logged)

    def stepped(self, progress: "Step") -> None:
        done = (progress.epoch - 1) * progress.steps + progress.step
        description, step = f"epoch {progress.epoch}/{progress.epochs}", f"step {progress.step}/{progress.steps}"
        row = {**progress.results, "learning_rate": progress.learning_rate}
        room = self.console.width - len(description) - len(step) - _count_bar(self.console.width) - _CLOCK
        told = step + "".join(f"  {each}" for each in choose_numbers(row, "loss", room))
        self.progress.update(self.task, completed=done, description=description, told=told)

    def ended_epoch(self, row: Row, best: bool) -> None:
        lines = [assemble(self._format_epoch(row, width), *(("  ", ("best", "good")) if best else ()))
                 for width in (self.console.width, WIDE)]  # fmt: skip
        self.show(*lines)

    def _format_epoch(self, row: Row, width: int) -> str:
        """The line of an epoch in so many columns: what is watched comes first, and the time if both have room."""
        place = f"epoch {int(row['epoch']):>{len(str(self.epochs))}}/{self.epochs}"
        seconds = f"  {row['seconds']:6.2f} s"
        told = choose_numbers(row, self.monitor, width - len(place) - len(seconds) - len("  best"))
        if not told:
            return f"{place}  {format_pair(row, self.monitor)}"
        return f"{place}{seconds}  {'  '.join(told)}"

    def said(self, message: str) -> None:
        if self.log is None:
            self.told.append(message)
        else:
            self.show(assemble((message, "warn")))

    def trained(self) -> None:
        self.wish.hasten()

    def interrupted(self) -> bool:
        if self.wish.number is not None and not (self.acknowledged or self.wish.eager):
            self.acknowledged = True
            self.said(f"{self.wish.number.name}: stopping after this call; once more to stop at once")
        return self.wish.number is not None


def format_resume(run: "Run | RunDirectory") -> str:
    """The command that resumes a run."""
    return f"nnctl train --resume {shlex.quote(str(run.path))}"


def choose_numbers(row: Row, first: str, room: int) -> list[str]:
    """The numbers of a row that stand side by side in so many columns, each by its name, the most important first.

    That is what is watched, then the rest of validation, the loss and metrics of training, and the learning rate. None is passed
    over for the sake of a shorter one, so that the lines of a training are alike.

    Args:
        row: the numbers, by name.
        first: the name of what is watched.
        room: the columns, two in front of each number included.
    """
    names = [name for name in row if name not in _PLACES]
    names.sort(key=lambda name: (name != first, name == "learning_rate", not name.startswith("val_")))
    told = list[str]()
    for name in names:
        text = format_pair(row, name)
        room -= 2 + len(text) + max(0, _DIGITS - len(text.rpartition(" ")[2]))
        if room < 0:
            break
        told.append(text)
    return told


def format_row(row: Row) -> str:
    """All numbers of a row, in the order of `choose_numbers`."""
    return "  ".join(choose_numbers(row, "", WIDE))


def format_pair(row: Row, name: str) -> str:
    """A number of a row, by its name."""
    return f"lr {row[name]:.3g}" if name == "learning_rate" else f"{name} {format_number(row[name])}"


def _count_bar(width: int) -> int:
    """The columns of the bar on a terminal of so many."""
    return max(4, min(24, width // 8))


def _make_progress(console: Console) -> Progress:
    """A bar for all steps, with the numbers of the epoch."""
    texts = [TextColumn(text, markup=False) for text in ("{task.description}", "{task.fields[told]}")]
    parts = (texts[0], BarColumn(_count_bar(console.width)), texts[1], TimeRemainingColumn())
    return Progress(*parts, console=console, transient=True, disable=not console.is_terminal)
