import os
from pathlib import Path

import pytest

from nnctl.files import read_bytes, read_text


def test_bytes_are_read_up_to_a_limit(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"abc")
    assert read_bytes(path, 3) == b"abc"
    with pytest.raises(OSError, match="larger than 2 bytes"):
        read_bytes(path, 2)


def test_a_text_is_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes("Öl\n".encode())
    assert read_text(path, 4) == "Öl\n"
    with pytest.raises(OSError, match="larger than 3 bytes"):
        read_text(path, 3)
    path.write_bytes(b"\xff")
    with pytest.raises(OSError, match="it is not UTF-8"):
        read_text(path, 3)


def test_a_file_without_end_is_refused_by_its_size_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "x"
    with path.open("wb") as file:
        file.truncate(1 << 42)
    with pytest.raises(OSError, match="larger than 4 bytes"):
        read_bytes(path, 4)


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("pipe")
    for name, told in (("pipe", "not a regular file"), ("link", "it is a link"), (".", "not a regular file")):
        with pytest.raises(OSError, match=told):
            read_bytes(tmp_path / name, 4)
    with pytest.raises(OSError, match="not a regular file"):
        read_bytes(Path("/dev/zero"), 4)
