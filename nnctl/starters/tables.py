"""A look at the columns of a CSV file: how it is written, which column is the label, which ones tell nothing."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nnctl.spec.sections import Value
from nnctl.starters.findings import Layout

if TYPE_CHECKING:
    from nnctl.data.delimited import Form
    from nnctl.data.table import Table

# What people call the column that is to be predicted, the likeliest first; else it is the last one, as in most files.
LABELS = (
    *("label", "labels", "class", "target", "y", "species", "category", "outcome", "diagnosis"),
    *("survived", "churn", "quality", "price"),
)
_NUMBERING = {"", "id", "index", "row", "rownames", "uid", "uuid", "unnamed: 0"}
_DELIMITERS = (",", ";", "\t", "|")
_LOOKED_AT = 20_000  # rows
_WORDS = 20  # different texts that a column may have, however few rows there are


def layout(path: Path) -> Layout:
    """How a file is written, which column is the label, and which ones are left out, by its first 20,000 rows.

    Raises:
        DataError: the file cannot be read.
    """
    from nnctl.data.layout import names
    from nnctl.data.table import MISSING, Request, read

    form = _form(path)
    held = names(path, form, None)
    table = read(path, form, Request(held, (), MISSING, _LOOKED_AT), None)
    label, why = _label(held)
    idle = {name: reason for name in held if name != label and (reason := _idle(table, name))}
    if len(idle) == len(held) - 1:  # better a bad column than none
        idle = {}
    options: dict[str, Value] = {"label": label if form.header else len(held)}
    options |= {"ignore": [name if form.header else int(name) for name in idle]} if idle else {}
    options |= {} if form.delimiter == "," else {"delimiter": form.delimiter}
    options |= {} if form.header else {"header": False}
    return Layout(options, [why, *(f"Column {name!r} is left out: {reason}." for name, reason in idle.items())])


def _form(path: Path) -> "Form":
    """The delimiter that splits the first row into most names; a row of numbers is no header."""
    from nnctl.data.delimited import Form, rows

    firsts = {delimiter: next(iter(rows(path, Form(delimiter), None)), (1, [""]))[1] for delimiter in _DELIMITERS}
    delimiter = max(firsts, key=lambda each: len(firsts[each]))
    return Form(delimiter, header=not all(_is_number(name) for name in firsts[delimiter]))


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _label(names: Sequence[str]) -> tuple[str, str]:
    """The label's column, and how it was found."""
    lower = {name.lower(): name for name in reversed(names)}
    for name in LABELS:
        if name in lower:
            return lower[name], f"The label is taken to be {lower[name]!r}, by its name."
    return names[-1], f"The label is taken to be the last column, {names[-1]!r}: say otherwise in `label`."


def _idle(table: "Table", name: str) -> str | None:
    """Why a column tells nothing that a network could learn from, or None."""
    from nnctl.data.growth import Texts

    column: Any = table.columns[name]
    if isinstance(column, Texts):
        count, words = len(column.codes), len(column.words)
        return f"{words:,} different texts in {count:,} rows" if words > max(_WORDS, count // 2) else None
    if np.isnan(column).all():
        return "it holds no value"
    distinct = len(np.unique(column)) == len(column)
    return "it numbers the rows" if name.lower() in _NUMBERING and distinct else None
