"""What `nnctl train` shows while it runs; the run's `train.log` gets the same without colour."""

import shlex
import signal
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import IO

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from nnctl.api import carry_out
from nnctl.cli import terminal
from nnctl.cli.outline import describe
from nnctl.cli.signals import Wish, heeded
from nnctl.data import Dataset
from nnctl.engine.observer import Progress as Step
from nnctl.engine.train import Invocation, Outcome
from nnctl.engine.training import Training
from nnctl.runs import Row, Run
from nnctl.spec.sections import Spec


class Terminal:
    """Shows a training on stderr, and keeps what it showed in a log.

    Attributes:
        wish: what signals have asked for.
        acknowledged: whether the user was told that it was heard.
    """

    def __init__(self, training: Training, log: IO[str], wish: Wish) -> None:
        self.console = terminal.notes()
        self.log = plain_console(log)
        self.epochs = training.spec.train.epochs
        self.wish = wish
        self.acknowledged = False
        columns = (
            TextColumn("{task.description}"),
            BarColumn(24),
            TextColumn("{task.fields[told]}"),
            TimeRemainingColumn(),
        )
        self.progress = Progress(*columns, console=self.console, transient=True, disable=not self.console.is_terminal)
        total = self.epochs * training.steps.per_epoch
        self.task = self.progress.add_task("compiling", total=total, told="")

    def show(self, text: str) -> None:
        """Prints a line of markup, to the log as well."""
        self.console.print(text)
        self.log.print(text)

    def stepped(self, progress: Step) -> None:
        done = (progress.epoch - 1) * progress.steps + progress.step
        told = f"step {progress.step}/{progress.steps}  {numbers(progress.results)}  lr {progress.learning_rate:.3g}"
        description = f"epoch {progress.epoch}/{progress.epochs}"
        self.progress.update(self.task, completed=done, description=description, told=told)

    def ended_epoch(self, row: Row, best: bool) -> None:
        told = {name: value for name, value in row.items() if name not in ("epoch", "step", "seconds", "learning_rate")}
        place = f"{int(row['epoch']):>{len(str(self.epochs))}}/{self.epochs}"
        mark = "  [good]best[/]" if best else ""
        self.show(f"epoch {place}  {row['seconds']:6.2f} s  lr {row['learning_rate']:.3g}  {numbers(told)}{mark}")

    def said(self, message: str) -> None:
        self.show(f"[warn]{escape(message)}[/]")

    def trained(self) -> None:
        self.wish.hasten()

    def interrupted(self) -> bool:
        if self.wish.number is not None and not (self.acknowledged or self.wish.eager):
            self.acknowledged = True
            self.said(f"{self.wish.number.name}: stopping after this call; once more to stop at once")
        return self.wish.number is not None


Shown = tuple[Outcome, Terminal]
"""A training that has ended, and the terminal that showed it."""


def plain_console(log: IO[str]) -> Console:
    """A console that writes a log: no colour, no folding."""
    return Console(file=log, width=10_000, color_system=None, highlight=False, emoji=False, soft_wrap=True)


def trained(spec: Spec, dataset: Dataset, invocation: Invocation, seeds: int) -> Iterator[Shown]:
    """Trains a spec with seeds that follow on from its own, each into a run of its own; ends where one is interrupted.

    Raises:
        SpecError: the network cannot be built or fed.
    """
    for seed in range(spec.seed, spec.seed + seeds):
        flag = () if seeds == 1 else (("--seeds", f"seed={seed}"),)
        asked = replace(invocation, overrides=[*invocation.overrides, *flag])
        outcome, observer = _shown(replace(spec, seed=seed), dataset, asked)
        yield outcome, observer
        if outcome.manifest.status == "interrupted":
            return


