"""`metrics.csv`: a row an epoch."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from nnctl import bounds
from nnctl.errors import Problem, RunError
from nnctl.files import read_bytes, write_text

Row = dict[str, float]
"""Numbers by name: `epoch` (from 1), `step`, `seconds`, `learning_rate`, `loss`, the metrics, and `val_` of each.

`learning_rate` is that of the epoch's last step, in the fewest decimals that are its float32; version 0.1.0 wrote that of the
first step.
"""

History = list[Row]

_WHOLE = ("epoch", "step")


def write_history(history: Sequence[Row], path: Path) -> None:
    """Writes the history atomically: every number with nine significant digits, which hold a float32 exactly."""
    names = list(dict.fromkeys(name for row in history for name in row))
    text = io.StringIO()
    # By the ends of its lines csv knows what to quote, and a name may hold either half of "\r\n".
    csv.writer(text).writerow(names)
    header = text.getvalue().removesuffix("\r\n")
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(
        [_format_number(name, row[name]) if name in row else "" for name in names] for row in history
    )
    write_text(path, f"{header}\n{text.getvalue()}")


def read_history(path: Path) -> History:
    """The history in a file.

    Raises:
        RunError: the file is missing, or a cell is not a number.
    """
    try:
        lines = csv.reader(io.StringIO(read_bytes(path, bounds.HISTORY).decode("utf-8"), newline=""))
        names = next(lines, [])
        if len(names) > bounds.HISTORY_COLUMNS:
            raise ValueError(f"more than {bounds.HISTORY_COLUMNS:,} columns")
        rows = (zip(names, row, strict=True) for row in lines if row)
        return [{name: float(cell) for name, cell in row if cell} for row in rows]
    except (OSError, ValueError, TypeError, AttributeError, csv.Error) as error:
        reason = getattr(error, "strerror", None) or "it is not a table of numbers"
        raise RunError(Problem("bad-run", f"{path} cannot be read: {reason}")) from None


def _format_number(name: str, value: float) -> str:
    if name in _WHOLE:
        return str(int(value))
    return f"{value:.2f}" if name == "seconds" else f"{value:.9g}"
