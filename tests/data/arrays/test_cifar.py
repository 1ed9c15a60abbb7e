import io
import pickle
import tarfile

import numpy as np
import pytest

from nnctl.data.arrays.cifar import FORMATS, PIXELS, read_cifar

FINE = FORMATS["fine_labels"]


@pytest.fixture
def records():
    """Five records of CIFAR-100: pixels that tell their place, coarse labels and fine ones."""
    pixels = (np.arange(5 * PIXELS) % 251).astype(np.uint8).reshape(5, PIXELS)
    return pixels, np.arange(5, dtype=np.uint8), np.arange(90, 95, dtype=np.uint8)


def binary(records):
    pixels, coarse, fine = records
    return np.column_stack([coarse, fine, pixels]).astype(np.uint8).tobytes()


def pickled(records, **changes):
    pixels, coarse, fine = records
    held = {b"data": pixels, b"coarse_labels": coarse.tolist(), b"fine_labels": fine.tolist()}
    return pickle.dumps({**held, **{key.encode(): value for key, value in changes.items()}}, 3)


def test_planes_become_pixels(tmp_path, records):
    for name in ("train.bin", "test.bin"):
        (tmp_path / name).write_bytes(binary(records))
    x, y = read_cifar(tmp_path, FINE, None)["train"]
    assert (x.shape, x.dtype, y.tolist()) == ((5, 32, 32, 3), np.uint8, [90, 91, 92, 93, 94])
    for row, column, channel in [(0, 0, 0), (3, 7, 1), (31, 31, 2)]:
        np.testing.assert_array_equal(x[:, row, column, channel], records[0][:, channel * 1024 + row * 32 + column])


def test_pickles_and_archives_hold_the_same(tmp_path, records):
    (tmp_path / "bin").mkdir()
    (tmp_path / "py").mkdir()
    for part in ("train", "test"):
        (tmp_path / "bin" / f"{part}.bin").write_bytes(binary(records))
        (tmp_path / "py" / part).write_bytes(pickled(records))
    with tarfile.open(tmp_path / "own.tar.gz", "w:gz") as archive:
        archive.add(tmp_path / "py", "cifar-100-python")
    x, y = read_cifar(tmp_path / "bin", FINE, None)["test"]
    for other in ("py", "own.tar.gz"):
        again = read_cifar(tmp_path / other, FINE, None)["test"]
        np.testing.assert_array_equal(again[0], x)
        np.testing.assert_array_equal(again[1], y)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("other.bin", b"", "no train.bin"),
        ("train.bin", bytes(PIXELS), "multiple"),
        ("train.bin", b"\0\x64" + bytes(PIXELS), "label 100"),
        ("train", b"no pickle", "opcode"),
        ("train", pickle.dumps({b"data": 3}), "fine_labels"),
    ],
)
def test_damaged_files(tmp_path, records, refused, name, content, told):
    (tmp_path / "test.bin").write_bytes(binary(records))
    (tmp_path / name).write_bytes(content)
    assert told in refused("damaged-data", read_cifar, tmp_path, FINE, None).message


@pytest.mark.parametrize("labels", [[1, 2], [1, 2, 3, 4, 256], [1, 2, 3, 4, "5"], 5])
def test_pickled_labels_that_are_none(tmp_path, records, refused, labels):
    for part in ("train", "test"):
        (tmp_path / part).write_bytes(pickled(records, fine_labels=labels))
    refused("damaged-data", read_cifar, tmp_path, FINE, None)


def test_archives_that_are_none_or_broken(tmp_path, records, refused):
    path = tmp_path / "own.tar.gz"
    path.write_bytes(b"no archive")
    refused("damaged-data", read_cifar, path, FINE, None)
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as archive:
        info = tarfile.TarInfo("train.bin")
        info.size = len(binary(records))
        archive.addfile(info, io.BytesIO(binary(records)))
    path.write_bytes(content.getvalue()[:-200])
    refused("damaged-data", read_cifar, path, FINE, None)
    refused("damaged-data", read_cifar, tmp_path / "none", FINE, None)


def test_a_file_larger_than_any_of_cifar(tmp_path, records, refused, monkeypatch):
    (tmp_path / "train.bin").write_bytes(binary(records))
    monkeypatch.setattr("nnctl.bounds.CIFAR_FILE", 100)
    assert "larger than 100 bytes" in refused("damaged-data", read_cifar, tmp_path, FINE, None).message


@pytest.mark.parametrize("packed", ["", ":gz", ":bz2", ":xz"])
def test_an_archive_that_unpacks_to_more_than_any_cifar(tmp_path, records, refused, monkeypatch, packed):
    path = tmp_path / "own.tar"
    with tarfile.open(path, f"w{packed}") as archive:
        for name in ("train", "test"):
            (tmp_path / f"{name}.bin").write_bytes(binary(records))
            archive.add(tmp_path / f"{name}.bin", f"cifar/{name}.bin")
        archive.add(tmp_path / "train.bin", "cifar/readme.html", filter=make_long)
    assert set(read_cifar(path, FINE, None)) == {"train", "test"}
    monkeypatch.setattr("nnctl.bounds.CIFAR", 20_000)
    assert "more than 20,000 bytes" in refused("damaged-data", read_cifar, path, FINE, None).message


def make_long(member):
    """A member with a header that takes as much room as one likes."""
    member.pax_headers = {"comment": "x" * 50_000}
    return member
