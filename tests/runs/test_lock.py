import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from nnctl.errors import RunError
from nnctl.runs import hold_lock
from nnctl.runs.lock import describe_process, is_lost

HOLD = """
import sys, time
from pathlib import Path
from nnctl.runs import hold_lock
with hold_lock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_one_holds_it_and_another_gets_it_when_that_one_is_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(RunError, match="another process is training"), hold_lock(tmp_path):
            pass
        other.kill()
    with hold_lock(tmp_path), pytest.raises(RunError, match="another process is training"), hold_lock(tmp_path):
        pass


def test_whatever_ends_the_block_lets_others_have_it(tmp_path: Path) -> None:
    for error in (KeyboardInterrupt, ValueError):
        with pytest.raises(error), hold_lock(tmp_path):
            raise error
    with hold_lock(tmp_path):
        pass


def test_a_run_that_is_not_there_is_one_problem(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="cannot be written to"):
        hold_lock(tmp_path / "gone").__enter__()


def test_a_run_is_lost_when_its_process_has_ended_and_not_before(tmp_path: Path) -> None:
    assert not is_lost(tmp_path, describe_process())
    with subprocess.Popen([sys.executable, "-c", ""]) as other:
        os.waitid(os.P_PID, other.pid, os.WEXITED | os.WNOWAIT)
        assert is_lost(tmp_path, {**describe_process(), "pid": other.pid})  # a zombie is gone as well


def test_another_process_with_the_same_number_is_not_taken_for_it(tmp_path: Path) -> None:
    assert is_lost(tmp_path, {**describe_process(), "started": 1})
    assert is_lost(tmp_path, {**describe_process(), "boot": "another"})
    assert is_lost(tmp_path, {**describe_process(), "pid": 2**70})


UNKNOWN = ({"pid": "1"}, {"pid": None}, {"host": "container-7", "space": 1}, {"space": 1, "started": 1})


@pytest.mark.parametrize(
    "holder", [{}, {"host": "elsewhere", "pid": 1}, *({**describe_process(), **each} for each in UNKNOWN)]
)
def test_of_other_machines_and_of_what_makes_no_sense_nothing_is_sure(
    tmp_path: Path, holder: dict[str, object]
) -> None:
    assert not is_lost(tmp_path, holder)


@pytest.mark.parametrize("change", UNKNOWN)
def test_whoever_has_the_lock_trains_it_and_without_it_a_process_that_cannot_be_seen_does_not(
    tmp_path: Path, change: dict[str, object]
) -> None:
    """As one of another container, with its own host's name and its own numbers of processes."""
    holder = {**describe_process(), **change}
    with hold_lock(tmp_path):
        assert not is_lost(tmp_path, holder)
    assert is_lost(tmp_path, holder) or holder["pid"] == os.getpid()


def test_to_look_whether_a_run_is_trained_is_in_nobodys_way(tmp_path: Path) -> None:
    looking, done = threading.Event(), threading.Event()

    def look() -> None:
        looking.set()
        while not done.is_set():
            is_lost(tmp_path, {**describe_process(), "space": 1})

    with hold_lock(tmp_path):
        pass
    other = threading.Thread(target=look)
    other.start()
    looking.wait()
    try:
        for _ in range(50):
            with hold_lock(tmp_path):
                pass
    finally:
        done.set()
        other.join()


def test_another_user_of_the_group_gets_the_lock_where_the_umask_lets_the_group_write(tmp_path: Path) -> None:
    before = os.umask(0o002)
    try:
        with hold_lock(tmp_path):
            pass
    finally:
        os.umask(before)
    assert (tmp_path / ".lock").stat().st_mode & 0o777 == 0o664


@pytest.mark.skipif(os.getuid() != 0 or shutil.which("setpriv") is None, reason="only root becomes another user")
@pytest.mark.parametrize("mode", [0o664, 0o644])
def test_so_does_one_who_may_write_to_the_run_but_not_to_its_lock(tmp_path: Path, mode: int) -> None:
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_uid == 0 and not folder.stat().st_mode & 0o001:
            folder.chmod(0o755)
    (tmp_path / ".lock").touch()
    (tmp_path / ".lock").chmod(mode)
    tmp_path.chmod(0o775)
    os.chown(tmp_path, -1, 4242)
    words = ["setpriv", "--reuid=4243", "--regid=4242", "--clear-groups", sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        other.kill()
