import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from nnctl.errors import RunError
from nnctl.runs import RunDirectory, create_run, lock

from .test_manifest import BLANK


def made(root: Path, name: str, created: str) -> RunDirectory:
    run, _ = create_run(root, name)
    replace(BLANK, id=run.path.name, name=name, created=created).write(run.path / "run.json")
    return run


def test_runs_of_one_second_and_one_name_get_folders_of_their_own(tmp_path: Path) -> None:
    paths = {create_run(tmp_path, "same")[0].path for _ in range(20)}
    assert len(paths) == 20


def test_a_place_that_cannot_hold_runs_is_one_problem(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(RunError):
        create_run(tmp_path / "file", "x")


def test_an_update_changes_what_it_names_and_keeps_the_rest(tmp_path: Path) -> None:
    run = made(tmp_path, "mlp", "2026-01-01T00:00:00+00:00")
    run.update(status="done", epochs=3)
    assert (run.manifest.status, run.manifest.epochs, run.manifest.name) == ("done", 3, "mlp")


def test_checksums_are_those_of_sha256(tmp_path: Path) -> None:
    run = made(tmp_path, "mlp", "2026-01-01T00:00:00+00:00")
    run.spec.write_bytes(b"abc")
    digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180-2, appendix B.1
    assert run.renew_checksums(run.spec).checksums == {"spec.yaml": digest} == run.manifest.checksums


@pytest.mark.parametrize("kind", ["link", "pipe", "folder that is a link"])
def test_a_run_that_reaches_outside_of_itself_is_refused(tmp_path: Path, kind: str) -> None:
    run, _ = create_run(tmp_path / "runs", "net")
    (run.path / "eval").mkdir()
    run.confine()
    if kind == "pipe":
        os.mkfifo(run.path / "eval" / "x")
    else:
        (run.path / "eval" / "x").symlink_to(tmp_path if "folder" in kind else "/etc/passwd")
    with pytest.raises(RunError, match=r"eval/x is (a link|no regular file)"):
        run.confine()


@pytest.mark.parametrize("name", ["train.log", "debug/diagnostics.jsonl"])
def test_a_file_that_grows_has_no_other_name(tmp_path: Path, name: str) -> None:
    run, _ = create_run(tmp_path / "runs", "net")
    run.debug.mkdir()
    for path in (run.path / name, run.spec):
        path.write_text("x")
        path.with_name(f"{path.name}.copy").hardlink_to(path)
    run.confine()  # a copy of hard links can be evaluated
    with pytest.raises(RunError, match=f"{name} has another name"):
        run.confine(grows=True)
    (run.path / name).unlink()
    run.confine(grows=True)


def test_a_file_that_goes_while_it_is_looked_at_is_none_of_its_business(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, _ = create_run(tmp_path / "runs", "net")
    (run.path / ".run-1-1.json").touch()
    walk = os.walk

    def late(top: Path) -> Iterator[tuple[str, list[str], list[str]]]:
        for each in walk(top):
            (run.path / ".run-1-1.json").unlink(missing_ok=True)
            yield each

    monkeypatch.setattr(os, "walk", late)
    run.confine()


def test_a_run_is_called_like_its_folder_whatever_it_was_called_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = made(tmp_path, "mlp", "2026-01-01T00:00:00+00:00")
    moved = RunDirectory(run.path.rename(tmp_path / "kept"))
    (tmp_path / "link").symlink_to("kept")
    monkeypatch.chdir(tmp_path / "kept")
    told = [each.manifest.id for each in (moved, RunDirectory(Path()), RunDirectory(tmp_path / "link"))]
    assert told == ["kept", "kept", "link"]
    moved.update(status="done")
    assert json.loads((tmp_path / "kept" / "run.json").read_text())["id"] == "kept"


ADDING = """
import sys
from pathlib import Path
from nnctl.runs import RunDirectory
for count in range(40):
    RunDirectory(Path(sys.argv[1])).revise(lambda run: {"scored": {**run.scored, f"{sys.argv[2]}-{count}": "x"}})
"""


def test_nothing_that_several_processes_write_down_at_once_is_lost(tmp_path: Path) -> None:
    run = made(tmp_path, "mlp", "2026-01-01T00:00:00+00:00")
    command = [sys.executable, "-c", ADDING, str(run.path)]
    others = [subprocess.Popen([*command, word], cwd=Path(__file__).parents[2]) for word in ("one", "other")]
    for epoch in range(40):
        run.update(epochs=epoch)
    assert [other.wait() for other in others] == [0, 0]
    assert len(run.manifest.scored) == 80


def test_a_change_waits_for_another_no_longer_than_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = made(tmp_path, "mlp", "2026-01-01T00:00:00+00:00")
    monkeypatch.setattr(lock, "_PATIENCE", 0.05)
    with lock.hold_folder(run.path):  # of a process that was stopped
        run.update(epochs=3)
    assert run.manifest.epochs == 3
