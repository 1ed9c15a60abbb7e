"""What `nnctl train` shows while it runs; the run's `train.log` gets the same without colour."""

import shlex
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from nnctl.cli.shell import terminal
from nnctl.cli.shell.signals import Wish, heed_signals
from nnctl.cli.shell.terminal import assemble
from nnctl.cli.views.outline import describe
from nnctl.files import append_to
from nnctl.runs import Row, RunDirectory

if TYPE_CHECKING:
    from nnctl.api import Progress as Step
    from nnctl.api import Run, Training
    from nnctl.data import Scales


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
        acknowledged: whether the user was told that it was heard.
    """

    def __init__(self, mode: str = "w", heeds: bool = True) -> None:
        self.heeds = heeds
        self.console, self.mode, self.told = terminal.notes(), mode, list[str]()
        self.wish, self.acknowledged = Wish(), False
        self.log: Console | None = None
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
        for line in _format_header(training, run):
            self.show(line)
        for line in self.told:
            self.said(line)
        if self.mode == "a":
            place = f"in epoch {training.state.epoch + 1}, step {training.state.step} of {training.steps.per_epoch}"
            self.show(f"resumed  {'at its end' if training.over else place}")
        self.epochs = training.spec.train.epochs
        self.progress = _make_progress(self.console)
        self.task = self.progress.add_task("compiling", total=self.epochs * training.steps.per_epoch, told="")
        self._open.enter_context(self.progress)

    def show(self, line: str | Text) -> None:
        """Prints a line, to the log as well."""
        self.console.print(line)
        if self.log is not None:
            self.log.print(line)

    def stepped(self, progress: "Step") -> None:
        done = (progress.epoch - 1) * progress.steps + progress.step
        told = f"step {progress.step}/{progress.steps}  {format_row(progress.results)}  lr {progress.learning_rate:.3g}"
        description = f"epoch {progress.epoch}/{progress.epochs}"
        self.progress.update(self.task, completed=done, description=description, told=told)

    def ended_epoch(self, row: Row, best: bool) -> None:
        told = {name: value for name, value in row.items() if name not in ("epoch", "step", "seconds", "learning_rate")}
        place = f"{int(row['epoch']):>{len(str(self.epochs))}}/{self.epochs}"
        line = f"epoch {place}  {row['seconds']:6.2f} s  lr {row['learning_rate']:.3g}  {format_row(told)}"
        self.show(assemble(line, "  ", ("best", "good")) if best else line)

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


def format_row(row: Row) -> str:
    """The numbers of a row, each by its name; validation set apart."""
    told = [(name, f"{name} {_format_number(value)}") for name, value in row.items()]
    trained = "  ".join(text for name, text in told if not name.startswith("val_"))
    held = "  ".join(text for name, text in told if name.startswith("val_"))
    return f"{trained}   {held}" if held else trained


def _format_number(value: float) -> str:
    """Four decimals, so that rows stand under each other; three digits where that would say nothing."""
    return f"{value:.4f}" if value == 0 or 1e-3 <= abs(value) < 1e5 else f"{value:.3g}"


def _make_progress(console: Console) -> Progress:
    """A bar for all steps, with the numbers of the epoch."""
    texts = [TextColumn(text, markup=False) for text in ("{task.description}", "{task.fields[told]}")]
    parts = (texts[0], BarColumn(24), texts[1], TimeRemainingColumn())
    return Progress(*parts, console=console, transient=True, disable=not console.is_terminal)


def _format_header(training: "Training", run: RunDirectory) -> Iterator[str | Text]:
    """The lines in front of the first epoch: the network, the data, the device, the run."""
    spec, dataset = training.spec, training.dataset
    layers = " > ".join(describe(layer) for layer in spec.layers)
    yield assemble((spec.name, "name"), f"  {layers}  ", (f"{training.model.count_params():,} weights", "quiet"))
    sizes = [(name, getattr(dataset, name)) for name in ("train", "validation", "test")]
    counts = ", ".join(f"{len(split.x):,} {name}" for name, split in sizes if split is not None)
    origin = (f"{dataset.origin}, {dataset.fingerprint[:12]}", "quiet")
    yield assemble(f"data     {dataset.title}: {counts}  ", origin)
    if dataset.fallback:
        yield assemble((f"         instead of {dataset.requested}: {dataset.fallback}", "warn"))
    if (scale := _format_scale(training.scales)) is not None:
        yield f"scale    {scale}"
    for note in dataset.notes:
        yield assemble((f"note     {note}", "warn"))
    if (moved := training.transfer) is not None:
        yield f"from     {moved.path}: {', '.join(moved.taken)}; new: {', '.join(moved.left) or 'nothing'}"
        for line in moved.told:
            yield f"         {line}"
    if spec.train.augment:
        yield f"augment  {', '.join(describe(layer) for layer in spec.train.augment)}, on training images only"
    mode = training.compilation
    yield assemble(f"device   {_format_device(run)}, compiled as {mode.name} ", (f"({mode.reason})", "quiet"))
    if (precision := training.plan.precision).telling:
        yield assemble(f"products {precision.policy} ", (f"({precision.reason})", "quiet"))
    if (asked := spec.train.batch_size) > training.steps.batch_size:
        told = f"batch    {asked} is more than there is: each step takes all {training.steps.batch_size}"
        yield assemble((told, "warn"))
    yield f"run      {run.path}"


def _format_scale(scales: "Scales") -> str | None:
    """How examples and targets are scaled; None where nothing is done to them."""
    told = [f"examples {scales.inputs.describe()}"] if scales.inputs.kind != "none" else []
    told += [f"targets {scales.targets.describe()}"] if scales.targets.kind != "none" else []
    return ", ".join(told) or None


def _format_device(run: RunDirectory) -> str:
    """The devices and threads that it is trained with, as the run records them."""
    platform = run.manifest.platform
    threads = platform["threads"]
    return f"{', '.join(platform['devices'])}, {threads} thread{'' if threads == 1 else 's'}"
