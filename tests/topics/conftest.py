"""A whole spec around a piece of one."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nnctl.data import peek
from nnctl.errors import NnctlError
from nnctl.spec import load_spec
from nnctl.spec.catalogue import tables

HEAD = ["flatten", {"dense": {"units": 10, "activation": "softmax"}}]
AROUND: dict[str, Any] = {
    "data": {"source": "mnist", "validation": 0.1},
    "model": {"layers": HEAD},
    "train": {"loss": "categorical_crossentropy"},
}


def merged(below: Any, above: Any) -> Any:
    if not isinstance(below, dict) or not isinstance(above, dict):
        return above
    return {**below, **{key: merged(below.get(key), value) for key, value in above.items()}}


@pytest.fixture
def refused(tmp_path: Path) -> Callable[[str], set[str]]:
    """What `check` says of a piece of a spec in a whole one: codes and messages; empty if it is right.

    Layers get a head after them that fits MNIST, unless the piece brings a loss of its own.
    """

    def refused(piece: str) -> set[str]:
        import yaml

        spec = merged(AROUND, tables.parse_value(piece))
        if "loss" not in (tables.parse_value(piece).get("train") or {}) and spec["model"]["layers"] != HEAD:
            spec["model"]["layers"] = [*spec["model"]["layers"], *HEAD]
        path = tmp_path / "piece.yaml"
        path.write_text(yaml.safe_dump(spec))
        try:
            load_spec(path, peek=peek)
        except NnctlError as error:
            return {f"{problem.code}: {problem.message}" for problem in error.problems}
        return set()

    return refused
