"""A look at the names of an NPZ file's arrays: which hold the examples, and which their labels."""

from pathlib import Path

from nnctl.data.arrays.npz import NpyHeader, list_names, read_headers
from nnctl.data.arrays.npz_names import find_names, is_usual
from nnctl.errors import DataError
from nnctl.starters.findings import SourceOptions

LABELS = ("y", "label", "labels", "target", "targets", "class", "classes", "output", "outputs")


def infer_options(path: Path) -> SourceOptions:
    """What a spec has to say of a file: nothing if its arrays have the usual names, else which two are meant.

    Raises:
        DataError: the file cannot be read, or is not an npz.
    """
    held = list_names(path, None)
    if pairs := find_names(held).pairs:
        x, y = pairs["train"]
        told = [] if is_usual((x, y)) else [f"The examples are {x!r}, and their labels {y!r}."]
        return SourceOptions({}, told, "validation" in pairs)
    try:
        found = list(read_headers(path, held, None).values())
    except DataError:  # an array of objects: the source tells, once the others are named
        return SourceOptions()
    named = _find_pair(found)
    if named is None:
        return SourceOptions()
    x, y = named
    return SourceOptions({"x": x, "y": y}, [f"The examples are taken to be {x!r}, and their labels {y!r}."])


def _find_pair(found: list[NpyHeader]) -> tuple[str, str] | None:
    """Examples and labels: of two arrays with a row an example the labels go by their name, else they are the smaller."""
    if len(found) != 2 or any(not each.shape for each in found) or found[0].shape[0] != found[1].shape[0]:
        return None
    named = [each for each in found if each.name.lower() in LABELS]
    y = named[0] if len(named) == 1 else min(reversed(found), key=lambda each: each.size)
    x = found[0] if y is found[1] else found[1]
    return x.name, y.name
