import errno
import os
from pathlib import Path

import pytest

from nnctl.cli.shell.lacks import find_lack


class ResourceExhaustedError(Exception):
    """As TensorFlow has one."""


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(), MemoryError("Unable to allocate 8.00 EiB"), ResourceExhaustedError("OOM when allocating"),
        OSError(errno.ENOMEM, "Cannot allocate memory"), RuntimeError("can't start new thread"),
        ImportError("x.so: failed to map segment from shared object"), OSError("x.so: Cannot allocate memory"),
    ],
    ids=repr,
)  # fmt: skip
def test_no_more_memory_is_said_in_several_ways(error: Exception) -> None:
    problem = find_lack(error)
    assert problem is not None
    assert (problem.code, error.__traceback__) == ("out-of-memory", None)
    assert "ulimit -v" in str(problem.hint)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EIO])
def test_a_disk_that_does_not_take_what_is_written_is_named(number: int) -> None:
    problem = find_lack(OSError(number, os.strerror(number), "runs/a"))
    assert problem is not None
    assert (problem.code, problem.message) == ("disk", f"runs/a: {os.strerror(number)}")


def test_a_file_that_may_not_grow_is_no_file_that_is_not_read() -> None:
    found = [
        find_lack(OSError(errno.EFBIG, told, "a")) for told in (os.strerror(errno.EFBIG), "it is larger than 7 bytes")
    ]
    assert [each and each.code for each in found] == ["disk", "system"]
    assert "ulimit -f" in str(found[0] and found[0].hint)


def test_only_a_training_is_told_of_resuming() -> None:
    hints = [find_lack(OSError(errno.ENOSPC, "full", "a"), trains) for trains in (True, False)]
    assert ["resumed" in str(each and each.hint) for each in hints] == [True, False]


def test_what_the_system_says_of_any_path_is_told(tmp_path: Path) -> None:
    for path in (tmp_path / "absent", tmp_path, b"caf\xe9".decode("utf-8", "surrogateescape"), b"caf\xe9"):
        with pytest.raises(OSError, match=r"Errno") as caught:
            os.open(path, os.O_RDWR)
        problem = find_lack(caught.value)
        assert problem is not None
        assert problem.code == "system"


@pytest.mark.parametrize(
    ("blame", "code"),
    [
        (lambda: Path("a\0b").stat(), "bad-path"),
        (lambda: Path("~nobody-of-this-name/x").expanduser(), "bad-path"),
        (lambda: "\udce9".encode(), "bad-encoding"),
        (lambda: b"\xff".decode(), "bad-encoding"),
        (lambda: "x".encode("idna-of-nobody"), None),
        (lambda: 1 // 0, None),
        (lambda: int("x"), None),
        (lambda: {}["x"], None),
    ],
)
def test_a_name_that_is_none_is_told_and_a_bug_is_a_bug(blame: object, code: str | None) -> None:
    with pytest.raises(Exception, match=r".") as caught:
        blame()  # type: ignore[operator]
    problem = find_lack(caught.value)
    assert (problem and problem.code) == code
