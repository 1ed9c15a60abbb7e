import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from nnctl.data.images.headers import look, survey
from nnctl.errors import DataError


def write_wide(path, values):
    """A PNG of 16 bits a channel by hand (PNG specification, 11.2): Pillow writes none in colour."""

    def pack(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    height, width, channels = values.shape
    head = struct.pack(">IIBBBBB", width, height, 16, {2: 4, 3: 2, 4: 6}[channels], 0, 0, 0)
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in values)
    chunks = (pack(b"IHDR", head), pack(b"IDAT", zlib.compress(rows)), pack(b"IEND", b""))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(chunks))
    return str(path)


def test_what_headers_say_of_many(saved, colours, tmp_path, refused):
    files = [saved(colours, "a.png"), saved(colours, "b.png"), saved(Image.new("L", (7, 9)), "grey.png")]
    found = survey(files, None)
    assert (found.sizes, found.grey, found.counts) == ([(8, 6), (9, 7)], False, {"all": 3, "grey": 1})
    assert survey(files[2:], None).grey
    (tmp_path / "notes.txt").write_text("no image")
    assert "notes.txt" in refused("not-an-image", survey, [*files, str(tmp_path / "notes.txt")], None).message


def test_at_most_ten_faults_are_told(tmp_path):
    files = [tmp_path / f"{index}.png" for index in range(15)]
    for file in files:
        file.write_text("no image")
    with pytest.raises(DataError) as caught:
        survey([str(file) for file in files], None)
    assert len(caught.value.problems) == 10


def test_what_of_a_picture_is_wide_or_clear(saved, colours, tmp_path):
    wide = np.full((8, 6), 4095, np.uint16)
    files = {
        "deep": saved(Image.fromarray(wide), "deep.png"),
        "narrowed": write_wide(tmp_path / "rgb.png", np.stack([wide] * 3, axis=-1)),
        "clear": saved(np.dstack([colours, colours[..., :1]]), "clear.png"),
    }
    seen = {name: look(path, None) for name, path in files.items()}
    for name in files:
        assert [each for each in files if getattr(seen[name], each)] == [name]
    assert survey(list(files.values()), None).counts == {"all": 3, "grey": 1, "deep": 1, "narrowed": 1, "clear": 1}
    both = look(write_wide(tmp_path / "la.png", np.stack([wide] * 2, axis=-1)), None)
    assert (both.clear, both.deep, both.narrowed) == (True, False, True)


def test_files_that_are_no_images_may_be_passed_over_as_long_as_one_is(tmp_path):
    Image.new("L", (3, 5)).save(tmp_path / "1.png")
    (tmp_path / "2.png").write_bytes(b"none")
    files = [str(tmp_path / "1.png"), str(tmp_path / "2.png")]
    seen = survey(files, None, skip=True)
    assert (seen.sizes, seen.counts["all"], seen.grey) == ([(5, 3)], 1, True)
    with pytest.raises(DataError):
        survey(files, None)
    with pytest.raises(DataError):
        survey(files[1:], None, skip=True)
