import struct
from pathlib import Path

import numpy as np
import pytest

from nnctl.errors import UsageError
from nnctl.starters.binaries import infer_options
from nnctl.starters.survey import survey


def write(path: Path, array: np.ndarray) -> Path:
    path.write_bytes(struct.pack(f">I{array.ndim}I", 0x0800 + array.ndim, *array.shape) + array.tobytes())
    return path


@pytest.fixture
def images(tmp_path: Path) -> Path:
    labels = np.arange(60, dtype=np.uint8) % 3
    write(tmp_path / "train-labels-idx1-ubyte", labels)
    pixels = np.random.default_rng(0).integers(0, 256, (60, 8, 8), np.uint8)
    return write(tmp_path / "train-images-idx3-ubyte", pixels)


def test_examples_with_labels_beside_them_are_surveyed(images: Path) -> None:
    found = survey(images, False, lambda label, share: None)
    assert (found.source, found.shape, found.task, found.outputs) == ("idx", (8, 8), "multiclass", 3)
    assert (found.pixels, found.scale, found.own_test) == (True, "unit", False)


def test_test_examples_beside_them_are_told(images: Path) -> None:
    assert infer_options(images).facts == ()
    write(images.with_name("t10k-images-idx3-ubyte"), np.zeros((2, 8, 8), np.uint8))
    assert "t10k-images-idx3-ubyte" in infer_options(images).facts[0]


def test_labels_are_not_examples(images: Path) -> None:
    with pytest.raises(UsageError) as caught:
        infer_options(images.with_name("train-labels-idx1-ubyte"))
    assert "train-images-idx3-ubyte" in str(caught.value.problems[0].hint)


def test_other_files_are_of_no_known_kind(tmp_path: Path) -> None:
    (tmp_path / "notes.dat").write_text("nothing")
    with pytest.raises(UsageError) as caught:
        survey(tmp_path / "notes.dat", False, lambda label, share: None)
    assert caught.value.problems[0].code == "unknown-data"
