import hashlib
from itertools import islice

import numpy as np
import pytest

from nnctl.data.dataset import Split, compute_fingerprint
from nnctl.data.images import pictures as module
from nnctl.data.images.decoding import Conversion
from nnctl.data.images.pictures import Pictures

CONVERSION = Conversion(4, 5, 3, resize=False)


def split(x):
    return Split(x, np.zeros(len(x), np.int32), np.arange(len(x)))


def test_pictures_are_indexed_as_an_array(drawn_files, drawn):
    found = Pictures(drawn_files, CONVERSION)
    assert (found.shape, found.dtype, found.ndim, found.nbytes) == (drawn.shape, drawn.dtype, 4, drawn.nbytes)
    for key in (3, -1, slice(10, 30), slice(None, None, 7), np.array([49, 0, 0, 17])):
        assert np.array_equal(found[key], drawn[key])
    assert (found.min(), found.max()) == (drawn.min(), drawn.max())
    rows = np.array([5, 2, 40])
    assert np.array_equal(found.take(rows)[:], drawn[rows])
    with pytest.raises(IndexError):
        found[50]


def test_batches_come_in_order_whole_and_two_ahead(drawn_files, drawn, monkeypatch):
    decoded = []
    monkeypatch.setattr(module, "decode", lambda file, *rest: decoded.append(file) or drawn[drawn_files.index(file)])
    order = np.random.default_rng(1).permutation(50)
    batches = Pictures(drawn_files, CONVERSION).read_batches(order[start : start + 8] for start in range(0, 50, 8))
    assert np.array_equal(next(batches), drawn[order[:8]])
    assert len(decoded) <= 24
    assert np.array_equal(np.concatenate(list(batches)), drawn[order[8:]])


def test_batches_that_nobody_wants_are_not_decoded(drawn_files):
    batches = Pictures(drawn_files, CONVERSION).read_batches(np.arange(start, start + 1) for start in range(50))
    assert len(list(islice(batches, 2))) == 2
    batches.close()
    assert list(batches) == []


def test_on_disk_and_in_memory_have_one_fingerprint(drawn_files, drawn, monkeypatch):
    monkeypatch.setattr("nnctl.data.memory.on_disk._BLOCK", 7 * drawn[0].nbytes)
    on_disk = compute_fingerprint({"train": split(Pictures(drawn_files, CONVERSION))})
    assert on_disk == compute_fingerprint({"train": split(drawn)})
    digest = hashlib.sha256(f"train.x |u1 {drawn.shape}\n".encode() + drawn.tobytes())
    digest.update(b"train.y <i4 (50,)\n" + bytes(200))
    assert on_disk == digest.hexdigest()
