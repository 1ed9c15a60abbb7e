import subprocess
import sys
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


KILLED = """
import os, sys
from pathlib import Path
from nnctl.files import replace_atomically
with replace_atomically(Path(sys.argv[1])) as beside:
    beside.write_text("half")
    print("writing", flush=True)
    sys.stdin.read()
    os.kill(os.getpid(), 9)
"""


def test_what_a_killed_process_left_goes_with_the_next_file_and_what_a_living_one_writes_stays(tmp_path: Path) -> None:
    mine = tmp_path / ".notes-1234-5678.txt"
    mine.write_text("of the user's own")
    command = [sys.executable, "-c", KILLED, str(tmp_path / "a.txt")]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path(__file__).parents[1]
    ) as other:
        assert other.stdin is not None
        assert other.stdout is not None
        assert other.stdout.readline() == b"writing\n"
        write_text(tmp_path / "b.txt", "whole")
        assert len(list(tmp_path.iterdir())) == 3
        other.stdin.close()
    assert len(list(tmp_path.iterdir())) == 3
    write_text(tmp_path / "b.txt", "whole again")
    assert sorted(tmp_path.iterdir()) == [mine, tmp_path / "b.txt"]


def test_a_name_is_taken_by_nobody_beforehand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nnctl.files.secrets.token_hex", lambda count: "0" * 2 * count)
    (tmp_path / f".a-nnctl-{'0' * 16}.txt").symlink_to(tmp_path / "target")
    with pytest.raises(FileExistsError):
        write_text(tmp_path / "a.txt", "x")
    assert not (tmp_path / "target").exists()
