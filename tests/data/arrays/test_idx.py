import gzip
import os
import struct

import numpy as np
import pytest

from nnctl.data.arrays import idx
from nnctl.data.memory.limit import Limit, PastLimitError
from nnctl.errors import DataError


@pytest.fixture
def write(tmp_path):
    def write(shape, body, kind=8):
        header = bytes((0, 0, kind, len(shape))) + struct.pack(f">{len(shape)}I", *shape)
        path = tmp_path / "set-idx.gz"
        path.write_bytes(gzip.compress(header + body))
        return path

    return write


def test_images_and_labels(write):
    images = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)
    np.testing.assert_array_equal(idx.read_idx(write((2, 3, 4), images.tobytes()), (3, 4), None), images)
    np.testing.assert_array_equal(idx.read_idx(write((5,), bytes(range(5))), (), None), np.arange(5))


@pytest.mark.parametrize("count", [0, 23, 25, 48, 1 << 28])  # the last are 262 kB
def test_a_length_that_is_not_the_declared_one(write, refused, count):
    refused("damaged-data", idx.read_idx, write((2, 3, 4), bytes(count)), (3, 4), None)


def test_other_shapes_and_types(write, refused):
    assert (
        "expected (28, 28)"
        in refused("damaged-data", idx.read_idx, write((2, 3, 4), bytes(24)), (28, 28), None).message
    )
    refused("damaged-data", idx.read_idx, write((24,), bytes(24)), (3, 4), None)
    refused("damaged-data", idx.read_idx, write((2, 3, 4), bytes(24), kind=9), (3, 4), None)


def test_a_header_that_declares_more_than_memory_holds(write, refused, monkeypatch):
    monkeypatch.setattr("nnctl.data.memory.available.measure_available", lambda: 20)
    refused("out-of-memory", idx.read_idx, write((2, 3, 4), bytes(24)), (3, 4), None)


@pytest.mark.parametrize("packed", [True, False])
def test_a_header_that_declares_more_than_the_file_can_hold(write, refused, packed):
    path = write((2**32 - 1, 2**16, 2**16), b"")
    if not packed:
        path.write_bytes(gzip.decompress(path.read_bytes()))
    most = path.stat().st_size * (1032 if packed else 1)
    assert f"holds at most {most:,}" in refused("damaged-data", idx.read_idx, path, (2**16, 2**16), None).message


def test_a_pipe_is_not_waited_for(tmp_path, refused):
    os.mkfifo(tmp_path / "pipe")
    assert "not a regular file" in refused("damaged-data", idx.read_idx, tmp_path / "pipe", (), None).message


@pytest.mark.parametrize("kind", [(9, "i1"), (11, "i2"), (12, "i4"), (13, "f4"), (14, "f8")])
@pytest.mark.parametrize("packed", [True, False])
def test_any_shape_and_type(write, kind, packed):
    array = (np.arange(24) - 5).astype(kind[1]).reshape(2, 3, 2, 2)
    path = write(array.shape, array.astype(array.dtype.newbyteorder(">")).tobytes(), kind[0])
    if not packed:
        path.write_bytes(gzip.decompress(path.read_bytes()))
    found = idx.read_idx(path, None, None)
    np.testing.assert_array_equal(found, array)
    assert found.dtype == array.dtype
    declared = idx.read_header(path, None)
    assert (declared.shape, declared.dtype.itemsize) == (array.shape, array.dtype.itemsize)


@pytest.mark.parametrize(
    "content", [b"", b"\0\0\x08", b"\0\0\x07\x01\0\0\0\0", b"\0\0\x08\x00", b"\0\0\x08\x02\0\0\0\1"]
)
def test_what_is_no_header(tmp_path, refused, content):
    path = tmp_path / "own.idx"
    path.write_bytes(content)
    refused("damaged-data", idx.read_header, path, None)


def test_files_that_are_no_gzip_or_broken(write, tmp_path, refused):
    path = write((2, 3, 4), bytes(range(24)))
    content = bytearray(path.read_bytes())
    path.write_bytes(content[:-10])
    refused("damaged-data", idx.read_idx, path, (3, 4), None)
    content[-6] ^= 1  # gzip's checksum
    path.write_bytes(content)
    refused("damaged-data", idx.read_idx, path, (3, 4), None)
    path.write_bytes(b"no gzip")
    refused("damaged-data", idx.read_idx, path, (3, 4), None)
    refused("damaged-data", idx.read_idx, tmp_path / "missing.gz", (3, 4), None)
    refused("damaged-data", idx.read_idx, tmp_path, (3, 4), None)


def test_where_labels_alone_are_looked_at_examples_stay_unread(tmp_path):
    body = struct.pack(">3I", 3, 2, 2) + bytes(5)  # of 12: who reads it sees that it is cut off
    (tmp_path / "x").write_bytes(bytes((0, 0, 8, 3)) + body)
    (tmp_path / "y").write_bytes(bytes((0, 0, 8, 1)) + struct.pack(">I", 3) + bytes((1, 0, 2)))
    x, y = idx.read_labelled(tmp_path / "x", tmp_path / "y", None, Limit(3))
    assert (x.shape, x.dtype, y.tolist()) == ((3, 2, 2), np.uint8, [1, 0, 2])
    with pytest.raises(PastLimitError, match="at most"):
        idx.read_labelled(tmp_path / "x", tmp_path / "y", None, Limit(2))
    with pytest.raises(DataError):
        idx.read_labelled(tmp_path / "x", tmp_path / "y", None, None)
