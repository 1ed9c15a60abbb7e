"""Which sources there are, what is known of each without loading it, and whether it is on this disk."""

from dataclasses import dataclass
from pathlib import Path

from nnctl.data.download import find_kept
from nnctl.data.selection import select_source
from nnctl.data.source import DataSource, Report
from nnctl.data.sources import SOURCES
from nnctl.errors import DataError, Problem
from nnctl.spec.sections import Data


@dataclass(frozen=True, slots=True)
class Stock:
    """A source as a list shows it.

    Attributes:
        name: its name in YAML.
        summary: what it is, in one line.
        task: `multiclass`, `binary`, `multilabel` or `regression`, or None where the file in `data.path` decides.
        shape: the shape of one example, or None where it is not known without loading.
        outputs: the number of classes, labels or targets, or None.
        train: the number of examples that are trained on or that shares are cut from, or None.
        origin: `data.path`, `downloaded`, or `built in`.
        path: where a set that is downloaded lies on this disk, or None.
        ready: whether it can be trained on without a network; None where that is the user's own file.
    """

    name: str
    summary: str
    task: str | None
    shape: tuple[int, ...] | None
    outputs: int | None
    train: int | None
    origin: str
    path: str | None
    ready: bool | None


def stock() -> list[Stock]:
    """Every source, in the order in which lists show them; nothing is loaded and no network is asked."""
    return [_make_stock(source) for source in SOURCES.values()]


def fetch(name: str, report: Report) -> str:
    """Makes sure that a set which is downloaded is on this disk, and reads it once, so that a damaged file is told now.

    Args:
        name: the source's name.
        report: told of the progress.

    Returns:
        The path of its file or folder.

    Raises:
        DataError: no source has this name, it is not one that is downloaded, it cannot be had, or it is damaged.
    """
    data = Data(name, {})
    source = SOURCES.get(name) or select_source(data)
    if not source.files:
        why = "reads your own file" if source.needs_path else "comes with nnctl"
        names = ", ".join(each.name for each in SOURCES.values() if each.files)
        hint = f"what can be fetched: {names}"
        raise DataError(Problem("nothing-to-fetch", f"{name} {why}: there is nothing to download", hint=hint))
    return source.read(data, report).origin


def _make_stock(source: DataSource) -> Stock:
    facts, path = source.facts, _find_path(source)
    origin = "data.path" if source.needs_path else "downloaded" if source.files else "built in"
    ready = None if source.needs_path else bool(path) or not source.files
    held = None if path is None else str(path)
    return Stock(source.name, source.summary, facts.task, facts.shape, facts.outputs, facts.train, origin, held, ready)


def _find_path(source: DataSource) -> Path | None:
    """Where a source lies: what it is kept as, or its files, all of which must be there: the only one, or their folder."""
    other = next(filter(None, map(find_kept, source.kept)), None)
    found = [find_kept(name) for name in source.files]
    if other is not None or not found or None in found:
        return other
    return found[0] if len(found) == 1 else found[0].parent  # type: ignore[union-attr]
