"""Sets of seeds from Python as far as they need no TensorFlow; tests/engine/test_commands.py has one that is trained."""

from pathlib import Path

from nnctl.api.runs import Run, list_manifests
from nnctl.api.seeds import begin_set, list_members, list_unfinished
from tests.runs.test_seeds import made


def test_the_members_of_a_set_are_its_seeds_and_a_run_that_was_asked_for_goes_before_its_copies(tmp_path: Path) -> None:
    asked = begin_set(3, 3)
    copies = [Run(made(tmp_path, asked, 4, "interrupted", f"2026-01-0{day}")) for day in (1, 2)]
    for run in copies:
        assert list_members(run) == [(3, None), (4, run), (5, None)]
    alone = Run(made(tmp_path, begin_set(8, 1), 8))
    assert list_members(alone) == [(8, alone)]
    assert list_unfinished(list_manifests(tmp_path)) == [(copies[1], 3, 3)]
