"""Users' files of every kind, and a folder of their own to look at them from."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests run in an empty folder, so that starters and data may be named without one."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def npz() -> Callable[..., Path]:
    """Writes a pair of arrays to `own.npz`: 200 rows of four floats unless told otherwise."""

    def write(y: Any, x: Any = None, **more: Any) -> Path:
        if x is None:
            x = np.random.default_rng(0).normal(size=(len(y), 4)).astype(np.float32)
        np.savez("own.npz", x=x, y=y, **more)
        return Path("own.npz")

    return write


def quiet(label: str, share: float | None) -> None:
    """Reports nothing."""
