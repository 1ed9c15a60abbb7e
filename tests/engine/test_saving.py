import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from nnctl.engine import saving
from nnctl.engine.training import Training
from nnctl.errors import RunError

from .conftest import Quiet

# Loads the model with nnctl out of reach, and prints what it says of bytes as they are stored.
PLAIN = """
import sys
sys.modules["nnctl"] = None
import keras, numpy as np
model = keras.models.load_model(sys.argv[1])
np.save(sys.argv[3], model.predict(np.load(sys.argv[2]), verbose=0))
"""


@pytest.mark.parametrize("scale", ["unit", "standard", "none"])
def test_the_model_loads_in_plain_keras_and_takes_what_the_source_holds(
    training: Callable[..., Training], tmp_path: Path, scale: str
) -> None:
    made = training(f"data.scale={scale}", "data.subset=200", "model.layers.1.dense.activation={leaky_relu: 0.1}")
    made.run(Quiet())
    x = made.dataset.train.x[:50]
    saving.save(made.model, tmp_path / "model.keras")
    np.save(tmp_path / "x.npy", x)
    files = [str(tmp_path / name) for name in ("model.keras", "x.npy", "out.npy")]
    subprocess.run([sys.executable, "-c", PLAIN, *files], check=True, capture_output=True)
    assert np.array_equal(np.load(tmp_path / "out.npy"), made.model.predict(x, verbose=0))


def test_a_loaded_model_holds_the_weights_of_the_saved_one(training: Callable[..., Training], tmp_path: Path) -> None:
    made = training("data.subset=100")
    saving.save(made.model, tmp_path / "model.keras")
    loaded = saving.load(tmp_path / "model.keras")
    for mine, theirs in zip(made.model.get_weights(), loaded.get_weights(), strict=True):
        assert mine.tobytes() == theirs.tobytes()


@pytest.mark.parametrize("content", [b"", b"not a model", b"PK\x03\x04 truncated"])
def test_a_damaged_model_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "model.keras").write_bytes(content)
    with pytest.raises(RunError, match="damaged") as caught:
        saving.load(tmp_path / "model.keras")
    assert str(tmp_path) in caught.value.problems[0].message


def test_a_missing_model_is_said(tmp_path: Path) -> None:
    with pytest.raises(RunError) as caught:
        saving.load(tmp_path / "model.keras")
    assert caught.value.problems[0].code == "no-model"
