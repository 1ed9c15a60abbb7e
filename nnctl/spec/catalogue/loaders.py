"""What data are called elsewhere: loaders of other libraries, files in the place of a source, options in the place of keys."""

import re
from collections.abc import Collection, Mapping

from nnctl.spelling import find_certain, find_nearest, strip_name

_WORD = re.compile(r"[A-Za-z_]\w*")
_LOADING = re.compile(r"(?i)^(?:load|fetch|get|make)_")
# What stands around the name of a data set in Python, in lower case.
_AROUND = frozenset(
    (
        "tf",
        "tensorflow",
        "keras",
        "torchvision",
        "sklearn",
        "datasets",
        "dataset",
        "load_data",
        "tfds",
        "load",
        "builtin",
    )
)
_FORMS = {
    **dict.fromkeys(("csv", "tsv", "txt", "data"), "{csv: {label: ...}}"),
    **dict.fromkeys(("npz", "npy"), "npz"),
    **dict.fromkeys(("png", "jpg", "jpeg"), "images"),
}
# Options of sources by what they are called in pandas, in scikit-learn and in short.
_OPTIONS: Mapping[str, tuple[str, ...]] = {
    "label": ("target", "y", "class", "labels", "labelcolumn", "targetcolumn", "classcolumn"),
    "features": ("x", "inputs", "usecols", "featurecolumns"),
    "delimiter": ("sep", "separator"),
    "ignore": ("drop", "exclude", "skip"),
    "missing": ("navalues", "na", "nan"),
    "categories": ("categorical", "categoricalcolumns"),
    "quote": ("quotechar",),
    "size": ("imagesize", "imgsize", "targetsize", "resize", "shape", "inputshape"),
    "mode": ("color", "colormode", "colour", "channels"),
}
# Options that are looked for beside their source, by a source that has them.
OWNERS: Mapping[str, str] = {
    **dict.fromkeys(
        ("label", "features", "ignore", "categories", "embed", "missing", "delimiter", "quote", "header", "decimal"),
        "csv",
    ),
    **dict.fromkeys(("size", "mode"), "images"),
}


def suggest_source(written: str, names: Collection[str] = ()) -> tuple[str | None, str | None]:
    """A hint for what is no data source, and the source that is surely meant, of those there are.

    A file or a folder is the path of one; `keras.datasets.mnist.load_data()` and `load_iris` are called by their last name.
    """
    if (name := _find_loaded(written)) is not None and (not names or name in names):
        return (f"write `data: {{source: {name}}}`", None) if not names else (f"did you mean {name!r}?", name)
    if (found := find_certain(name, names) if name else None) is not None:
        return f"did you mean {found!r}?", found
    stem, dot, suffix = written.rpartition(".")
    file = dot and stem and "/" not in suffix and "\\" not in suffix
    if "(" in written or not (file or "/" in written or "\\" in written):
        return None, None
    source = _FORMS.get(suffix.lower()) if file else "images"
    return (None if source is None else f"write `data: {{source: {source}, path: {written}}}`"), None


def suggest_option(name: str, own: Collection[str]) -> tuple[str | None, str | None]:
    """A hint for an option that a source has not, and the one of its own that is surely meant."""
    known = next((option for option in own if strip_name(name) in _OPTIONS.get(option, ())), None)
    meant = known or find_certain(name, own)
    near = meant or find_nearest(name, own)
    return (f"did you mean {near!r}?" if near else None), meant


def find_owner(key: str) -> tuple[str, str] | None:
    """A source that has an option, and what it is called there; None if there is none."""
    option = next((each for each, others in _OPTIONS.items() if strip_name(key) in others), key)
    return (OWNERS[option], option) if option in OWNERS else None


def _find_loaded(written: str) -> str | None:
    """The data set that a loader of Python's loads; None if the text is no such call or name."""
    head = written.partition("(")[0]
    words = [word for word in _WORD.findall(head) if word.lower() not in _AROUND]
    known = len(words) < len(_WORD.findall(head)) or "(" in written or _LOADING.match(head) is not None
    return _LOADING.sub("", words[-1]).lower() if known and words and "/" not in head and "\\" not in head else None
