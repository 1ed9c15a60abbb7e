"""Networks to trace: small data that are at hand, and specs of them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnctl.data import load, peek
from nnctl.engine.tracing.trace import Subject, take_spec
from nnctl.spec import load_spec

Make = Callable[..., Subject]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """The subject of a spec of some layers on data of the given examples, whose labels are classes or numbers."""

    def make(
        layers: str, x: Any = None, y: Any = None, loss: str = "sparse_categorical_crossentropy", more: str = ""
    ) -> Subject:
        x = np.arange(48, dtype=np.float32).reshape(12, 4) % 7 - 3 if x is None else np.asarray(x)
        y = np.arange(len(x)) % 3 if y is None else np.asarray(y)
        np.savez(tmp_path / "d.npz", x_train=x, y_train=y, x_test=x, y_test=y)
        text = (
            f"name: small\nseed: 5\ndata:\n  source: npz\n  path: d.npz\n"
            f"  scale: none\n{more}"
            f"model:\n  layers: {layers}\ntrain: {{loss: {loss}, optimizer: sgd, learning_rate: 0.1, batch_size: 4, epochs: 2}}\n"
        )
        (tmp_path / "small.yaml").write_text(text)
        spec = load_spec(tmp_path / "small.yaml", (), peek)
        return take_spec(spec, load(spec.data, lambda label, share: None))

    return make
