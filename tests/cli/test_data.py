import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import numpy as np
import pytest

from nnctl.data import SOURCES
from tests.answers import read_answer

Nnctl = Callable[..., CompletedProcess[str]]
OWN = {"source: digits": "source: npz\n  path: own.npz", "- flatten\n    ": "", "units: 10": "units: 3"}


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No data set on disk, and a server where nobody answers."""
    monkeypatch.delenv("NNCTL_DATA_DIR", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setenv("NNCTL_DATA_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "*")


def test_the_list_says_what_there_is_and_whether_it_is_here(nnctl: Nnctl) -> None:
    told = nnctl("data", "list").stdout
    assert all(name in told for name in SOURCES)
    assert "to be downloaded" in told
    assert "your own: data.path" in told
    found = json.loads(nnctl("data", "list", "--json").stdout)
    assert [each["name"] for each in found["sources"]] == list(SOURCES)


def test_show_tells_splits_classes_and_ranges(nnctl: Nnctl, write: Callable[..., Path]) -> None:
    done = nnctl("data", "show", write())
    assert (done.returncode, done.stderr) == (0, "")
    assert "multiclass, 10 classes" in done.stdout
    assert "8 x 8" in done.stdout
    assert "0 to 16" in done.stdout
    assert "█" in done.stdout
    assert "\x1b" not in done.stdout
    found = json.loads(nnctl("data", "show", write(), "--json").stdout)
    assert {name: part["examples"] for name, part in found["splits"].items()} == {
        "train": 1150,
        "validation": 288,
        "test": 359,
    }
    assert sum(each["examples"]["train"] for each in found["classes"]) == 1150


def test_show_tells_the_columns_of_a_table(nnctl: Nnctl, write: Callable[..., Path], tmp_path: Path) -> None:
    np.savez(tmp_path / "own.npz", x=np.arange(300.0).reshape(100, 3), y=np.arange(100) % 3)
    done = nnctl("data", "show", write(**OWN))
    assert done.returncode == 0, done.stderr
    assert "feature" in done.stdout
    drawn = nnctl("data", "show", "spec.yaml", "--out", "columns.png")
    assert (drawn.returncode, drawn.stderr) == (0, "")
    assert "sheet    columns.png" in drawn.stdout
    assert (tmp_path / "columns.png").read_bytes().startswith(b"\x89PNG")
    np.savez(tmp_path / "own.npz", x=np.arange(600.0).reshape(20, 2, 3, 5), y=np.arange(20.0))
    flat = {"source: digits": OWN["source: digits"], "units: 10, activation: softmax": "units: 1"}
    write(**{**flat, "categorical_crossentropy": "mse"})
    refused = nnctl("data", "show", "spec.yaml", "--out", "sheet.png")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.startswith("no-images: ")
    assert not (tmp_path / "sheet.png").exists()


def test_out_draws_a_sheet(nnctl: Nnctl, write: Callable[..., Path], tmp_path: Path) -> None:
    done = nnctl("data", "show", write(), "--out", "sheets/digits.png", "--set", "data.subset=200")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].endswith("sheets/digits.png")
    assert (tmp_path / "sheets/digits.png").read_bytes().startswith(b"\x89PNG")
    assert nnctl("data", "show", "spec.yaml", "--out", "spec.yaml/x.png").returncode == 2


def test_the_stand_in_is_told(nnctl: Nnctl, write: Callable[..., Path]) -> None:
    done = nnctl("data", "show", write(**{"source: digits": "source: mnist\n  offline: mnist_5k"}))
    assert done.returncode == 0, done.stderr
    assert "MNIST 5k" in done.stdout
    assert "instead of mnist: mnist.npz is not on disk" in done.stdout


def test_a_wrong_spec_or_missing_data_exit_2(nnctl: Nnctl, write: Callable[..., Path]) -> None:
    for arguments in (["show", "nowhere.yaml"], ["show", write(**{"digits": "digts"})], ["show"], ["lst"], []):
        done = nnctl("data", *arguments)
        assert done.returncode == 2
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("name", "code"), [("mnist", "download-failed"), ("digits", "nothing-to-fetch"), ("mnits", "unknown-source")]
)
def test_what_cannot_be_fetched_exits_2(name: str, code: str, nnctl: Nnctl) -> None:
    done = nnctl("data", "fetch", name)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"{code}: ")


def test_fetch_says_where_it_is(nnctl: Nnctl, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NNCTL_DATA_DIR", str(tmp_path))
    x, y = np.zeros((70_000, 28, 28), np.uint8), (np.arange(70_000) % 10).astype(np.uint8)
    parts = {"x_train": x[:60_000], "y_train": y[:60_000], "x_test": x[60_000:], "y_test": y[60_000:]}
    np.savez_compressed(tmp_path / "mnist.npz", **parts)
    assert nnctl("data", "fetch", "mnist").stdout.strip() == f"mnist is at {tmp_path / 'mnist.npz'}"
    told = read_answer(nnctl("data", "fetch", "mnist", "--json"), "data fetch")
    assert (told["name"], told["path"]) == ("mnist", str(tmp_path / "mnist.npz"))
