"""What `nnctl init` writes trains."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from nnctl.data import peek
from nnctl.spec import load_spec
from nnctl.starters import TEMPLATES, make_starter, write_starter

from .conftest import Quiet, trainable

ROWS = np.arange(80)
RANDOM = np.random.default_rng(0)
TABLE = RANDOM.normal(size=(80, 4)).astype(np.float32)
OWN = {
    "binary": (TABLE, ROWS % 2),
    "classes": (TABLE, np.array(["a", "b", "c", "d"] * 20)),
    "labels": (TABLE, np.stack([ROWS % 2, ROWS % 3 == 0, ROWS % 5 == 0], 1).astype(np.uint8)),
    "number": (TABLE, ROWS * 1000.0),
    "numbers": (TABLE, np.stack([ROWS / 9, ROWS * 7.0], 1)),
    "years": (TABLE, ROWS + 1900),
    "series": (RANDOM.normal(size=(80, 20, 3)), ROWS % 3),
    "pictures": (RANDOM.integers(0, 255, (80, 14, 14), dtype=np.uint8), ROWS % 2),
    "colours": (RANDOM.integers(0, 255, (80, 32, 24, 3), dtype=np.uint8), ROWS % 3),
}


def quiet(label: str, share: float | None) -> None:
    pass


@pytest.fixture
def trained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Writes a starter, trains it for an epoch, and gives its spec and the epoch's row."""
    monkeypatch.chdir(tmp_path)

    def trained(kind: str | None, data: Path | None, *settings: str) -> Any:
        starter = make_starter("mine", kind, data, False, quiet)
        write_starter(starter)
        overrides = [("--set", text) for text in ("train.epochs=1", *settings)]
        spec = load_spec(starter.path, overrides, peek)
        training, observer = trainable(spec), Quiet()
        assert training.run(observer) == "done"
        (row,) = observer.rows
        return spec, row

    return trained


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_template_trains(name: str, trained: Callable[..., Any]) -> None:
    source = "mnist_5k" if TEMPLATES[name].offline else TEMPLATES[name].source
    settings = (f"data.source={source}", "data.offline=null") if source == "mnist_5k" else ()
    _, row = trained(name, None, *settings, "data.subset=80")
    assert np.isfinite(row["loss"])
    assert np.isfinite(row["val_loss"])


@pytest.mark.parametrize("name", OWN)
def test_what_is_written_for_data_trains(name: str, trained: Callable[..., Any]) -> None:
    x, y = OWN[name]
    np.savez("own.npz", x=x, y=y)
    _, row = trained(None, Path("own.npz"))
    assert all(np.isfinite(value) for value in row.values())


def test_a_table_with_gaps_and_categories_trains(trained: Callable[..., Any]) -> None:
    rows = "".join(f"{i / 7 if i % 9 else ''},{'red' if i % 3 else ''},{i % 2}\n" for i in ROWS)
    Path("own.csv").write_text("size,colour,label\n" + rows)
    spec, row = trained(None, Path("own.csv"))
    assert spec.train.loss.name == "binary_crossentropy"
    assert all(np.isfinite(value) for value in row.values())


def test_a_folder_of_images_trains(trained: Callable[..., Any]) -> None:
    for name in ("cat", "dog", "newt"):
        Path("own", name).mkdir(parents=True)
        for index in range(10):
            Image.new("RGB", (20 + index, 20), (20 * index, 0, 0)).save(Path("own", name, f"{index}.png"))
    spec, row = trained(None, Path("own"), "train.augment=[{random_flip: horizontal}]")
    assert spec.data.options == {"size": [20, 25]}
    assert all(np.isfinite(value) for value in row.values())


def test_a_regression_starts_near_the_mean_of_its_targets(trained: Callable[..., Any]) -> None:
    _, row = trained("regression", None)
    assert row["val_loss"] < 1.5 * 77**2  # of the mean it is the variance


def test_targets_in_the_thousands_start_near_their_mean(trained: Callable[..., Any]) -> None:
    np.savez("own.npz", x=OWN["number"][0], y=OWN["number"][1])
    _, row = trained(None, Path("own.npz"))
    assert row["val_mean_absolute_error"] < 2 * OWN["number"][1].std()
