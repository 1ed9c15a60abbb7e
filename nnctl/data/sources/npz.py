"""The user's own arrays, in a file as `numpy.savez` writes it."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nnctl.data.selection import place
from nnctl.data.source import Arrays, Pair, Report, source
from nnctl.errors import DataError, Place, Problem
from nnctl.spec.sections import Data, Facts

if TYPE_CHECKING:
    from nnctl.data.archive import Header

_SPLIT = ("x_train", "y_train", "x_test", "y_test")


def _peek(data: Data) -> tuple[Facts, bool]:
    """What the headers say: the examples' shape and type, and what the labels' type tells of the task."""
    from nnctl.data.archive import headers

    assert data.path is not None
    where = place(data, "path")
    x_name, y_name = (str(data.options[key]) if data.options.get(key) else None for key in ("x", "y"))
    wanted = _wanted(data.path, where, x_name, y_name)
    found = headers(data.path, wanted, where)
    for index in range(0, len(wanted), 2):
        _check_lengths(found[wanted[index]], found[wanted[index + 1]], where)
    x, y = found[wanted[0]], found[wanted[1]]
    task, outputs = _task(y, data.classes)
    return Facts(x.shape[1:] or (1,), x.dtype.name, task, outputs, x.shape[0]), len(wanted) > 2


@source(
    "npz",
    summary="your own arrays: x_train, y_train, x_test and y_test, or x and y",
    facts=Facts(),
    needs_path=True,
    peek=_peek,
)
def npz(data: Data, report: Report, *, x: str | None = None, y: str | None = None) -> Arrays:
    """The arrays of a file: `x_train`, `y_train` and their test pair as Keras's files have them, or one pair.

    Args:
        data: the section; its path is the file.
        report: not used: nothing is downloaded.
        x: the name of the examples, if it is not `x`; then the file is taken to hold one pair.
        y: the name of their labels, if it is not `y`.
    """
    from nnctl.data.archive import arrays

    assert data.path is not None
    where = place(data, "path")
    wanted = _wanted(data.path, where, x, y)
    found = arrays(data.path, wanted, where)
    pairs = [Pair(found[a], found[b], a, b) for a, b in zip(wanted[::2], wanted[1::2], strict=True)]
    return Arrays(data.path.name, str(data.path), pairs[0], pairs[1] if len(pairs) > 1 else None)


def _wanted(path: Path, where: Place | None, x: str | None = None, y: str | None = None) -> Sequence[str]:
    """The names of the arrays to read: one pair, or that of training and that of test."""
    from nnctl.data.archive import names

    if x is not None or y is not None:
        return (x or "x", y or "y")
    held = names(path, where)
    if "x_train" in held or "y_train" in held:
        return _SPLIT if "x_test" in held or "y_test" in held else _SPLIT[:2]
    if "x" in held or "y" in held:
        return ("x", "y")
    message = f"{path} holds {', '.join(held) or 'no arrays'}, expected x and y, or x_train, y_train, x_test and y_test"
    hint = "name them: `source: {npz: {x: images, y: labels}}`"
    raise DataError(Problem("missing-array", message, where, hint))


def _check_lengths(x: "Header", y: "Header", where: Place | None) -> None:
    for header in (x, y):
        if not header.shape:
            message = f"{header.name} is a single value, expected a row an example"
            raise DataError(Problem("bad-array", message, where))
    if x.shape[0] != y.shape[0]:
        message = f"{x.name} has {x.shape[0]:,} rows, {y.name} has {y.shape[0]:,}"
        raise DataError(Problem("lengths-differ", message, where, "each example needs one label"))


def _task(y: "Header", classes: bool) -> tuple[str | None, int | None]:
    """The task and the number of outputs, as far as a type and a shape tell them."""
    columns = y.shape[1] if len(y.shape) == 2 else 1
    if columns > 1:  # one-hot rows, several labels, or several numbers: the values tell
        return None, columns
    if y.dtype.kind == "b":
        return "binary", 2
    if y.dtype.kind == "f":  # whole numbers, which a loss of classes takes for these, only the values tell
        return (None, None) if classes else ("regression", 1)
    return "multiclass", None
