import errno
import io
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from nnctl.data.images import stored as module
from nnctl.data.images.decoding import Conversion
from nnctl.data.images.pictures import Pictures
from nnctl.data.images.stored import Stored, find_folder, measure_room, store_images

CONVERSION = Conversion(4, 5, 3, resize=False)


@pytest.fixture(autouse=True)
def disk(tmp_path, monkeypatch):
    """A folder of its own for the file."""
    (tmp_path / "disk").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "disk"))
    monkeypatch.setattr("tempfile.tempdir", None)
    return tmp_path / "disk"


def stored(files, memory="auto"):
    return store_images([Pictures(files, CONVERSION, memory)], lambda blocks: blocks)[0]


def test_stored_pictures_are_indexed_as_an_array(drawn_files, drawn, monkeypatch):
    monkeypatch.setattr("nnctl.data.memory.on_disk._BLOCK", 7 * drawn[0].nbytes)
    found = stored(drawn_files)
    assert isinstance(found, Stored)
    for key in (3, -1, slice(10, 30), slice(None, None, 7), np.array([49, 0, 0, 17])):
        assert np.array_equal(found[key], drawn[key])
    rows = np.array([5, 2, 40, 2])
    assert np.array_equal(found.take(rows)[:], drawn[rows])
    assert np.array_equal(found.take(rows).take(np.array([2, 0]))[:], drawn[[40, 5]])


def test_several_share_a_file(drawn_files, drawn):
    pictures = [Pictures(drawn_files[:20], CONVERSION), Pictures(drawn_files[20:], CONVERSION)]
    one, other = store_images(pictures, lambda blocks: blocks)
    assert np.array_equal(one[:], drawn[:20])
    assert np.array_equal(other[:], drawn[20:])


def test_images_are_decoded_once(drawn_files, drawn):
    found = stored(drawn_files)
    for file in drawn_files:
        Path(file).unlink()
    assert np.array_equal(found[::-1], drawn[::-1])


def test_the_file_has_no_name_and_so_cannot_be_left_behind(drawn_files, disk):
    found = stored(drawn_files)
    assert len(found) == 50
    assert list(disk.iterdir()) == []


@pytest.mark.parametrize("memory", ["auto", "store"])
def test_a_full_disk_is_an_error_only_if_the_file_was_asked_for(drawn_files, drawn, monkeypatch, refused, memory):
    class Full(io.RawIOBase):
        def write(self, block):
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(module.tempfile, "TemporaryFile", lambda **arguments: Full())
    if memory == "store":
        problem = refused("cannot-write", stored, drawn_files, memory)
        assert "No space left on device" in problem.message
    else:
        found = stored(drawn_files, memory)
        assert type(found) is Pictures
        assert np.array_equal(found[:], drawn)


def test_a_file_that_lost_its_end_is_an_error(drawn_files, refused):
    found = stored(drawn_files)
    found._pixels._file.truncate(49 * 60)
    assert len(found[:49]) == 49
    refused("unreadable-data", lambda: found[49])


def test_it_lies_where_tmpdir_says_or_else_on_a_disk(disk, monkeypatch):
    assert find_folder() == disk
    monkeypatch.delenv("TMPDIR")
    assert find_folder() == Path("/var/tmp")


def test_the_file_may_take_a_quarter_of_what_is_free(disk, monkeypatch):
    asked = []
    monkeypatch.setattr(module.shutil, "disk_usage", lambda path: asked.append(path) or SimpleNamespace(free=4004))
    assert measure_room() == 1001
    assert asked == [disk]
