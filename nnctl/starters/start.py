"""From a name, a template and perhaps a path to a starter, and from the starter to its file."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nnctl.data import Report
from nnctl.errors import Problem, UsageError
from nnctl.files import write_text
from nnctl.spelling import make_run_name
from nnctl.starters.findings import DataProfile
from nnctl.starters.network import SMALLEST, fits_convolutions
from nnctl.starters.survey import survey
from nnctl.starters.templates import TEMPLATES, find_template, make_profile
from nnctl.starters.text import format_spec


@dataclass(frozen=True, slots=True)
class Starter:
    """A spec that is ready to be written.

    Attributes:
        path: the file.
        text: its YAML.
        template: the template that its network follows.
        found: what was found of the user's data, in lines; empty for built-in data.
        undecided: what the user has to decide before there is a training, or None.
    """

    path: Path
    text: str
    template: str
    found: Sequence[str]
    undecided: str | None = None


def make_starter(
    name: str | None, kind: str | None, data: Path | None, force: bool, report: Report, label: str | None = None
) -> Starter:
    """Makes a starter: the text of its spec, and where it will lie; nothing is written yet.

    Args:
        name: what it is called, perhaps with folders and a suffix; the data's or the template's name if None.
        kind: the template; `mlp`, or for the user's own data what they ask for, if None.
        data: the user's data, or None for the template's own.
        force: whether a file that is there may be replaced.
        report: told of what takes a while.
        label: of a table the column of the labels, or several with commas between; None to go by the names.

    Raises:
        UsageError: the template is unknown or does not fit the data, there are no such columns, or the file is there already.
        DataError: the data cannot be read, or not be trained on.
    """
    chosen = None if kind is None else find_template(kind)
    path = _find_destination(name or (data.resolve().stem if data is not None else kind or "mlp"), force)
    if data is None and label is not None:
        raise UsageError(Problem("bad-value", "--label names a column of your own table", hint="add `--data FILE`"))
    if data is None:
        kind = kind or "mlp"
        found, convolutions = make_profile(TEMPLATES[kind]), TEMPLATES[kind].convolutions
        written = format_spec(make_run_name(path.stem), found, convolutions, recipe=TEMPLATES[kind].recipe)
        return Starter(path, written, kind, [])
    found = survey(data, kind == "regression", report, label)
    convolutions = fits_convolutions(found) if chosen is None else chosen.convolutions
    if convolutions and not fits_convolutions(found):
        raise UsageError(_explain_unfit(found))
    recipe = None if chosen is None else chosen.recipe
    written = format_spec(make_run_name(path.stem), found, convolutions, _relate_path(data, path), recipe)
    return Starter(path, written, kind or ("cnn" if convolutions else "mlp"), found.facts, found.undecided)


def write_starter(starter: Starter) -> None:
    """Writes a starter's file, atomically.

    Raises:
        UsageError: the folder cannot be written to, or the disk is full.
    """
    try:
        write_text(starter.path, starter.text)
    except OSError as error:
        message = f"{starter.path} cannot be written: {error.strerror}"
        raise UsageError(Problem("unwritable-file", message)) from None


def _find_destination(name: str, force: bool) -> Path:
    given = Path(name)
    path = given if given.suffix in (".yaml", ".yml") else given.parent / f"{given.name or 'spec'}.yaml"
    try:
        there, folder = path.exists(), path.is_dir()
    except OSError as error:  # a name that is too long
        raise UsageError(Problem("unwritable-file", f"{path} cannot be written: {error.strerror}")) from None
    if there and (not force or folder):
        hint = "another name, or `--force` to replace it"
        raise UsageError(Problem("file-exists", f"{path} is there already", hint=hint))
    return path


def _relate_path(data: Path, spec: Path) -> str:
    """The data's path as the spec says it: as it was given if absolute, else relative to the spec's folder."""
    related = str(data) if data.is_absolute() else os.path.relpath(data, spec.parent)
    return (
        f"./{related}" if related.startswith(("~", "$")) else related
    )  # the name of a folder, and not of the home folder


def _explain_unfit(found: DataProfile) -> Problem:
    shape = " x ".join(map(str, found.shape)) if len(found.shape) > 1 else f"rows of {found.shape[0]} numbers"
    message = f"the template cnn takes images of at least {SMALLEST} x {SMALLEST} pixels, and the examples are {shape}"
    return Problem("unfit-template", message, hint="`--template mlp` takes any")
