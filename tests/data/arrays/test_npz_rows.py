import numpy as np
import pytest

from nnctl.data import load
from nnctl.data.arrays.npz import find_member
from nnctl.data.arrays.npz_rows import Member
from nnctl.data.preparing.scales import decide_scaling


def silent(label, fraction):
    pass


@pytest.fixture
def array():
    return np.random.default_rng(0).normal(size=(60, 4, 3)).astype(np.float32)


@pytest.fixture
def npz(tmp_path):
    """Writes arrays as `numpy.savez` does, uncompressed."""

    def write(name="own.npz", **arrays):
        np.savez(tmp_path / name, **arrays)
        return tmp_path / name

    return write


@pytest.fixture
def member(npz, array):
    return find_member(npz(x=array, y=np.arange(60)), "x", None)


def test_rows_are_those_of_the_array(member, array):
    assert isinstance(member, Member)
    assert (member.shape, member.dtype, member.nbytes) == (array.shape, array.dtype, array.nbytes)
    for rows in (np.array([3, 4, 5, 9, 8, 7, 7]), np.array([59]), np.arange(60), np.array([], np.int64)):
        (found,) = member.read_batches([rows])
        assert np.array_equal(found, array[rows])
    assert np.array_equal(member.take(np.array([9, 2, 40])).take(np.array([2, 0]))[:], array[[40, 9]])
    assert np.array_equal(np.concatenate(list(member.read_blocks())), array)


def test_the_same_rows_are_known_as_such(member, npz, array):
    rows = np.array([5, 6])
    assert member.take(rows).is_same(member.take(rows))
    assert not member.take(rows).is_same(member)
    assert not member.is_same(find_member(npz(name="other.npz", x=array, y=np.arange(60)), "x", None))


def test_a_file_that_has_lost_its_end_is_named(npz, array, refused):
    path = npz(x=array, y=np.arange(60))
    found = find_member(path, "x", None)
    with path.open("r+b") as file:
        file.truncate(500)
    problem = refused("unreadable-data", lambda: found[-1])
    assert "shorter than it was" in problem.message
    assert str(path) in problem.message


def test_what_cannot_be_read_row_by_row_is_none(npz, tmp_path, array):
    assert find_member(npz(x=np.asfortranarray(array), y=np.arange(60)), "x", None) is None
    assert find_member(npz(x=np.arange(60.0), y=np.arange(60)), "x", None) is None
    assert find_member(npz(x=array.astype(">f4"), y=np.arange(60)), "x", None) is None
    np.savez_compressed(tmp_path / "c.npz", x=array)
    assert find_member(tmp_path / "c.npz", "x", None) is None


def test_a_flipped_bit_is_found_by_zips_checksum(npz, array, refused):
    path = npz(x=array, y=np.arange(60))
    content = bytearray(path.read_bytes())
    content[400] ^= 1
    path.write_bytes(content)
    assert "CRC" in refused("damaged-data", find_member, path, "x", None).message


@pytest.mark.parametrize("scale", ["none", "standard", "unit"])
def test_streamed_data_are_the_data_that_are_held(section, npz, array, scale):
    path = npz(x=array, y=np.arange(60) % 3)
    held, streamed = (load(section("npz", {"memory": how}, path=path), silent) for how in ("hold", "stream"))
    assert isinstance(streamed.train.x, Member)
    assert held.fingerprint == streamed.fingerprint
    for name in ("train", "test"):
        assert np.array_equal(getattr(held, name).x, getattr(streamed, name).x[:])
    one, other = (decide_scaling(section("npz", path=path, scale=scale), each) for each in (held, streamed))
    assert (one.kind, one.factor) == (other.kind, other.factor)
    if scale == "standard":
        assert np.array_equal(one.mean, other.mean)
        assert np.array_equal(one.variance, other.variance)


def test_what_is_not_finite_is_found_where_it_lies(section, npz, array, refused):
    array[31, 2, 1] = np.nan
    path = npz(x=array, y=np.arange(60) % 3)
    told = [
        refused("not-finite", load, section("npz", {"memory": how}, path=path), silent) for how in ("hold", "stream")
    ]
    assert told[0].message == told[1].message
    assert "row 31, index (2, 1)" in told[0].message


def test_what_is_asked_to_stream_and_cannot_is_refused(section, tmp_path, array, refused):
    path = tmp_path / "c.npz"
    np.savez_compressed(path, x=array, y=np.arange(60) % 3)
    problem = refused("not-streamable", load, section("npz", {"memory": "stream"}, path=path), silent)
    assert "compressed" in problem.message


def test_data_larger_than_a_quarter_of_the_memory_stay_on_disk(section, npz, array, monkeypatch):
    path = npz(x=array, y=np.arange(60) % 3)
    for free, kind in ((array.nbytes * 4, np.ndarray), (array.nbytes * 4 - 4, Member)):
        monkeypatch.setattr("nnctl.data.arrays.npz_pairs.measure_available", lambda free=free: free)
        assert type(load(section("npz", path=path), silent).train.x) is kind
