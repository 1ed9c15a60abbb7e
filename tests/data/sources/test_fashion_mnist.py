import gzip
import hashlib
import struct
from dataclasses import replace

import numpy as np
import pytest

from nnctl.data import load, peek
from nnctl.data.sources import fashion_mnist


def silent(label, fraction):
    pass


@pytest.fixture
def files(mnist_like):
    """The four files as bytes by name."""

    def make(train, test):
        found = {}
        for name, array in mnist_like(train, test).items():
            header = bytes((0, 0, 8, array.ndim)) + struct.pack(f">{array.ndim}I", *array.shape)
            found[fashion_mnist.FILES[name].file] = gzip.compress(header + array.tobytes(), 1)
        return found

    return make


def write(folder, contents):
    for name, content in contents.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def test_keras_cache_is_read(section, files, tmp_path):
    write(tmp_path / "keras" / "datasets", files(60_000, 10_000))
    found = load(section("fashion_mnist"), silent)
    assert (len(found.train), len(found.test), found.title) == (60_000, 10_000, "Fashion-MNIST")
    assert found.class_names[9] == "Ankle boot"
    assert found.origin == str(tmp_path / "keras" / "datasets" / "fashion-mnist")


def test_what_is_missing_is_downloaded_file_by_file(section, files, server, tmp_path, monkeypatch):
    contents = files(60_000, 10_000)
    first = "fashion-mnist/train-images-idx3-ubyte.gz"
    write(tmp_path / "own", {first: contents[first]})
    monkeypatch.setenv("NNCTL_DATA_DIR", str(tmp_path / "own"))
    remotes = {
        name: replace(remote, sha256=hashlib.sha256(contents[remote.file]).hexdigest())
        for name, remote in fashion_mnist.FILES.items()
    }
    monkeypatch.setattr(fashion_mnist, "FILES", remotes)
    server.files = {name.rpartition("/")[2]: content for name, content in contents.items()}
    assert len(load(section("fashion_mnist"), silent).train) == 60_000
    assert len(server.asked) == 3
    assert not any("train-images" in name for name in server.asked)


def test_a_folder_may_hold_another_number(section, files, tmp_path):
    write(tmp_path, files(40, 20))
    data = section("fashion_mnist", path=tmp_path / "fashion-mnist")
    found = load(data, silent)
    assert (len(found.train), len(found.test)) == (40, 20)
    np.testing.assert_array_equal(found.train.y, np.arange(40) % 10)
    assert (peek(data).shape, peek(data).train) == ((28, 28), None)


def test_a_folder_without_its_files(section, tmp_path, refused):
    assert refused("wrong-data", peek, section("fashion_mnist", path=tmp_path)).place.line == 2


def test_a_damaged_file_is_named(section, files, tmp_path, refused):
    contents = files(40, 20)
    contents["fashion-mnist/t10k-labels-idx1-ubyte.gz"] = b"half a file"
    write(tmp_path / "keras" / "datasets", contents)
    data = section("fashion_mnist", path=tmp_path / "keras" / "datasets" / "fashion-mnist")
    assert "t10k-labels-idx1-ubyte.gz" in refused("damaged-data", load, data, silent).message


def test_under_its_own_name_it_has_70_000(section, files, tmp_path, refused):
    write(tmp_path / "keras" / "datasets", files(40, 20))
    assert "60,000" in refused("wrong-data", load, section("fashion_mnist"), silent).message


def test_it_cannot_be_had(section, refused):
    assert "train-images" in refused("download-failed", load, section("fashion_mnist"), silent).message
