"""What `make bits` compares, and what it trains."""

import csv
import io
import shutil
import zipfile
from pathlib import Path

import h5py
import pytest

from nnctl.data import peek
from nnctl.spec import load_spec
from tests.bits import NETWORKS, compared, spec_of

EARLIER = Path(__file__).parent / "engine" / "earlier_runs"


@pytest.fixture
def two(tmp_path: Path) -> tuple[Path, Path]:
    """Two folders, each with the same run."""
    return tmp_path / "mine", Path(shutil.copytree(shutil.copytree(EARLIER, tmp_path / "mine"), tmp_path / "theirs"))


def only(folder: Path) -> Path:
    (found,) = (path.parent for path in folder.glob("*/run.json"))
    return found


def turned(path: Path) -> None:
    """Turns a bit of the least significant byte of one weight."""
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    content = io.BytesIO(files["model.weights.h5"])
    with h5py.File(content, "r+") as weights:
        kernel = weights["layers/dense/vars/0"]
        bits = kernel[()].view("uint32")
        bits[0, 0] ^= 1
        kernel[...] = bits.view("float32")
    with zipfile.ZipFile(path, "w") as archive:
        for name, each in {**files, "model.weights.h5": content.getvalue()}.items():
            archive.writestr(name, each)


@pytest.mark.parametrize("name", NETWORKS)
def test_every_network_is_a_spec(name: str, tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_text(spec_of(name))
    assert load_spec(tmp_path / "spec.yaml", peek=peek).name == name


def test_seconds_and_dates_are_no_difference(two: tuple[Path, Path]) -> None:
    metrics = only(two[1]) / "metrics.csv"
    header, *rows = csv.reader(metrics.read_text().splitlines())
    column = header.index("seconds")
    changed = [[*row[:column], "99.99", *row[column + 1 :]] for row in rows]
    metrics.write_text("\n".join(",".join(row) for row in [header, *changed]) + "\n")
    manifest = only(two[1]) / "run.json"
    manifest.write_text(manifest.read_text().replace('"created": "2026', '"created": "2027'))
    assert compared(*two) == [True, True, True]


def test_one_bit_of_one_weight_is_a_difference(two: tuple[Path, Path]) -> None:
    turned(only(two[1]) / "model.keras")
    assert compared(*two) == [False, True, True]


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("metrics.csv", [True, False, True]),
        ("eval/test/metrics.json", [True, True, False]),
        ("eval/test/predictions.csv", [True, True, False]),
    ],
)
def test_one_digit_is_a_difference(two: tuple[Path, Path], file: str, expected: list[bool]) -> None:
    path = only(two[1]) / file
    text = path.read_text().rstrip()
    place = max(index for index, letter in enumerate(text) if letter.isdigit())
    path.write_text(f"{text[:place]}{(int(text[place]) + 1) % 10}{text[place + 1 :]}\n")
    assert compared(*two) == expected
