import os
import subprocess
import sys
from pathlib import Path

import pytest

from nnctl.errors import RunError
from nnctl.runs import hold_lock
from nnctl.runs.lock import describe_process, is_gone

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


def test_a_process_is_gone_when_it_has_ended_and_not_before() -> None:
    assert not is_gone(describe_process())
    with subprocess.Popen([sys.executable, "-c", ""]) as other:
        os.waitid(os.P_PID, other.pid, os.WEXITED | os.WNOWAIT)
        assert is_gone({**describe_process(), "pid": other.pid})  # a zombie is gone as well


def test_another_process_with_the_same_number_is_not_taken_for_it() -> None:
    assert is_gone({**describe_process(), "started": 1})
    assert is_gone({**describe_process(), "boot": "another"})


@pytest.mark.parametrize("holder", [{}, {"host": "elsewhere", "pid": 1}, {**describe_process(), "pid": "1"}])
def test_of_other_hosts_and_old_runs_nothing_is_sure(holder: dict[str, object]) -> None:
    assert not is_gone(holder)
