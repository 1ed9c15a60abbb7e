import io
import os
import struct
import zipfile

import numpy as np
import pytest

from nnctl.data.arrays import npz as archive


def raw(path, **members):
    """Writes an npz of the given bytes."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(f"{name}.npy", content)
    return path


def npy(shape, descr="|u1", body=b""):
    """The bytes of an npy file with a header of our own making."""
    header = f"{{'descr': {descr!r}, 'fortran_order': False, 'shape': {shape!r}, }}"
    header += " " * (-(len(header) + 11) % 64) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + body


def test_arrays_come_back_as_they_were_written(npz):
    x = np.arange(24, dtype=">f4").reshape(2, 3, 4)
    path = npz(x=x, y=np.asfortranarray(np.arange(6).reshape(2, 3)))
    found = archive.read_arrays(path, ["x", "y"], None)
    np.testing.assert_array_equal(found["x"], x)
    np.testing.assert_array_equal(found["y"], np.arange(6).reshape(2, 3))
    assert archive.list_names(path, None) == ["x", "y"]


def test_headers_tell_shape_and_type(npz):
    header = archive.read_headers(npz(x=np.zeros((5, 2), np.int16)), ["x"], None)["x"]
    assert (header.shape, header.dtype, header.size) == ((5, 2), np.dtype("int16"), 20)


def test_headers_do_not_read_what_follows_them(tmp_path):
    path = tmp_path / "broken-body.npz"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("x.npy", npy((4000,), body=bytes(4000)))
    content = bytearray(path.read_bytes())
    content[2000] ^= 1
    path.write_bytes(content)
    assert archive.read_headers(path, ["x"], None)["x"].shape == (4000,)


def test_a_flipped_bit_is_found_by_zips_checksum(tmp_path, refused):
    path = tmp_path / "flipped.npz"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("x.npy", npy((4000,), body=bytes(4000)))
    content = bytearray(path.read_bytes())
    content[2000] ^= 1
    path.write_bytes(content)
    assert "flipped.npz" in refused("damaged-data", archive.read_arrays, path, ["x"], None).message


@pytest.mark.parametrize("keep", [0.3, 0.95])
def test_a_truncated_file_is_no_npz(npz, refused, keep):
    path = npz(x=np.random.default_rng(0).normal(size=1000))
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * keep)])
    assert str(path) in refused("not-npz", archive.read_arrays, path, ["x"], None).message


@pytest.mark.parametrize("content", [b"", b"just a text", b"\x93NUMPY\x01\x00", b"PK\x03\x04"])
def test_other_files_are_no_npz(tmp_path, refused, content):
    path = tmp_path / "other.npz"
    path.write_bytes(content)
    refused("not-npz", archive.list_names, path, None)


def test_a_folder_and_a_missing_file_and_a_pipe(tmp_path, refused):
    assert "directory" in refused("unreadable-data", archive.list_names, tmp_path, None).message
    refused("unreadable-data", archive.list_names, tmp_path / "missing.npz", None)
    os.mkfifo(tmp_path / "pipe")
    refused("unreadable-data", archive.list_names, tmp_path / "pipe", None)


def test_a_missing_array_is_told_with_the_nearest_name(npz, refused):
    path = npz(images=[1], labels=[1])
    assert refused("missing-array", archive.read_headers, path, ["image"], None).hint == "did you mean 'images'?"
    assert refused("missing-array", archive.read_headers, path, ["q"], None).hint == "it holds images, labels"


class Trap:
    """Writes a file when it is unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return open, (str(self.path), "w")


def test_objects_are_refused_and_never_unpickled(npz, tmp_path, refused):
    path = npz(x=np.array([Trap(tmp_path / "sprung")], dtype=object))
    for read in (archive.read_headers, archive.read_arrays):
        assert "can run code" in refused("object-array", read, path, ["x"], None).message
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize("dtype", ["c8", "M8[s]", "m8[s]", "V4", [("a", "u1"), ("b", "f4")], "longdouble"])
def test_types_that_are_no_numbers_are_refused(npz, refused, dtype):
    refused("bad-dtype", archive.read_headers, npz(x=np.zeros(3, dtype)), ["x"], None)