def _shown(spec: Spec, dataset: Dataset, invocation: Invocation) -> Shown:
    """One training, shown from its header to its last epoch."""
    observers: list[Terminal] = []
    with ExitStack() as waiting:
        waiting.enter_context(terminal.reporting(terminal.notes()))

        @contextmanager
        def seen(training: Training, run: Run) -> Iterator[Terminal]:
            waiting.close()  # of two displays only one can stand on a terminal
            with watching(training, run) as observer:
                observers.append(observer)
                yield observer

        outcome = carry_out(spec, dataset, invocation, seen)
    return outcome, observers[0]


@contextmanager
def watching(training: Training, run: Run, told: Sequence[str] = (), mode: str = "w") -> Iterator[Terminal]:
    """A terminal that shows a training from its header to its last epoch.

    The first SIGINT or SIGTERM asks training to stop after the current call; a second one stops it at once.

    Args:
        training: the training.
        run: its run, whose log gets the same.
        told: lines of markup to show under the header.
        mode: `a` for a log that goes on.
    """

    def last(number: signal.Signals) -> None:
        run.update(status="interrupted", message=f"stopped at once by a second {number.name}")
        terminal.notes().print(f"\n[warn]{number.name}: stopped at once[/]\nnext {escape(resuming(run))}")

    with run.log.open(mode, encoding="utf-8") as log, heeded(last) as wish:
        shown = Terminal(training, log, wish)
        for line in (*_header(training, run), *told):
            shown.show(line)
        with shown.progress:
            yield shown


def resuming(run: Run) -> str:
    """The command that resumes a run."""
    return f"nnctl train --resume {shlex.quote(str(run.path))}"


def numbers(row: Row) -> str:
    """The numbers of a row, each by its name; validation set apart."""
    told = [(name, f"{name} {_number(value)}") for name, value in row.items()]
    trained = "  ".join(text for name, text in told if not name.startswith("val_"))
    held = "  ".join(text for name, text in told if name.startswith("val_"))
    return f"{trained}   {held}" if held else trained


def _number(value: float) -> str:
    """Four decimals, so that rows stand under each other; three digits where that would say nothing."""
    return f"{value:.4f}" if value == 0 or 1e-3 <= abs(value) < 1e5 else f"{value:.3g}"


def _header(training: Training, run: Run) -> Iterator[str]:
    """The lines in front of the first epoch: the network, the data, the device, the run."""
    spec, dataset = training.spec, training.dataset
    layers = " > ".join(describe(layer) for layer in spec.layers)
    yield f"[name]{escape(spec.name)}[/]  {escape(layers)}  [quiet]{training.model.count_params():,} weights[/]"
    sizes = [(name, getattr(dataset, name)) for name in ("train", "validation", "test")]
    counts = ", ".join(f"{len(split.x):,} {name}" for name, split in sizes if split is not None)
    yield f"data     {escape(dataset.title)}: {counts}  [quiet]{escape(str(dataset.origin))}, {dataset.fingerprint[:12]}[/]"
    if dataset.fallback:
        yield f"[warn]         instead of {dataset.requested}: {escape(dataset.fallback)}[/]"
    for note in dataset.notes:
        yield f"[warn]note     {escape(note)}[/]"
    if (moved := training.transfer) is not None:
        yield f"from     {escape(str(moved.path))}: {', '.join(moved.taken)}; new: {', '.join(moved.left) or 'nothing'}"
    if spec.train.augment:
        yield f"augment  {', '.join(describe(layer) for layer in spec.train.augment)}, on training images only"
    yield f"device   {_device()}, compiled as {training.compilation.name} [quiet]({training.compilation.reason})[/]"
    if (precision := training.precision).telling:
        yield f"products {precision.policy} [quiet]({precision.reason})[/]"
    if spec.train.batch_size > training.steps.batch_size:
        yield f"[warn]batch    {spec.train.batch_size} is more than there is: each step takes all {training.steps.batch_size}[/]"
    yield f"run      {escape(str(run.path))}"


def _device() -> str:
    from nnctl.engine import backend

    settings = backend.settings()
    threads = settings["threads"]
    return f"{', '.join(settings['devices'])}, {threads} thread{'' if threads == 1 else 's'}"
