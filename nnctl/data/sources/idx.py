"""The user's own arrays in MNIST's format: a file of examples, and a file of labels beside it."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from nnctl.data.source import Arrays, Pair, Report, find_place, source
from nnctl.errors import DataError, Place, Problem
from nnctl.spec.sections import Data, DataFacts

if TYPE_CHECKING:
    from nnctl.data.memory.limit import Limit

_LABELS = (("images", "labels"), ("idx3", "idx1"), ("idx4", "idx1"), ("idx2", "idx1"))


def _peek(data: Data) -> tuple[DataFacts, bool]:
    """What both headers declare."""
    from nnctl.data.arrays.idx import read_header

    assert data.path is not None
    where, label = find_place(data, "path"), data.options.get("labels")
    x = read_header(data.path, where)
    y = read_header(_find_labels(data.path, str(label) if label else None, where), where)
    facts = DataFacts(x.shape[1:] or (1,), x.dtype.name, train=x.shape[0])
    if len(y.shape) > 1:
        return replace(facts, outputs=y.shape[1]), False
    numbers = y.dtype.kind == "f"
    # Whether numbers are whole, or whole ones 0 and 1 alone, only the values tell.
    if (numbers and data.classes) or (data.numbers and y.dtype.kind in "iu"):
        return facts, False
    return replace(facts, task="regression" if numbers else "multiclass", outputs=1 if numbers else None), False


@source(
    "idx",
    summary="your own arrays in MNIST's format, gzipped or not: examples, and labels beside them",
    facts=DataFacts(),
    needs_path=True,
    looks=True,
    lacks=("unlabelled",),
    peek=_peek,
)
def idx(data: Data, report: Report, limit: "Limit | None" = None, *, labels: str | None = None) -> Arrays:
    """The array in `data.path`, of any shape and type, and its labels.

    Args:
        data: the section; its path is the file of the examples.
        report: not used: nothing is downloaded.
        limit: how much is read of the labels, where these are looked at alone.
        labels: the file of the labels, beside it; if left out, `labels` stands for `images` in its name, and `idx1` for
            `idx3`, as in `train-labels-idx1-ubyte.gz`.
    """
    from nnctl.data.arrays.idx import read_labelled

    assert data.path is not None
    where = find_place(data, "path")
    beside = _find_labels(data.path, labels, where)
    x, y = read_labelled(data.path, beside, where, limit)
    pair = Pair(x, y, data.path.name, beside.name)
    return Arrays(data.path.name, str(data.path), pair, notes=_describe_others(data.path, data))


def _describe_others(path: Path, data: Data) -> tuple[str, ...]:
    """Names the test examples that MNIST's makers put beside those of training, which are no part of this file."""
    names = [path.name.replace("train", word) for word in ("t10k", "test")]
    found = next((name for name in names if name != path.name and (path.parent / name).is_file()), None)
    if found is None or data.test is not None:
        return ()
    return (f"{found} lies beside {path.name} and is not read: `test: {path.parent / found}` takes it for test",)


def _find_labels(path: Path, given: str | None, where: Place | None) -> Path:
    """The file of the labels, which must be there."""
    name = path.name
    for old, new in _LABELS:
        name = name.replace(old, new)
    found = path.parent / (given or name)
    if found.is_file() and found != path:
        return found
    message = f"the labels of {path.name} are not beside it" + (f": there is no {found.name}" if found != path else "")
    raise DataError(Problem("missing-labels", message, where, "name their file: `source: {idx: {labels: FILE}}`"))
