"""What a notebook shows of a run and of its answers: pandas data frames and HTML, in which texts of others are only text."""

import base64
import html
from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

from nnctl import bounds
from nnctl.errors import NnctlError, Problem, UsageError, render, sanitize
from nnctl.files import read_bytes
from nnctl.runs import RunDirectory
from nnctl.runs.history import History

if TYPE_CHECKING:
    import pandas

_LARGEST = 4 * bounds.MIB  # of the curves of a run; nnctl's own take 40 KiB
_PNG = b"\x89PNG\r\n\x1a\n"


def make_frame(columns: Sequence[str], rows: Any, index: Any = None) -> "pandas.DataFrame":
    """Rows as a data frame of pandas, which is loaded now.

    Args:
        columns: their names.
        rows: a sequence of rows, or an array of shape (n, columns).
        index: the labels of the rows; their numbers from 0 if left out.

    Raises:
        UsageError: pandas is not installed.
    """
    try:
        pandas = import_module("pandas")
    except ImportError:
        message = "a data frame takes pandas, which is not installed"
        raise UsageError(Problem("no-pandas", message, hint="`pip install pandas`")) from None
    return pandas.DataFrame(rows, columns=list(columns), index=index)


def format_text(text: object) -> str:
    """A text as HTML that shows it and does nothing else: no markup, no control characters, one line."""
    return html.escape(sanitize(str(text)))


def format_table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table as HTML."""
    head = _format_row("th", heads)
    return f"<table><thead>{head}</thead><tbody>{''.join(_format_row('td', row) for row in rows)}</tbody></table>"


def format_number(value: float | None) -> str:
    """A score in the digits of the command line."""
    return (
        "undefined" if value is None else f"{value:.4f}" if 1e-3 <= abs(value) < 1e5 or value == 0 else f"{value:.3g}"
    )


def format_picture(content: bytes, about: str) -> str:
    """A PNG as HTML that holds it; nothing of what is none.

    Args:
        content: the file.
        about: what it shows, for who does not see it.
    """
    if not content.startswith(_PNG):
        return ""
    told = base64.b64encode(content).decode("ascii")
    return f'<img src="data:image/png;base64,{told}" alt="{format_text(about)}" style="max-width:640px">'


def frame_metrics(rows: History) -> "pandas.DataFrame":
    """The metrics of a run as a data frame: a row an epoch, whose number (from 1) is the index.

    Raises:
        UsageError: pandas is not installed.
    """
    names = list(dict.fromkeys(name for row in rows for name in row if name != "epoch"))
    cells = [[int(row[name]) if name == "step" and name in row else row.get(name) for name in names] for row in rows]
    return make_frame(names, cells, [int(row["epoch"]) for row in rows]).rename_axis("epoch")


def format_run(run: RunDirectory) -> str:
    """A run as HTML: what became of it, its scores and its curves; of one that cannot be read, why not."""
    try:
        manifest = run.manifest
    except NnctlError as error:
        return f"<pre>{'<br>'.join(map(format_text, render(error.problems).splitlines()))}</pre>"
    told = f"{run.find_status(manifest)}, {manifest.epochs} epoch{'' if manifest.epochs == 1 else 's'}"
    if manifest.best is not None:
        told += f", best {manifest.best_epoch} ({manifest.monitor} {format_number(manifest.best)})"
    told += f": {manifest.message}" if manifest.message else ""
    head = f"<b>{format_text(manifest.name)}</b> {format_text(told)}<br><code>{format_text(run.path)}</code>"
    names = list(dict.fromkeys(name for row in manifest.scores.values() for name in row))
    rows = [
        [split, *(format_number(row[name]) if name in row else "" for name in names)]
        for split, row in manifest.scores.items()
    ]
    return f"{head}{format_table(['', *names], rows) if rows else ''}{_format_curves(run, manifest.name)}"


def _format_curves(run: RunDirectory, name: str) -> str:
    """The picture of a run's curves, where it has one."""
    try:
        run.confine()
        return format_picture(read_bytes(run.plots / "curves.png", _LARGEST), f"{name}: loss and metrics by epoch")
    except (OSError, NnctlError):
        return ""


def _format_row(tag: str, cells: Iterable[object]) -> str:
    inside = "".join(f'<{tag} style="text-align:left">{format_text(cell)}</{tag}>' for cell in cells)
    return f"<tr>{inside}</tr>"
