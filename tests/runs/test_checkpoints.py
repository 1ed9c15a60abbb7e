import errno
import os
import shutil
import subprocess
import tracemalloc
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from nnctl.errors import RunError
from nnctl.runs import checkpoints

FILES = {"arrays.bin": [b"one", b"two"], "state.json": [b"{}"]}


def written(root: Path, epoch: int, step: int = 0, best: int | None = None) -> Path:
    links = (
        [] if best is None else checkpoints.write_checkpoint(root, f"best-{best:04d}", {"weights.bin": [bytes([best])]})
    )
    name = checkpoints.format_name(epoch, step)
    checkpoints.write_checkpoint(root, name, FILES, links)
    return root / name


def names(root: Path) -> list[str]:
    return sorted(path.name for path in root.iterdir())


def test_what_is_written_is_read_with_what_it_counts_on(tmp_path: Path) -> None:
    path = written(tmp_path, 3, 120, best=2)
    assert path.name == "ck-0003-000120"
    assert checkpoints.read_checkpoint(path) == {
        "arrays.bin": b"onetwo", "state.json": b"{}", "../best-0002/weights.bin": b"\2",
    }  # fmt: skip
    assert checkpoints.parse_name(path.name) == (3, 120)


def test_sha256sum_understands_the_list(tmp_path: Path) -> None:
    path = written(tmp_path, 1, best=1)
    subprocess.run(["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=path, check=True, capture_output=True)


def test_the_newest_is_the_furthest_and_two_are_kept_with_the_best_that_they_count_on(tmp_path: Path) -> None:
    for epoch, best in ((1, 1), (2, 2), (9_999, 2), (10_000, 3)):
        written(tmp_path, epoch, best=best)
    (tmp_path / ".ck-0005-000000-99").mkdir()  # of a process that died
    checkpoints.prune(tmp_path)
    assert [path.name for path in checkpoints.list_checkpoints(tmp_path)] == ["ck-10000-000000", "ck-9999-000000"]
    assert names(tmp_path) == ["best-0002", "best-0003", "ck-10000-000000", "ck-9999-000000"]


def test_what_is_removed_is_at_no_instant_half_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that dies while it empties a folder must not leave a checkpoint that looks damaged."""
    for epoch in (1, 2, 3):
        written(tmp_path, epoch, best=epoch)

    def dying(path: Path) -> None:
        next(iter(sorted(path.iterdir()))).unlink()
        raise InterruptedError

    with monkeypatch.context() as patched:
        patched.setattr(shutil, "rmtree", dying)
        for _ in range(2):  # the next one dies as well, at what the first has left
            with pytest.raises(InterruptedError):
                checkpoints.prune(tmp_path)
    for path in checkpoints.list_checkpoints(tmp_path):
        checkpoints.read_checkpoint(path)
    checkpoints.prune(tmp_path)
    assert names(tmp_path) == ["best-0002", "best-0003", "ck-0002-000000", "ck-0003-000000"]


@pytest.mark.parametrize("file", ["arrays.bin", "state.json", "SHA256SUMS", "../best-0001/weights.bin"])
@pytest.mark.parametrize("content", [None, b"", b"onetwp"])
def test_a_file_that_is_not_what_was_written_is_named(tmp_path: Path, file: str, content: bytes | None) -> None:
    path = written(tmp_path, 1, best=1)
    (path / file).unlink()
    if content is not None:
        (path / file).write_bytes(content)
    with pytest.raises(RunError, match=Path(file).name) as caught:
        checkpoints.read_checkpoint(path)
    assert caught.value.problems[0].code == "damaged-checkpoint"


@pytest.mark.parametrize("line", ["../../secret.json", "/etc/passwd", "../best-1/../x.bin", "../ck-0001-000000/a.bin"])
def test_nothing_outside_is_read(tmp_path: Path, line: str) -> None:
    path = written(tmp_path, 1)
    (path / "SHA256SUMS").write_text(f"{'0' * 64}  {line}\n")
    with pytest.raises(RunError, match="no list of checksums"):
        checkpoints.read_checkpoint(path)


@pytest.mark.parametrize("make", [
    lambda path: path.symlink_to("/etc/hostname"), lambda path: os.mkfifo(path), lambda path: path.mkdir(),
])  # fmt: skip
def test_links_pipes_and_folders_are_not_followed(tmp_path: Path, make: Callable[[Path], None]) -> None:
    path = written(tmp_path, 1)
    (path / "arrays.bin").unlink()
    make(path / "arrays.bin")
    with pytest.raises(RunError, match="damaged"):
        checkpoints.read_checkpoint(path)


def test_a_file_larger_than_it_can_be_is_not_read(tmp_path: Path) -> None:
    path = written(tmp_path, 1)
    with (path / "arrays.bin").open("r+b") as file:
        file.truncate(1 << 40)  # sparse: it takes no space
    with pytest.raises(RunError, match="at most 6 belong"):
        checkpoints.read_checkpoint(path, most=6)


@pytest.mark.parametrize("use", [checkpoints.read_checkpoint, checkpoints.check_checkpoint])
def test_a_damaged_file_takes_no_memory_whatever_its_size(tmp_path: Path, use: Callable[[Path], object]) -> None:
    path, size = written(tmp_path, 1), 1 << 27
    with (path / "arrays.bin").open("r+b") as file:
        file.truncate(size)
    tracemalloc.start()
    try:
        with pytest.raises(RunError, match="its SHA-256 is not"):
            use(path)
        assert tracemalloc.get_traced_memory()[1] < size / 16
    finally:
        tracemalloc.stop()


def test_a_sound_one_is_read_only_if_it_can_be_afforded_and_checked_in_blocks(tmp_path: Path) -> None:
    path, size = tmp_path / "ck-0001-000000", 1 << 24
    checkpoints.write_checkpoint(tmp_path, path.name, {"arrays.bin": [bytes(size)], "state.json": [b"{}"]})
    tracemalloc.start()
    try:
        checkpoints.check_checkpoint(path)
        with pytest.raises(MemoryError, match=str(size + 2)):
            checkpoints.read_checkpoint(path, afford=refuse)
        assert tracemalloc.get_traced_memory()[1] < size / 4
    finally:
        tracemalloc.stop()


def refuse(size: int) -> None:
    raise MemoryError(str(size))


@pytest.mark.parametrize("use", [checkpoints.read_checkpoint, checkpoints.check_checkpoint])
def test_what_is_larger_than_any_checkpoint_is_not_even_read_in_blocks(
    tmp_path: Path, use: Callable[[Path], object]
) -> None:
    path = written(tmp_path, 1)
    with (path / "arrays.bin").open("r+b") as file:
        file.truncate(1 << 42)
    with pytest.raises(RunError, match=r"where at most 68,719,476,736 belong"):
        use(path)


@pytest.mark.parametrize("stage", range(12))
def test_a_disk_that_is_full_at_any_stage_leaves_the_old_ones_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stage: int
) -> None:
    old = written(tmp_path, 1, best=1)
    before = checkpoints.read_checkpoint(old)
    left = [stage]

    def failing(call: Callable[..., object]) -> Callable[..., object]:
        def failing(*arguments: object, **more: object) -> object:
            left[0] -= 1
            if left[0] == -1:
                raise OSError(errno.ENOSPC, "no space left on device")
            return call(*arguments, **more)

        return failing

    with monkeypatch.context() as patched:
        for name in ("fsync", "mkdir", "rename"):
            patched.setattr(os, name, failing(getattr(os, name)))
        try:
            new: Path | None = written(tmp_path, 2, best=2)
        except OSError:
            new = None
    assert checkpoints.read_checkpoint(old) == before
    assert not [name for name in names(tmp_path) if name.startswith(".")]
    for path in checkpoints.list_checkpoints(tmp_path):
        checkpoints.read_checkpoint(path)  # one that is there is whole
    assert new is None or checkpoints.read_checkpoint(new)


@pytest.mark.parametrize("told", [True, False])
def test_a_disk_that_is_full_is_told_by_the_path_that_the_file_would_have_had(
    told: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, *_: object) -> None:
        raise OSError(errno.ENOSPC, "full", *([str(self)] if told else []))

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(OSError, match="full") as caught:
        written(tmp_path, 1)
    place = tmp_path / "ck-0001-000000"
    assert caught.value.filename == str(place / "arrays.bin" if told else place)


def test_one_of_the_same_name_is_replaced(tmp_path: Path) -> None:
    path = written(tmp_path, 1)
    (path / "arrays.bin").write_bytes(b"damaged")
    written(tmp_path, 1)
    assert checkpoints.read_checkpoint(path)["arrays.bin"] == b"onetwo"


def test_those_that_cannot_be_used_are_dropped(tmp_path: Path) -> None:
    paths = [written(tmp_path, 1), written(tmp_path, 2)]
    checkpoints.drop(tmp_path, paths[1:])
    assert checkpoints.list_checkpoints(tmp_path) == paths[:1]


def refuse_folders(path: Path, target: Path, rename: Callable[[Path, Path], Path] = Path.rename) -> Path:
    """An overlay file system of Linux, to which folders of a layer below cannot be renamed (overlayfs.rst, redirect_dir)."""
    if path.is_dir() and not path.name.startswith("."):
        raise OSError(errno.EXDEV, os.strerror(errno.EXDEV), str(path))
    return rename(path, target)


def test_a_folder_that_cannot_be_renamed_is_removed_where_it_lies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for epoch in (1, 2, 3):
        written(tmp_path, epoch, best=epoch)
    monkeypatch.setattr(Path, "rename", refuse_folders)
    written(tmp_path, 3, best=3)
    checkpoints.prune(tmp_path)
    assert names(tmp_path) == ["best-0002", "best-0003", "ck-0002-000000", "ck-0003-000000"]


@pytest.mark.parametrize("calls", range(4))
def test_nor_is_it_then_half_there_at_any_instant(calls: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for epoch in (1, 2, 3):
        written(tmp_path, epoch)
    unlink, left = os.unlink, [calls]

    def dying(*arguments: object, **more: object) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise InterruptedError
        unlink(*arguments, **more)  # type: ignore[arg-type]

    with monkeypatch.context() as patched, suppress(InterruptedError):
        patched.setattr(Path, "rename", refuse_folders)
        patched.setattr(os, "unlink", dying)
        checkpoints.prune(tmp_path)
    for path in checkpoints.list_checkpoints(tmp_path):
        checkpoints.read_checkpoint(path)
    checkpoints.prune(tmp_path)
    assert names(tmp_path) == ["ck-0002-000000", "ck-0003-000000"]


def test_what_another_process_of_the_same_id_left_is_in_nobodys_way(tmp_path: Path) -> None:
    """The first process of a container has always the same one."""
    for epoch in (1, 2, 3):
        written(tmp_path, epoch)
        for left in (f".ck-{epoch:04d}-000000-{os.getpid()}", f".ck-{epoch:04d}-000000-removed"):
            (tmp_path / left).mkdir()
            (tmp_path / left / "arrays.bin").write_bytes(b"half")
    written(tmp_path, 4)
    checkpoints.prune(tmp_path)
    assert names(tmp_path) == ["ck-0003-000000", "ck-0004-000000"]
