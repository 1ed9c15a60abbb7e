"""Specs from Python: how one is read, from a file or from what a program has put together."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from nnctl import spec as specs
from nnctl.data import peek
from nnctl.errors import Problem, Source, SpecError
from nnctl.runs.beginning import find_weights
from nnctl.spec import Spec
from nnctl.spec.dump import format_plain
from nnctl.spec.text import document

Overrides = Mapping[str, object] | Iterable[tuple[str, str]]
"""Values by key (`{"train.epochs": 3}`), or flags and their texts as a command line has them (`("--set", "train.epochs=3")`)."""

Written = str | Path | Mapping[str, Any]
"""A spec before it is read: the path of a YAML file, or what would stand in one (`{"data": {...}, "model": {...}, ...}`)."""

# The specs that come with nnctl: in an installed package inside of it, in a working copy beside it.
PACKAGED = Path(__file__).parents[1] / "configs"
_KEPT = next((folder for folder in (PACKAGED, Path(__file__).parents[2] / "configs") if folder.is_dir()), PACKAGED)
_DICT = "<dict>"


def load_spec(spec: Written | Source, overrides: Overrides = ()) -> Spec:
    """The spec in a YAML file or in a map of its sections, checked against its data; nothing is trained or downloaded.

    >>> spec = load_spec("first.yaml", {"train.epochs": 3, "model.layers.1.units": 16})
    >>> spec.train.epochs, spec.layers[1].arguments["units"]
    (3, 16)

    Args:
        spec: the path of the file; `configs/NAME.yaml` is the one that comes with nnctl where there is no folder `configs`. Or a
            map as YAML has it, of maps, lists, texts, numbers and paths, which are relative to the current folder; errors show
            it as the YAML that it stands for. Or what `read_stream` has read.
        overrides: values that replace those of the file, as `--set` does, later ones last.

    Raises:
        SpecError: with every mistake that was found, each with its place in the file.
        RunError: what `init_from` names is not there, or no file that weights are taken from.
    """
    if isinstance(overrides, Mapping):
        overrides = [("--set", f"{key}={_format_yaml(key, value)}") for key, value in overrides.items()]
    written = Source(_DICT, _format_document(spec)) if isinstance(spec, Mapping) else spec
    file = written if isinstance(written, Source) else find_file(Path(written))
    return require_beginning(specs.load_spec(file, overrides, peek))


def require_beginning(spec: Spec) -> Spec:
    """The spec itself, once what its `init_from` names was looked at.

    Raises:
        RunError: it is not there, or no file that weights are taken from.
    """
    if spec.train.init_from is not None:
        find_weights(spec.train.init_from, spec.train.places.get("init_from"))
    return spec


def read_stream(stream: BinaryIO, name: str = "<stdin>") -> Source:
    """What comes through a pipe as the text of a spec, whose paths are relative to the current folder.

    Args:
        stream: the standard input, in bytes.
        name: what messages and the run call it.

    Raises:
        SpecError: it cannot be read, is more than a spec may have, or is not UTF-8.
    """
    return document.read_stream(stream, name)


def take_spec(spec: Spec | Written) -> Spec:
    """The spec itself, or what `load_spec` makes of it.

    Raises:
        SpecError: as `load_spec`.
    """
    return spec if isinstance(spec, Spec) else load_spec(spec)


def find_file(path: Path) -> Path:
    """The path of a spec; of `configs/NAME.yaml`, where there is no such folder, that of the one that comes with nnctl."""
    kept = _KEPT / path.name
    return kept if path.parent == Path("configs") and not path.parent.exists() and kept.is_file() else path


def find_folder(path: Path) -> Path:
    """The folder in which something is written that belongs to a spec: beside it, for one that comes with nnctl here."""
    found = find_file(path)
    return Path() if found.parent == PACKAGED or found != path else path.parent


def _format_document(spec: Mapping[str, Any]) -> str:
    """A map as the YAML of a spec."""
    try:
        return format_plain(_simplify("the spec", spec))
    except RecursionError:
        raise SpecError(Problem("bad-value", "the spec holds itself, or is nested beyond all measure")) from None


def _format_yaml(key: str, value: object) -> str:
    """A value as YAML on one line; JSON is that."""
    return json.dumps(_simplify(f"the value of {key!r}", value, "bad-override"), ensure_ascii=False)


def _simplify(what: str, value: Any, code: str = "bad-value") -> Any:
    """A value as maps, lists and scalars: a path as its text, an array or a number of NumPy's as Python's.

    Args:
        what: what an error calls it.
        value: the value.
        code: that of the error.

    Raises:
        SpecError: it is something else.
    """
    if isinstance(value, Mapping):
        return {key: _simplify(f"{key!r} in {what}", inner, code) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_simplify(f"item {place} of {what}", inner, code) for place, inner in enumerate(value)]
    value = str(value) if isinstance(value, Path) else value.tolist() if hasattr(value, "tolist") else value
    if isinstance(value, list) or value is None or isinstance(value, (str, int, float)):
        return value
    hint = "numbers, texts, true, false, None, and lists and maps of them"
    message = f"{what} is a {type(value).__name__}, which YAML cannot write"
    raise SpecError(Problem(code, message, hint=hint))
