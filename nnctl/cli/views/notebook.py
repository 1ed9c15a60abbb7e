"""What `nnctl.train` shows while it runs, called from Python: in a terminal as the command line does, in a notebook as HTML."""

import io
import sys
import time
from html import escape
from importlib import import_module
from typing import TYPE_CHECKING, Any

from rich.text import Text

from nnctl.cli.shell import terminal
from nnctl.cli.shell.numbers import format_count
from nnctl.cli.shell.terminal import assemble
from nnctl.cli.views import scores
from nnctl.cli.views.live import Terminal, format_row
from nnctl.runs import Row, RunDirectory

if TYPE_CHECKING:
    from nnctl.api import Progress as Step
    from nnctl.api import Run, Training

EPOCHS = 12  # the last ones, which a notebook shows
_WIDE = 100  # characters of a line there
_PAUSE = 0.2  # seconds between two pictures


class Script(Terminal):
    """Shows a training that a program has asked for, on stderr.

    A Ctrl-C is the program's: it raises KeyboardInterrupt, and how the run goes on is said in Python.

    Args:
        mode: `a` for a run that goes on, and so for its log.

    Attributes:
        run: the run, once it has begun.
    """

    def __init__(self, mode: str = "w") -> None:
        super().__init__(mode, heeds=False)
        self.run: RunDirectory | None = None

    def __exit__(self, *error: object) -> None:
        if self.run is not None and error[0] is KeyboardInterrupt:
            self.show(
                assemble(("interrupted", "bad"), f": nnctl.resume(nnctl.load_run({str(self.run.path)!r})) goes on")
            )
        super().__exit__(*error)

    def begun(self, training: "Training", run: RunDirectory) -> None:
        super().begun(training, run)
        self.run = run

    def conclude(self, run: "Run") -> None:
        """Shows what came of a training."""
        manifest = run.manifest
        if manifest.status != "done":
            place = f" in epoch {manifest.epochs + 1}" if manifest.status == "diverged" and not manifest.grown else ""
            self.show(assemble((f"{manifest.status}{place}", "bad")))
        if manifest.message:
            self.show(manifest.message)
        if run.evaluation is not None:
            self.show(assemble((scores.format_headline(run.evaluation.scores, run.evaluation.split), "name")))
            if unbeaten := scores.format_unbeaten(run.evaluation.scores, run.evaluation.split, run.evaluation.unbeaten):
                self.show(assemble((unbeaten, "warn")))


class Notebook(Script):
    """Shows a training in the output of a notebook's cell, which is drawn anew as it goes: the header, the last epochs, a bar.

    Args:
        mode: `a` for a run that goes on, and so for its log.
    """

    def __init__(self, mode: str = "w") -> None:
        super().__init__(mode)
        # Not a terminal, though kernels set FORCE_COLOR: the bar is drawn here.
        asked = {"width": _WIDE, "soft_wrap": True, "record": True, "force_terminal": False}
        self.console = terminal.make_console(io.StringIO(), **asked)
        self._lines, self._epochs = list[tuple[str, str]](), list[int]()
        self._doing = "loading the data"
        self._share: float | None = None
        self._handle: Any = None
        self._drawn = 0.0

    def __enter__(self) -> "Notebook":
        self.report = self._report
        self._draw()
        return self

    def __exit__(self, *error: object) -> None:
        super().__exit__(*error)
        self._doing = ""
        self._draw()

    def begun(self, training: "Training", run: RunDirectory) -> None:
        super().begun(training, run)
        self._report("compiling", 0.0)

    def show(self, line: str | Text, logged: str | Text | None = None) -> None:
        super().show(line, logged)
        plain = self.console.export_text(clear=False)
        self._lines.append((self.console.export_html(code_format="{code}", inline_styles=True), plain))
        self._draw(_PAUSE)

    def stepped(self, progress: "Step") -> None:
        done = (progress.epoch - 1) * progress.steps + progress.step
        told = f"epoch {progress.epoch}/{progress.epochs}  step {progress.step}/{progress.steps}  {format_row(progress.results)}"
        self._report(told, done / (progress.epochs * progress.steps))

    def ended_epoch(self, row: Row, best: bool) -> None:
        self._epochs.append(len(self._lines))
        super().ended_epoch(row, best)

    def conclude(self, run: "Run") -> None:
        self._doing = ""
        super().conclude(run)

    def _report(self, label: str, share: float | None) -> None:
        self._doing, self._share = label, share
        self._draw(_PAUSE)

    def _draw(self, pause: float = 0.0) -> None:
        """Shows what there is to show, unless that was done less than `pause` seconds ago."""
        if time.monotonic() - self._drawn < pause:
            return
        self._drawn, page = time.monotonic(), self._make_page()
        if self._handle is None:
            self._handle = import_module("IPython.display").display(page, raw=True, display_id=True)
        else:
            self._handle.update(page, raw=True)

    def _make_page(self) -> dict[str, str]:
        """What is shown, by its type."""
        hidden = self._epochs[:-EPOCHS]
        passed = f"... {format_count(len(hidden), 'epoch')} before: to_frame() of the run has all\n"
        lines = [
            (passed, passed) if i in hidden[:1] else line for i, line in enumerate(self._lines) if i not in hidden[1:]
        ]
        html, plain = ("".join(each) for each in zip(*lines, strict=True)) if lines else ("", "")
        if self._doing:
            doing = assemble(self._doing).plain
            bar = "" if self._share is None else f'<progress value="{self._share:.4f}" max="1"></progress> '
            html, plain = f"{html}{bar}{escape(doing)}", plain + doing
        style = "margin:0;line-height:1.3;white-space:pre;overflow-x:auto"
        return {"text/html": f'<pre style="{style}">{html}</pre>', "text/plain": plain}


def choose_view(progress: bool | None, mode: str) -> Script | None:
    """What shows a training to whoever has called for it.

    Args:
        progress: whether it is shown; None: in a notebook and where stderr is a terminal.
        mode: `a` for a run that goes on, and so for its log.
    """
    if progress is False:
        return None
    if is_notebook():
        return Notebook(mode)
    if sys.stderr is None:
        return None
    return Script(mode) if progress or sys.stderr.isatty() else None


def is_notebook() -> bool:
    """Whether a kernel of Jupyter runs this, which shows HTML; IPython in a terminal is none."""
    ask = getattr(sys.modules.get("IPython"), "get_ipython", None)
    return ask is not None and getattr(ask(), "kernel", None) is not None
