"""A spec to start from, and the schema by which editors complete it, from Python."""

from pathlib import Path
from typing import TYPE_CHECKING

from nnctl import starters
from nnctl.data import Report, silent
from nnctl.starters import write_schema
from nnctl.starters.schema import LINE as SCHEMA_LINE
from nnctl.starters.schema import make_schema as spec_schema

if TYPE_CHECKING:
    from nnctl.starters import Starter

__all__ = ["SCHEMA_LINE", "init", "spec_schema", "write_schema"]


def init(
    name: str | None = None, template: str | None = None, data: Path | None = None, force: bool = False,
    report: Report | None = None, label: str | None = None,
) -> "Starter":  # fmt: skip
    """Writes a commented spec to start from.

    Args:
        name: what it is called, perhaps with folders and a suffix; the data's or the template's name if left out.
        template: one of `nnctl.api.TEMPLATES`; `mlp`, or for the user's own data what they ask for, if left out.
        data: the user's data (a folder of images, a CSV, an NPZ); the template's own if left out.
        force: whether a file that is there may be replaced.
        report: told of what takes a while.
        label: of a table the column of the labels, or several with commas between; by their names if left out.

    Returns:
        The spec as it was written.

    Raises:
        UsageError: the template is unknown or does not fit the data, or a file is there already or cannot be written.
        DataError: the data cannot be read, or not be trained on.
    """
    starter = starters.make_starter(name, template, data, force, report or silent, label)
    starters.write_starter(starter)
    return starter
