import errno
import os
from pathlib import Path

import pytest

from nnctl.errors import RunError
from nnctl.files import hold, open_regular, read_bytes, seal


def test_a_regular_file_is_opened_and_what_a_link_leads_to(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x")
    (tmp_path / "link").symlink_to("a")
    for name in ("a", "link"):
        with open_regular(tmp_path / name) as content:
            assert content.read() == b"x"


@pytest.mark.parametrize("kind", ["pipe", "folder", "device"])
def test_what_is_no_regular_file_is_refused_at_once(kind: str, tmp_path: Path) -> None:
    path = Path("/dev/zero") if kind == "device" else tmp_path / kind
    if kind != "device":
        os.mkfifo(path) if kind == "pipe" else path.mkdir()
    free = os.dup(0)
    os.close(free)
    with pytest.raises(OSError, match="it is not a regular file"):
        open_regular(path)
    assert os.dup(0) == free, "it is still open"
    os.close(free)


def test_what_lies_below_a_sealed_folder_is_not_read_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "a").write_bytes(b"x")
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "eval").symlink_to(tmp_path / "secret")
    assert read_bytes(tmp_path / "run" / "eval" / "a", 4) == b"x"
    seal(tmp_path / "run")
    with pytest.raises(RunError, match="eval is a link"):
        read_bytes(tmp_path / "run" / "eval" / "a", 4)


def test_an_error_in_a_folder_that_is_held_names_the_folder_as_it_is_known(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    with pytest.raises(FileNotFoundError) as inside, hold(tmp_path / "a") as held:
        (held / "absent").unlink()
    assert inside.value.filename == str(tmp_path / "a" / "absent")
    with pytest.raises(FileNotFoundError) as elsewhere, hold(tmp_path / "a"):
        (tmp_path / "absent").unlink()
    assert elsewhere.value.filename == str(tmp_path / "absent")


def test_below_a_sealed_folder_an_error_names_the_whole_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seal(tmp_path)
    with pytest.raises(FileNotFoundError) as caught:
        read_bytes(tmp_path / "eval" / "train" / "a", 4)
    assert caught.value.filename == str(tmp_path / "eval")

    def refuse(name: str, **folder: int) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), name)

    monkeypatch.setattr(os, "mkdir", refuse)
    with pytest.raises(OSError, match="Read-only") as refused, hold(tmp_path / "eval", make=True):
        pass
    assert refused.value.filename == str(tmp_path / "eval")


def test_a_folder_is_held_whatever_takes_its_place(tmp_path: Path) -> None:
    with hold(tmp_path / "a", make=True) as held:
        (tmp_path / "a").rename(tmp_path / "b")
        (held / "x").write_bytes(b"x") if held != tmp_path / "a" else (tmp_path / "b" / "x").write_bytes(b"x")
    assert (tmp_path / "b" / "x").read_bytes() == b"x"
