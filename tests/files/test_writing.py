import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from nnctl.errors import RunError
from nnctl.files import append_to, replace_atomically, seal, write_text


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


@pytest.mark.parametrize("call", ["open", "fsync", "replace", "write"])
def test_an_error_names_the_file_and_not_the_temporary_one(
    call: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, usual = tmp_path / "a.txt", os.open

    def refuse(name: str | int, *more: object, **others: object) -> int:
        if call == "open" and not str(name).startswith(".a"):
            return usual(name, *more, **others)  # type: ignore[arg-type]
        told = () if isinstance(name, int) else (name,)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), *told)

    if call == "write":
        monkeypatch.setattr(Path, "write_text", lambda self, *_, **__: refuse(str(self)))
    else:
        monkeypatch.setattr(os, call, refuse)
    with pytest.raises(OSError, match="No space left") as caught:
        write_text(path, "x")
    assert caught.value.filename == str(path)


def test_the_temporary_file_keeps_the_suffix_that_writers_go_by(tmp_path: Path) -> None:
    with replace_atomically(tmp_path / "model.keras") as beside:
        assert beside.suffix == ".keras"
        assert beside.parent.samefile(tmp_path)
        beside.write_bytes(b"x")


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
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]
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
    monkeypatch.setattr("nnctl.files.writing.secrets.token_hex", lambda count: "0" * 2 * count)
    (tmp_path / f".a-nnctl-{'0' * 16}.txt").symlink_to(tmp_path / "target")
    with pytest.raises(FileExistsError):
        write_text(tmp_path / "a.txt", "x")
    assert not (tmp_path / "target").exists()


def write_through_a_link(path: Path, victim: Path) -> None:
    with replace_atomically(path) as beside:
        beside.write_text("x")
        beside.unlink()
        beside.symlink_to(victim)


def test_what_was_put_in_the_place_of_the_temporary_file_is_not_taken_for_it(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("precious")
    with pytest.raises(OSError, match="replaced it"):
        write_through_a_link(tmp_path / "a.txt", victim)
    assert victim.read_text() == "precious"
    assert [each.name for each in tmp_path.iterdir()] == ["victim"]


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="a folder that is held open has no path here")
def test_a_folder_that_is_swapped_for_a_link_while_a_file_is_written_leads_nowhere(tmp_path: Path) -> None:
    folder, elsewhere = tmp_path / "folder", tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "a.txt").write_text("precious")
    with replace_atomically(folder / "a.txt") as beside:
        folder.rename(tmp_path / "moved")
        folder.symlink_to(elsewhere)
        beside.write_text("mine")
    assert [(each.name, each.read_text()) for each in elsewhere.iterdir()] == [("a.txt", "precious")]
    assert (tmp_path / "moved" / "a.txt").read_text() == "mine"


def test_below_a_sealed_folder_no_link_is_followed(tmp_path: Path) -> None:
    run, elsewhere = tmp_path / "run", tmp_path / "elsewhere"
    elsewhere.mkdir()
    run.mkdir()
    seal(run)
    (run / "eval").symlink_to(elsewhere)
    for place in ("eval/a.txt", "eval/test/a.txt"):
        with pytest.raises(RunError, match="eval is a link"):
            write_text(run / place, "x")
        with pytest.raises(RunError, match="eval is a link"):
            append_to(run / place)
    assert list(elsewhere.iterdir()) == []
    write_text(run / "other" / "deep" / "a.txt", "x")
    assert (run / "other" / "deep" / "a.txt").read_text() == "x"


def test_a_folder_that_a_link_of_the_users_leads_to_is_written_to(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    write_text(tmp_path / "link" / "a.txt", "x")
    seal(tmp_path / "link")
    write_text(tmp_path / "link" / "deep" / "b.txt", "x")
    assert sorted(each.name for each in (tmp_path / "real").rglob("*.txt")) == ["a.txt", "b.txt"]


def test_a_sealed_folder_that_is_swapped_itself_is_refused(tmp_path: Path) -> None:
    run, elsewhere = tmp_path / "run", tmp_path / "elsewhere"
    elsewhere.mkdir()
    run.mkdir()
    seal(run)
    run.rmdir()
    run.symlink_to(elsewhere)
    with pytest.raises(RunError, match="run is a link"):
        write_text(run / "a.txt", "x")


@pytest.mark.parametrize("kind", ["link", "pipe"])
def test_nothing_is_appended_to_what_is_no_file(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.symlink_to(tmp_path / "victim") if kind == "link" else os.mkfifo(path)
    with pytest.raises(OSError, match="it is a link" if kind == "link" else "No such device"):
        append_to(path)
    assert not (tmp_path / "victim").exists()


@pytest.mark.parametrize("anew", [False, True])
def test_nothing_is_written_to_a_file_that_has_another_name(anew: bool, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("precious")
    (tmp_path / "log").hardlink_to(victim)
    with pytest.raises(OSError, match="another name") as caught:
        append_to(tmp_path / "log", anew)
    assert caught.value.filename == str(tmp_path / "log")
    assert victim.read_text() == "precious"


def test_text_is_appended_to_what_is_there_or_takes_its_place(tmp_path: Path) -> None:
    for anew, held in ((False, "1\n"), (False, "1\n1\n"), (True, "1\n")):
        with append_to(tmp_path / "deep" / "log", anew) as log:
            log.write("1\n")
        assert (tmp_path / "deep" / "log").read_text() == held


def test_the_longest_name_there_is_can_be_written(tmp_path: Path) -> None:
    for name in (f"{'a' * 250}.yaml", "ö" * 127, f"a.{'b' * 253}"):
        write_text(tmp_path / name, "x")
        assert (tmp_path / name).read_text() == "x"


def test_a_folder_whose_names_may_not_be_listed_can_be_written_to(tmp_path: Path) -> None:
    folder = tmp_path / "dark"
    folder.mkdir(mode=0o300)
    write_text(folder / "a.txt", "x")
    folder.chmod(0o700)
    assert [each.name for each in folder.iterdir()] == ["a.txt"]
