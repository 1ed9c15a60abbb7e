import hashlib
import io
import pickle
import tarfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nnctl.data import load, peek
from nnctl.data.sources import cifar

PIXELS = 3072


def silent(label, fraction):
    pass


def ten(count):
    """A record of each class in turn, all pixels 7."""
    records = np.full((count, 1 + PIXELS), 7, np.uint8)
    records[:, 0] = np.arange(count) % 10
    return records.tobytes()


@pytest.fixture
def folder(tmp_path):
    """CIFAR-10 with 20 examples a batch, in binary files."""
    path = tmp_path / "own"
    path.mkdir()
    for name in (*(f"data_batch_{number}" for number in range(1, 6)), "test_batch"):
        (path / f"{name}.bin").write_bytes(ten(20))
    return path


def archive(train, test):
    """A tar of CIFAR-10's binary files, gzipped."""
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz", compresslevel=1) as packed:
        files = {**{f"data_batch_{number}.bin": ten(train) for number in range(1, 6)}, "test_batch.bin": ten(test)}
        for name, data in files.items():
            info = tarfile.TarInfo(f"cifar-10-batches-bin/{name}")
            info.size = len(data)
            packed.addfile(info, io.BytesIO(data))
    return content.getvalue()


def test_a_folder_may_hold_another_number(section, folder):
    data = section("cifar10", path=folder)
    found = load(data, silent)
    assert (len(found.train), len(found.test), found.train.x.shape[1:]) == (100, 20, (32, 32, 3))
    assert (found.outputs, found.class_names[6], found.title) == (10, "frog", "CIFAR-10 as in own")
    assert (peek(data).outputs, peek(data).train) == (10, None)


def test_it_is_downloaded_and_found_again(section, server, tmp_path, monkeypatch):
    content = archive(10_000, 10_000)
    server.files["cifar-10-binary.tar.gz"] = content
    monkeypatch.setattr(cifar, "TEN", replace(cifar.TEN, sha256=hashlib.sha256(content).hexdigest()))
    first = load(section("cifar10"), silent)
    assert (len(first.train), len(first.test), first.title) == (50_000, 10_000, "CIFAR-10")
    assert first.origin == str(tmp_path / "keras" / "datasets" / "cifar-10-binary.tar.gz")
    assert len(server.asked) == 1


def test_under_its_own_name_it_has_60_000(section, folder, tmp_path, monkeypatch, refused):
    (tmp_path / "keras" / "datasets").mkdir(parents=True)
    folder.rename(tmp_path / "keras" / "datasets" / "cifar-10-batches-bin")
    assert "50,000" in refused("wrong-data", load, section("cifar10"), silent).message


def test_what_keras_keeps_is_read(section, tmp_path):
    kept = tmp_path / "keras" / "datasets" / "cifar-100-python-target" / "cifar-100-python"
    kept.mkdir(parents=True)
    for name, count in (("train", 50_000), ("test", 10_000)):
        labels = np.arange(count)
        data = {b"data": np.zeros((count, PIXELS), np.uint8)}
        held = {**data, b"fine_labels": (labels % 100).tolist(), b"coarse_labels": (labels % 20).tolist()}
        (kept / name).write_bytes(pickle.dumps(held, 3))
    found = load(section("cifar100", {"classes": "coarse"}, subset=40), silent)
    assert (found.outputs, found.class_names[14], found.origin) == (20, "people", str(kept))


def test_fine_and_coarse_classes(section, tmp_path, refused):
    records = np.zeros((200, 2 + PIXELS), np.uint8)
    records[:, 0], records[:, 1] = np.arange(200) % 20, np.arange(200) % 100
    for name in ("train.bin", "test.bin"):
        (tmp_path / name).write_bytes(records.tobytes())
    fine, coarse = section("cifar100", path=tmp_path), section("cifar100", {"classes": "coarse"}, path=tmp_path)
    assert (load(fine, silent).outputs, peek(fine).outputs, load(fine, silent).class_names[-1]) == (100, 100, "worm")
    assert (load(coarse, silent).outputs, peek(coarse).outputs) == (20, 20)
    assert peek(section("cifar100", {"classes": "coarse"})).train == 50_000
    refused("bad-value", peek, section("cifar100", {"classes": "medium"}))


def test_names_of_all_classes():
    assert [len(set(names)) for names in (cifar.CLASSES, cifar.COARSE, cifar.FINE)] == [10, 20, 100]
    assert list(cifar.FINE) == sorted(cifar.FINE)
    assert cifar.TEN.url.startswith("http://127.0.0.1")


def test_it_cannot_be_had(section, refused):
    assert "cifar-10-binary.tar.gz" in refused("download-failed", load, section("cifar10"), silent).message
    refused("damaged-data", load, section("cifar10", path=Path(__file__)), silent)
