import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from nnctl.errors import RunError
from nnctl.runs import RunDirectory, create_run, find_root, find_run, list_runs

from .test_manifest import BLANK


def made(root: Path, name: str, created: str) -> RunDirectory:
    run, _ = create_run(root, name)
    replace(BLANK, id=run.path.name, name=name, created=created).write(run.path / "run.json")
    return run


def code(argument: str, root: Path) -> str:
    with pytest.raises(RunError) as caught:
        find_run(argument, root)
    return caught.value.problems[0].code


def test_runs_of_one_second_and_one_name_get_folders_of_their_own(tmp_path: Path) -> None:
    paths = {create_run(tmp_path, "same")[0].path for _ in range(20)}
    assert len(paths) == 20


def test_a_run_is_found_by_path_prefix_name_and_latest(tmp_path: Path) -> None:
    old, new = made(tmp_path, "mlp", "2026-01-01T00:00:00+00:00"), made(tmp_path, "mlp", "2026-01-02T00:00:00+00:00")
    other = made(tmp_path, "cnn", "2025-01-01T00:00:00+00:00")
    assert [run.path for run in list_runs(tmp_path)] == [other.path, old.path, new.path]
    assert find_run("latest", tmp_path) == new
    assert find_run("mlp", tmp_path) == new
    assert find_run(old.path.name, tmp_path) == old
    assert find_run(str(other.path), Path("elsewhere")) == other


def test_what_no_run_answers_to_is_said(tmp_path: Path) -> None:
    assert code("latest", tmp_path / "missing") == "no-run"
    made(tmp_path, "mlp", "2026-01-01T00:00:00+00:00")
    made(tmp_path, "mlp", "2026-01-01T00:00:00+00:00")
    assert code("nope", tmp_path) == "no-run"
    assert code("20", tmp_path) == "ambiguous-run"
    assert code(str(tmp_path), tmp_path) == "bad-run"


def test_folders_that_are_no_runs_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "stray").mkdir()
    (tmp_path / "file.txt").write_text("x")
    assert list_runs(tmp_path) == []


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
    assert run.renew_checksums(run.spec) == {"spec.yaml": digest}


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
