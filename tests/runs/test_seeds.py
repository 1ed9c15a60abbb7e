from dataclasses import replace
from pathlib import Path

import pytest

from nnctl.errors import RunError
from nnctl.runs import RunDirectory, create_run
from nnctl.runs.lookup import read_runs
from nnctl.runs.manifest import Manifest, read_manifest
from nnctl.runs.seeds import SeedSet, begin_set, find_members, list_open, read_set

from .test_manifest import BLANK


def made(root: Path, asked: SeedSet, seed: int, status: str = "done", created: str = "2026-01-01") -> RunDirectory:
    run, _ = create_run(root, "net")
    whole = f"{created}T00:00:00+00:00"
    replace(BLANK, seed=seed, status=status, created=whole, seeds=asked.document()).write(run.path / "run.json")
    return run


def test_a_set_is_read_as_it_was_written_down_and_one_seed_is_none(tmp_path: Path) -> None:
    asked = begin_set(3, 5)
    assert read_set(made(tmp_path, asked, 4).manifest) == asked
    assert list(asked.seeds) == [3, 4, 5, 6, 7]
    assert begin_set(3, 1).document() == {}
    assert read_set(replace(BLANK, seed=8)).seeds == range(8, 9)


def test_each_seed_has_its_run_and_of_copies_one_that_has_come_to_its_end(tmp_path: Path) -> None:
    asked = begin_set(3, 4)
    made(tmp_path, begin_set(3, 4), 3)
    first = made(tmp_path, asked, 3, "done", "2026-01-01")
    made(tmp_path, asked, 3, "interrupted", "2026-01-03")
    made(tmp_path, asked, 5, "interrupted", "2026-01-02")
    newer = made(tmp_path, asked, 5, "interrupted", "2026-01-04")
    made(tmp_path, asked, 99)
    found = {seed: each and each.run for seed, each in find_members(asked, tmp_path).items()}
    assert found == {3: first, 4: None, 5: newer, 6: None}


def test_a_set_is_open_while_a_seed_has_not_come_to_its_end_and_nobody_trains_it(tmp_path: Path) -> None:
    def told() -> list[tuple[Path, int, int]]:
        return [(run.path, left, count) for run, left, count in list_open(read_runs(tmp_path))]

    asked = begin_set(3, 3)
    made(tmp_path, begin_set(1, 1), 1, "interrupted")
    made(tmp_path, asked, 3, "diverged", "2026-01-01")
    run = made(tmp_path, asked, 4, "interrupted", "2026-01-02")
    assert told() == [(run.path, 2, 3)]
    run.update(status="running")
    assert told() == []
    run.update(status="done")
    made(tmp_path, asked, 5, "done", "2026-01-03")
    assert told() == []


def test_one_process_trains_a_set_and_nothing_is_left_beside_its_runs(tmp_path: Path) -> None:
    asked = begin_set(3, 3)
    with asked.hold(tmp_path / "runs"):
        with pytest.raises(RunError, match="another process is training these seeds"), asked.hold(tmp_path / "runs"):
            pass
        with begin_set(3, 3).hold(tmp_path / "runs"), begin_set(3, 1).hold(tmp_path / "nowhere"):
            pass
    with asked.hold(tmp_path / "runs"):
        pass
    assert [path.name for path in tmp_path.rglob("*")] == ["runs"]


def test_a_place_that_cannot_hold_runs_is_one_problem(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(RunError, match="no run directory can be made"), begin_set(3, 3).hold(tmp_path / "file"):
        pass


SET = {"set": "0" * 16, "first": 3, "count": 5}


@pytest.mark.parametrize(
    "change", [{"set": "../../x"}, {"set": 5}, {"first": "3"}, {"count": 1}, {"count": 10**9}, {"count": True}]
)
def test_what_is_no_set_is_no_manifest(change: dict[str, object], tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    Manifest(**{**{name: getattr(BLANK, name) for name in Manifest.__slots__}, "seeds": SET}).write(path)
    assert read_manifest(path).seeds == SET
    replace(BLANK, seeds={**SET, **change}).write(path)
    with pytest.raises(RunError, match="damaged"):
        read_manifest(path)
