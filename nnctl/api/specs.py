"""Specs from Python: how one is read."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from nnctl import spec as specs
from nnctl.data import peek
from nnctl.errors import Problem, SpecError
from nnctl.spec import Spec

Overrides = Mapping[str, object] | Iterable[tuple[str, str]]
"""Values by key (`{"train.epochs": 3}`), or flags and their texts as a command line has them (`("--set", "train.epochs=3")`)."""


def load_spec(path: str | Path, overrides: Overrides = ()) -> Spec:
    """The spec in a YAML file, checked against its data; nothing is trained or downloaded.

    >>> spec = load_spec("first.yaml", {"train.epochs": 3, "model.layers.1.units": 16})
    >>> spec.train.epochs, spec.layers[1].arguments["units"]
    (3, 16)

    Args:
        path: the file.
        overrides: values that replace those of the file, as `--set` does, later ones last.

    Raises:
        SpecError: with every mistake that was found, each with its place in the file.
    """
    if isinstance(overrides, Mapping):
        overrides = [("--set", f"{key}={_format_yaml(key, value)}") for key, value in overrides.items()]
    return specs.load_spec(Path(path), overrides, peek)


def _format_yaml(key: str, value: object) -> str:
    """A value as YAML on one line; JSON is that."""
    try:
        return json.dumps(value, ensure_ascii=False, default=_simplify)
    except (TypeError, ValueError):
        message = f"the value of {key!r} is a {type(value).__name__}, which YAML cannot write"
        hint = "numbers, texts, true, false, None, and lists and maps of them"
        raise SpecError(Problem("bad-override", message, hint=hint)) from None


def _simplify(value: Any) -> object:
    """A path as its text, a number of NumPy's as Python's."""
    return str(value) if isinstance(value, Path) else value.item() if hasattr(value, "item") else json.dumps(value)
