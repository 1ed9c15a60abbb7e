import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from nnctl.errors import RunError
from nnctl.runs import create_run, find_root, find_run, list_runs, manifest

from .test_directory import made
from .test_manifest import BLANK

NEW, OLD = "2026-01-02T00:00:00+00:00", "2026-01-01T00:00:00+00:00"


def code(argument: str, root: Path) -> str:
    with pytest.raises(RunError) as caught:
        find_run(argument, root)
    return caught.value.problems[0].code


def test_a_run_is_found_by_path_prefix_name_and_latest(tmp_path: Path) -> None:
    old, new = made(tmp_path, "mlp", OLD), made(tmp_path, "mlp", NEW)
    other = made(tmp_path, "cnn", "2025-01-01T00:00:00+00:00")
    assert [run.path for run in list_runs(tmp_path)] == [other.path, old.path, new.path]
    assert find_run("latest", tmp_path) == new
    assert find_run("mlp", tmp_path) == new
    assert find_run(old.path.name, tmp_path) == old
    assert find_run(str(other.path), Path("elsewhere")) == other


def test_what_no_run_answers_to_is_said(tmp_path: Path) -> None:
    assert code("latest", tmp_path / "missing") == "no-run"
    made(tmp_path, "mlp", OLD)
    made(tmp_path, "mlp", OLD)
    assert code("nope", tmp_path) == "no-run"
    assert code("20", tmp_path) == "ambiguous-run"
    assert code(str(tmp_path), tmp_path) == "bad-run"


def test_folders_that_are_no_runs_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "stray").mkdir()
    (tmp_path / "file.txt").write_text("x")
    assert list_runs(tmp_path) == []


@pytest.mark.parametrize("name", ["", "\0", "a" * 5_000, "../..", "/"])
def test_what_can_name_no_run_is_one_problem(tmp_path: Path, name: str) -> None:
    with pytest.raises(RunError) as caught:
        find_run(name, tmp_path)
    assert len(caught.value.problems) == 1


def test_runs_of_one_second_are_listed_in_the_order_in_which_they_were_made(tmp_path: Path) -> None:
    made = []
    for _ in range(5):
        run, created = create_run(tmp_path, "net")
        replace(BLANK, id=run.path.name, name="net", created=created).write(run.path / "run.json")
        made.append(run)
    assert list_runs(tmp_path) == made
    assert find_run("latest", tmp_path) == made[-1]


def test_the_folder_of_the_runs_is_the_one_given_or_the_one_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NNCTL_RUNS", "mine")
    assert (find_root("given"), find_root(None)) == (Path("given"), Path("mine"))
    monkeypatch.delenv("NNCTL_RUNS")
    assert find_root(None) == Path("runs")


def test_what_is_called_like_a_folder_of_the_working_one_is_still_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    old, new = made(Path("runs"), "mlp", OLD), made(Path("runs"), "mlp", NEW)
    for name in ("latest", "mlp", "2026", old.path.name, new.path.name[:-1]):
        replace(BLANK, name="theirs", created=NEW).write(Path(name, "run.json"))
    asked = ("latest", "mlp", old.path.name, new.path.name[:-1])
    assert [find_run(name, Path("runs")) for name in asked] == [new, new, old, new]
    assert code("20", Path("runs")) == "ambiguous-run"
    for name in ("./latest", "latest/", str(tmp_path / "latest")):
        assert find_run(name, Path("runs")).manifest.name == "theirs"
    assert code("latest", Path("empty")) == "no-run"


def test_a_folder_of_the_working_one_is_a_run_where_no_other_answers_to_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = made(tmp_path, "mlp", OLD)
    monkeypatch.chdir(tmp_path)
    assert find_run(run.path.name, Path("runs")).path == Path(run.path.name)


def test_a_run_of_a_time_to_come_is_not_the_latest_while_there_is_another(tmp_path: Path) -> None:
    """A clock that was wrong for a minute would else name the latest run for years."""
    far = made(tmp_path, "mlp", "2086-01-01T00:00:00+00:00")
    assert find_run("latest", tmp_path) == far
    old = made(tmp_path, "mlp", OLD)
    assert list_runs(tmp_path) == [far, old]
    assert find_run("latest", tmp_path) == find_run("mlp", tmp_path) == old


def test_clocks_that_differ_by_a_little_do_not_matter(tmp_path: Path) -> None:
    made(tmp_path, "mlp", datetime.now(UTC).isoformat())
    ahead = made(tmp_path, "mlp", (datetime.now(UTC) + timedelta(seconds=30)).isoformat())
    assert find_run("latest", tmp_path) == ahead


def test_each_manifest_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        made(tmp_path, "mlp", OLD)
    asked, real = list[Path](), manifest.read_manifest
    monkeypatch.setattr(manifest, "read_manifest", lambda path: asked.append(path) or real(path))
    list_runs(tmp_path)
    find_run("latest", tmp_path)
    assert len(asked) == 6


@pytest.mark.parametrize("stage", ["folder", "run", "manifest"])
def test_what_goes_while_it_is_listed_is_passed_over(
    stage: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "runs"
    gone, kept = made(root, "mlp", OLD), made(root, "mlp", NEW)
    iterdir = Path.iterdir

    def late(folder: Path) -> Iterator[Path]:
        if stage == "folder":
            folder.rename(tmp_path / "away")
        for path in list(iterdir(folder)):
            if path == gone.path:
                (path / "run.json").unlink() if stage == "manifest" else path.rename(tmp_path / "away")
            yield path

    monkeypatch.setattr(Path, "iterdir", late)
    assert list_runs(root) == ([] if stage == "folder" else [kept])


@pytest.mark.skipif(os.getuid() == 0, reason="root reads everything")
def test_a_folder_that_cannot_be_read_is_one_problem(tmp_path: Path) -> None:
    tmp_path.chmod(0)
    assert code("latest", tmp_path) == "bad-runs"
    tmp_path.chmod(0o700)
