from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from nnctl.engine.loop.training import Training
from nnctl.engine.network import model_file
from nnctl.errors import RunError
from tests.engine.conftest import Quiet

# Loads models with nnctl out of reach, and keeps what each says of bytes as they are stored.
PLAIN = """
import pathlib, sys
sys.modules["nnctl"] = None
import keras, numpy as np
for folder in map(pathlib.Path, sys.argv[1:]):
    model = keras.models.load_model(folder / "model.keras")
    np.save(folder / "out.npy", model.predict(np.load(folder / "x.npy"), verbose=0))
"""


def test_the_model_loads_in_plain_keras_and_takes_what_the_source_holds(
    training: Callable[..., Training], python: Callable[..., str], tmp_path: Path
) -> None:
    expected: dict[Path, np.ndarray] = {}
    for scale in ("unit", "standard", "none"):
        made = training(f"data.scale={scale}", "data.subset=200", "model.layers.1.dense.activation={leaky_relu: 0.1}")
        made.run(Quiet())
        (folder := tmp_path / scale).mkdir()
        x = made.dataset.train.x[:50]
        model_file.save(made.model, folder / "model.keras")
        np.save(folder / "x.npy", x)
        expected[folder] = made.model.predict(x, verbose=0)
    python(PLAIN, *expected)
    for folder, outputs in expected.items():
        # Another process may round the last bit of a product otherwise: what it is given would differ in the first ones.
        np.testing.assert_allclose(np.load(folder / "out.npy"), outputs, rtol=2e-6, err_msg=folder.name)


def test_a_loaded_model_holds_the_weights_of_the_saved_one(training: Callable[..., Training], tmp_path: Path) -> None:
    made = training("data.subset=100")
    model_file.save(made.model, tmp_path / "model.keras")
    loaded = model_file.load(tmp_path / "model.keras")
    for mine, theirs in zip(made.model.get_weights(), loaded.get_weights(), strict=True):
        assert mine.tobytes() == theirs.tobytes()


@pytest.mark.parametrize("content", [b"", b"not a model", b"PK\x03\x04 truncated"])
def test_a_damaged_model_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "model.keras").write_bytes(content)
    with pytest.raises(RunError, match="damaged") as caught:
        model_file.load(tmp_path / "model.keras")
    assert str(tmp_path) in caught.value.problems[0].message


def test_a_missing_model_is_said(tmp_path: Path) -> None:
    with pytest.raises(RunError) as caught:
        model_file.load(tmp_path / "model.keras")
    assert caught.value.problems[0].code == "no-model"


def test_a_missing_model_is_explained_by_what_the_run_holds(tmp_path: Path) -> None:
    def explain() -> str | None:
        with pytest.raises(RunError) as caught:
            model_file.load(tmp_path / "model.keras")
        return caught.value.problems[0].hint

    assert explain() is None  # no run
    (tmp_path / "run.json").touch()
    assert "no epoch of this run has ended" in str(explain())
    (tmp_path / "metrics.csv").touch()
    assert "finite in no epoch" in str(explain())
    assert "--epochs" in str(explain())
