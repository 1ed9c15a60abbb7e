"""Whatever becomes of the process that reads weights, nnctl says what is wrong and goes on."""

import errno
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from nnctl.errors import RunError
from nnctl.models import admit, confined

Program = Callable[[str], None]

BOUNDED = f"""
import ctypes, json, os, resource, socket, sys, time
sys.path.insert(0, {str(Path(confined.__file__).parent)!r})
import reader
reader._confine(2**26, 1)
sys.stdout.buffer.write(reader.MARK)
sys.stdout.flush()
"""


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Program:
    """Puts another program in the place of the reader, bounded as that is."""
    monkeypatch.chdir(tmp_path)

    def put(text: str) -> None:
        (path := tmp_path / "program.py").write_text(BOUNDED + text)
        monkeypatch.setattr(confined, "_PROGRAM", path)

    return put


def list_children() -> set[str]:
    """The processes that this one has started, and has not taken leave of; other tests have theirs."""
    return {child for each in Path("/proc/self/task").glob("*/children") for child in each.read_text().split()}


def refuse(path: Path) -> str:
    """What is said of a file that is refused; neither a process nor a thread is left, nor a core."""
    before, children = threading.active_count(), list_children()
    with pytest.raises(RunError) as caught:
        admit(path)
    (problem,) = caught.value.problems
    assert problem.code == "bad-model"
    assert problem.message.startswith(str(path))
    assert list_children() <= children
    assert not list(Path.cwd().glob("core*"))
    deadline = time.monotonic() + 5
    while threading.active_count() > before and time.monotonic() < deadline:
        time.sleep(0.01)
    assert threading.active_count() <= before
    return problem.message


DEATHS = {
    "ctypes.string_at(0)": "was ended by SIGSEGV",
    "os.abort()": "was ended by SIGABRT",
    "sys.exit(3)": "ended with 3",
    "while True: pass": "take more than 5 s to read",
    "x = bytearray(2**30)": "ended with 1",
    "x = []\nwhile True: x.append(bytearray(2**20))": "ended with 1",
    "sys.stdout.buffer.write(bytes(8)); sys.stdout.flush(); sys.stdout.buffer.write(b'{}')": "not answer as it should",
    "while True: sys.stdout.buffer.write(b'x' * 2**16)": "not answer as it should",
}


@pytest.mark.skipif(sys.platform != "linux", reason="memory is bounded on Linux alone")
@pytest.mark.parametrize("text", DEATHS)
def test_a_death_is_a_damaged_file(text: str, program: Program, whole: Path) -> None:
    program(text)
    assert DEATHS[text] in refuse(whole)


def test_a_process_that_says_nothing_is_ended(program: Program, whole: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program("time.sleep(600)")
    monkeypatch.setattr(confined, "_STARTING", 1)
    monkeypatch.setattr(confined, "_SECONDS", 0)
    assert "to read" in refuse(whole)


def test_a_file_that_is_not_taken_ends_nothing(program: Program, whole: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pipe holds 64 KB: who feeds a process that does not read would wait for ever."""
    content = bytes(2**20)
    program("time.sleep(600)")
    monkeypatch.setattr(confined, "_STARTING", 1)
    monkeypatch.setattr(confined, "_BYTES_A_SECOND", 2**40)
    monkeypatch.setattr(confined, "_SECONDS", 0)
    with confined.ReaderProcess(len(content)) as reader:
        reader.give(content)
        with pytest.raises(RunError, match="to read"):
            reader.take(1)


@pytest.mark.parametrize("python", ["/nowhere/python", "/bin/false", os.devnull])
def test_a_process_that_cannot_be_started_is_no_damage(
    python: str, whole: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", python)
    with pytest.raises(RunError) as caught:
        admit(whole)
    (problem,) = caught.value.problems
    assert problem.code == "no-reader"
    assert problem.message.startswith(f"{whole} was not looked at, for want of the process that reads weights")
    assert problem.hint is not None
    assert python in problem.hint


def test_where_no_more_processes_may_be_started_the_file_is_not_blamed(
    whole: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*given: object, **named: object) -> None:
        raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN), sys.executable)

    monkeypatch.setattr(subprocess, "Popen", fail)
    with pytest.raises(RunError, match=os.strerror(errno.EAGAIN)) as caught:
        admit(whole)
    assert caught.value.problems[0].code == "no-reader"


GIVEN_UP = """
found = {}
for name, attempt in {
    "file": lambda: open("/etc/hostname"),
    "written": lambda: os.open("written", os.O_CREAT | os.O_WRONLY),
    "socket": lambda: socket.socket(),
    "pipe": lambda: os.pipe(),
    "raised": lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64)) if os.getuid() else open("/etc/hostname"),
}.items():
    try:
        attempt()
        found[name] = "done"
    except Exception as error:
        found[name] = type(error).__name__
found["environment"] = sorted(os.environ)
found["path"] = sys.path[2:]
found["folder"], found["session"] = os.getcwd(), os.getsid(0) == os.getpid()
text = json.dumps(found).encode()
sys.stdout.buffer.write(len(text).to_bytes(8, "little") + text)
sys.stdout.flush()
"""


def test_nothing_can_be_opened_and_nothing_is_inherited(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path.cwd()))
    monkeypatch.setenv("SECRET", "x")
    (Path.cwd() / "json.py").write_text("raise SystemExit(9)")  # neither the folder nor $PYTHONPATH is imported from
    program(GIVEN_UP)
    with confined.ReaderProcess(0) as reader:
        reader.give(b"")
        found = json.loads(reader.take(int.from_bytes(reader.take(8), "little")))
    assert {found[name] for name in ("file", "written", "socket", "pipe", "raised")} == {"OSError"}
    assert set(found["environment"]) <= {*confined._GIVEN, *confined._KEPT, "LC_CTYPE"}
    assert str(Path.cwd()) not in found["path"]
    assert (found["folder"], found["session"]) == ("/", True)


def test_a_killed_nnctl_leaves_no_process(whole: Path, tmp_path: Path) -> None:
    """Its pipes end, at which the process that reads ends as well."""
    code = (
        "from nnctl.models import confined\nr = confined.ReaderProcess(9)\nprint(r._process.pid, flush=True)\ninput()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as made:
        assert made.stdout is not None
        process = int(made.stdout.readline())
        made.kill()
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and Path(f"/proc/{process}").exists():
        time.sleep(0.05)
    assert not Path(f"/proc/{process}").exists()
