import hashlib
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from nnctl.data import pictures as module
from nnctl.data.dataset import Split, fingerprint
from nnctl.data.decoding import Form
from nnctl.data.pictures import Pictures, hold
from nnctl.errors import DataError

FORM = Form(4, 5, 3, resize=False)


@pytest.fixture
def stored():
    return np.random.default_rng(0).integers(0, 256, (50, 4, 5, 3), dtype=np.uint8)


@pytest.fixture
def files(tmp_path, stored):
    paths = [tmp_path / f"{index}.png" for index in range(len(stored))]
    for path, picture in zip(paths, stored, strict=True):
        Image.fromarray(picture).save(path)
    return [str(path) for path in paths]


def split(x):
    return Split(x, np.zeros(len(x), np.int32), np.arange(len(x)))


def silent(label, share):
    pass


def test_pictures_are_indexed_as_an_array(files, stored):
    found = Pictures(files, FORM)
    assert (found.shape, found.dtype, found.ndim, found.nbytes) == (stored.shape, stored.dtype, 4, stored.nbytes)
    for key in (3, -1, slice(10, 30), slice(None, None, 7), np.array([49, 0, 0, 17])):
        assert np.array_equal(found[key], stored[key])
    assert (found.min(), found.max()) == (stored.min(), stored.max())
    rows = np.array([5, 2, 40])
    assert np.array_equal(found.take(rows)[:], stored[rows])
    with pytest.raises(IndexError):
        found[50]


def test_batches_come_in_order_whole_and_two_ahead(files, stored, monkeypatch):
    decoded = []
    monkeypatch.setattr(module, "pixels", lambda file, *rest: decoded.append(file) or stored[files.index(file)])
    order = np.random.default_rng(1).permutation(50)
    batches = Pictures(files, FORM).batches(order[start : start + 8] for start in range(0, 50, 8))
    assert np.array_equal(next(batches), stored[order[:8]])
    assert len(decoded) <= 24
    assert np.array_equal(np.concatenate(list(batches)), stored[order[8:]])


def test_batches_that_nobody_wants_are_not_decoded(files):
    batches = Pictures(files, FORM).batches(np.arange(start, start + 1) for start in range(50))
    assert len(list(islice(batches, 2))) == 2
    batches.close()
    assert list(batches) == []


def test_on_disk_and_in_memory_have_one_fingerprint(files, stored, monkeypatch):
    monkeypatch.setattr(module, "_BLOCK", 7 * stored[0].nbytes)
    on_disk = fingerprint({"train": split(Pictures(files, FORM))})
    assert on_disk == fingerprint({"train": split(stored)})
    digest = hashlib.sha256(f"train.x |u1 {stored.shape}\n".encode() + stored.tobytes())
    digest.update(b"train.y <i4 (50,)\n" + bytes(200))
    assert on_disk == digest.hexdigest()


@pytest.mark.parametrize(("memory", "free", "held"), [
    ("auto", 4 * 3000, True), ("auto", 4 * 3000 - 1, False), ("auto", None, True),
    ("hold", 4001, True), ("stream", 1 << 30, False),
])  # fmt: skip
def test_a_quarter_of_the_free_memory_is_held(files, stored, monkeypatch, memory, free, held):
    monkeypatch.setattr(module, "available", lambda: free)
    monkeypatch.setattr("nnctl.data.memory.available", lambda: free)
    found = hold({"train": split(Pictures(files, FORM, memory)), "test": None}, silent)
    assert isinstance(found["train"].x, np.ndarray) == held
    assert np.array_equal(found["train"].x[:], stored)
    assert found["test"] is None


@pytest.mark.parametrize("memory", ["hold", "stream"])
def test_the_share_that_is_decoded_is_told(files, stored, monkeypatch, memory):
    monkeypatch.setattr(module, "_BLOCK", 10 * stored[0].nbytes)
    told = []
    report = lambda label, share: told.append((label, share))  # noqa: E731
    both = {"train": split(Pictures(files, FORM, memory)), "test": split(Pictures(files[:10], FORM, memory))}
    fingerprint(hold(both, report), report)
    assert [round(share * 60) for _, share in told] == [10, 20, 30, 40, 50, 60]
    assert {label for label, _ in told} == {"decoding 60 images"}


def test_the_splits_count_together(files, monkeypatch):
    monkeypatch.setattr(module, "available", lambda: 4 * 3000)
    both = {"train": split(Pictures(files, FORM)), "test": split(Pictures(files[:1], FORM))}
    assert isinstance(hold(both, silent)["test"].x, Pictures)


def test_more_than_there_is_cannot_be_held(files, monkeypatch, refused):
    monkeypatch.setattr("nnctl.data.memory.available", lambda: 3000)
    refused("out-of-memory", hold, {"train": split(Pictures(files, FORM, "hold"))}, silent)


@pytest.mark.parametrize("memory", ["hold", "stream"])
def test_every_broken_image_is_named(files, memory):
    for index in (3, 48):
        with Path(files[index]).open("r+b") as opened:
            opened.truncate(60)
    with pytest.raises(DataError) as caught:
        fingerprint(hold({"train": split(Pictures(files, FORM, memory))}, silent))
    assert [problem.message.split(" ")[0] for problem in caught.value.problems] == [files[3], files[48]]