def test_a_header_that_declares_more_than_the_member_holds(tmp_path, refused):
    path = raw(tmp_path / "bomb.npz", x=npy((10**6, 10**6)))
    problem = refused("damaged-data", archive.read_headers, path, ["x"], None)
    assert "(1000000, 1000000)" in problem.message


def test_a_member_that_declares_more_than_deflate_can_hold(tmp_path, refused):
    path = raw(tmp_path / "bomb.npz", x=npy((3 * 10**9 - 128,)))
    content = bytearray(path.read_bytes())
    central = content.rindex(b"PK\x01\x02")
    struct.pack_into("<I", content, central + 24, 3 * 10**9)  # the uncompressed size
    path.write_bytes(content)
    assert "at most" in refused("damaged-data", archive.read_arrays, path, ["x"], None).message


def test_arrays_larger_than_memory_are_refused_before_they_are_read(npz, refused, monkeypatch):
    monkeypatch.setattr("nnctl.data.memory.available.measure_available", lambda: 1000)
    refused("out-of-memory", archive.read_arrays, npz(x=np.zeros(1000, np.uint8)), ["x"], None)
    assert archive.read_arrays(npz(x=np.zeros(700, np.uint8)), ["x"], None)["x"].size == 700


@pytest.mark.parametrize("shape", [(-1,), (2, -3), ("3",), None, 7])
def test_shapes_that_are_none(tmp_path, refused, shape):
    refused("damaged-data", archive.read_headers, raw(tmp_path / "odd.npz", x=npy(shape, body=bytes(6))), ["x"], None)


@pytest.mark.parametrize("content", [b"", b"text", b"\x93NUMPY\x09\x00", b"\x93NUMPY\x01\x00\xff\xff{"])
def test_members_that_are_no_arrays(tmp_path, refused, content):
    refused("damaged-data", archive.read_headers, raw(tmp_path / "odd.npz", x=content), ["x"], None)


def test_a_deeply_nested_header_is_refused(tmp_path, refused):
    header = ("(" * 9000 + ")" * 900).encode()
    content = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header
    refused("damaged-data", archive.read_headers, raw(tmp_path / "deep.npz", x=content), ["x"], None)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_arrays_of_one_name(tmp_path, refused):
    path = tmp_path / "twice.npz"
    buffer = io.BytesIO()
    np.save(buffer, np.zeros(2))
    with zipfile.ZipFile(path, "w") as file:
        for _ in range(2):
            file.writestr("x.npy", buffer.getvalue())
    refused("damaged-data", archive.list_names, path, None)


def test_an_encrypted_member(npz, refused):
    path = npz(x=np.zeros(3))
    content = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + offset] |= 1
    path.write_bytes(content)
    assert "encrypted" in refused("damaged-data", archive.read_headers, path, ["x"], None).message


@pytest.mark.parametrize("wide", [False, True], ids=["zip", "zip64"])
def test_an_archive_of_more_arrays_than_anybody_has(tmp_path, refused, monkeypatch, wide):
    path = tmp_path / "many.npz"
    if wide:
        monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 10)
    with zipfile.ZipFile(path, "w") as file:
        for index in range(200):
            file.writestr(f"{index:040d}.npy", b"")
    assert len(archive.list_names(path, None)) == 200
    monkeypatch.setattr("nnctl.bounds.ARRAYS", 20)
    assert "more than 20 arrays" in refused("damaged-data", archive.list_names, path, None).message


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_an_array_that_is_squeezed_as_numpy_squeezes_none(tmp_path, refused, method):
    with zipfile.ZipFile(tmp_path / "bomb.npz", "w", method) as file:
        file.writestr("x.npy", npy((10_000_000,), body=bytes(10_000_000)))
    assert (tmp_path / "bomb.npz").stat().st_size < 20_000
    assert (
        "NumPy compresses nothing"
        in refused("damaged-data", archive.read_headers, tmp_path / "bomb.npz", ["x"], None).message
    )
