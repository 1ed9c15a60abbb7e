import io
import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import pytest

from nnctl import bounds
from nnctl.errors import DataError
from nnctl.predicting.streams import open_as_file

NOTHING = io.BytesIO()


@pytest.fixture(autouse=True)
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The temporary folder, in which nothing may be left."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    assert list(folder.iterdir()) == []


def told(name: str, stdin: BinaryIO = NOTHING) -> str:
    with pytest.raises(DataError) as caught, open_as_file(name, stdin):
        pass
    (problem,) = caught.value.problems
    assert problem.code == "unreadable-data"
    return problem.message


def test_a_file_a_folder_and_what_is_not_there_are_their_own(tmp_path: Path) -> None:
    (tmp_path / "a.csv").touch()
    for name in (str(tmp_path / "a.csv"), str(tmp_path), "absent", "x" * 5000):
        with open_as_file(name, NOTHING) as (path, called):
            assert (str(path), called) == (name, name)


@contextmanager
def fed(path: Path, content: bytes) -> Iterator[Path]:
    """A named pipe with a writer at its other end."""
    os.mkfifo(path)
    writer = threading.Thread(target=lambda: path.open("wb").close() if not content else path.write_bytes(content))
    writer.start()
    try:
        yield path
    finally:
        writer.join()


@pytest.mark.parametrize("content", [b"", b"1,2\n", b"0123456789" * 500_000])
def test_a_pipe_is_read_once_and_its_copy_as_often_as_one_likes(tmp_path: Path, content: bytes) -> None:
    with fed(tmp_path / "pipe", content) as pipe, open_as_file(str(pipe), NOTHING) as (path, called):
        assert [path.read_bytes(), path.read_bytes()] == [content, content]
        assert (path.is_file(), called) == (True, str(pipe))
    assert not path.exists()


def test_the_standard_input_is_read_and_named() -> None:
    with open_as_file("-", io.BytesIO(b"1,2\n")) as (path, called):
        assert (path.read_bytes(), called) == (b"1,2\n", "stdin")


def test_as_much_as_may_be_kept_is_kept_and_no_byte_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "STREAM", 2**20 + 7)
    with open_as_file("-", io.BytesIO(b"x" * (2**20 + 7))) as (path, _):
        assert path.stat().st_size == 2**20 + 7
    assert "stdin holds more than 1 MiB" in told("-", io.BytesIO(b"x" * (2**20 + 8)))


def test_a_file_behind_the_standard_input_may_be_as_large_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "STREAM", 8)
    (tmp_path / "rows.csv").write_bytes(b"1,2\n" * 10)
    with (tmp_path / "rows.csv").open("rb") as content, open_as_file("-", content) as (path, _):
        assert path.read_bytes() == b"1,2\n" * 10


def test_a_file_without_end_behind_the_standard_input_is_refused_by_its_size(tmp_path: Path) -> None:
    with (tmp_path / "huge").open("wb+") as content:
        content.truncate(2**42)
        assert "stdin holds more than 1,024 MiB" in told("-", content)
        content.seek(2**42 - 4)  # what was read of it before counts for nothing
        with open_as_file("-", content) as (path, _):
            assert path.read_bytes() == bytes(4)


def test_input_without_end_ends(scratch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Endless(io.RawIOBase):
        given = 0

        def read(self, size: int = -1, /) -> bytes:
            self.given += size
            assert self.given <= bounds.STREAM + 1
            return b"y\n" * (size // 2) + b"y" * (size % 2)

    assert "stdin holds more than 64 MiB" in told("-", Endless())  # type: ignore[arg-type]
    assert "/dev/zero holds more than 64 MiB" in told("/dev/zero")


def test_what_cannot_be_read_or_kept_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Impatient(io.RawIOBase):
        def read(self, size: int = -1, /) -> None:
            return None

    assert "stdin cannot be read: Resource temporarily unavailable" in told("-", Impatient())  # type: ignore[arg-type]
    with open(tmp_path, "rb", opener=lambda path, flags: os.open(os.devnull, os.O_WRONLY)) as content:
        assert "stdin cannot be read: Bad file descriptor" in told("-", content)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "absent"))
    assert "stdin cannot be read: No such file or directory" in told("-", io.BytesIO(b"x"))


def test_the_copy_goes_with_whoever_fails_to_read_it() -> None:
    with pytest.raises(ZeroDivisionError), open_as_file("-", io.BytesIO(b"x")):
        raise ZeroDivisionError
