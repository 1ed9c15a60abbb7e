from pathlib import Path

import pytest

from nnctl.files import read_bytes, read_text, replace_atomically, write_text


def test_a_text_replaces_what_was_there_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "a.txt"
    write_text(path, "one\n")
    write_text(path, "two\n")
    assert path.read_text() == "two\n"
    assert [p.name for p in path.parent.iterdir()] == ["a.txt"]


def killed_while_writing(path: Path) -> None:
    with replace_atomically(path) as beside:
        beside.write_text("half")
        raise RuntimeError("killed")


def test_a_failure_while_writing_keeps_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    write_text(path, "old")
    with pytest.raises(RuntimeError, match="killed"):
        killed_while_writing(path)
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


def test_the_temporary_file_keeps_the_suffix_that_writers_go_by(tmp_path: Path) -> None:
    with replace_atomically(tmp_path / "model.keras") as beside:
        assert beside.suffix == ".keras"
        assert beside.parent == tmp_path
        beside.write_bytes(b"x")


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
