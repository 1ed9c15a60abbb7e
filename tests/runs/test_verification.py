import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from nnctl.runs import RunDirectory, checkpoints, create_run, verify_run

from .test_manifest import BLANK


@pytest.fixture
def run(tmp_path: Path) -> RunDirectory:
    run, _ = create_run(tmp_path, "x")
    run.spec.write_text("a: 1")
    run.metrics.write_text("epoch\n1\n")
    replace(BLANK, id=run.path.name).write(run.path / "run.json")
    run.renew_checksums(run.spec, run.metrics)
    best = checkpoints.write_checkpoint(run.checkpoints, "best-0001", {"weights.bin": [b"w"]})
    checkpoints.write_checkpoint(run.checkpoints, "ck-0001-000000", {"state.json": [b"{}"]}, best)
    return run


def faults(run: RunDirectory) -> list[str]:
    return [verdict.name for verdict in verify_run(run) if verdict.fault]


def test_a_sound_run_has_no_fault(run: RunDirectory) -> None:
    assert [verdict.name for verdict in verify_run(run)] == ["metrics.csv", "spec.yaml", "checkpoint/ck-0001-000000"]
    assert faults(run) == []


def test_each_damaged_file_is_named(run: RunDirectory) -> None:
    run.spec.write_text("a: 2")
    run.metrics.unlink()
    (run.checkpoints / "best-0001" / "weights.bin").write_bytes(b"v")
    assert faults(run) == ["metrics.csv", "spec.yaml", "checkpoint/ck-0001-000000"]


@pytest.mark.parametrize("name", ["../secret", "/etc/hostname", "a/../../b"])
def test_nothing_outside_is_read(run: RunDirectory, name: str) -> None:
    run.update(checksums={name: "0" * 64})
    assert [v.fault for v in verify_run(run) if v.name == name] == ["it lies outside of the run"]


def test_a_link_is_no_file_of_the_run(run: RunDirectory) -> None:
    run.spec.unlink()
    run.spec.symlink_to("/etc/hostname")
    assert faults(run) == ["spec.yaml"]


@pytest.mark.parametrize("place", ["eval", "checkpoint", "checkpoint/ck-0001-000000"])
def test_what_a_folder_that_is_a_link_leads_to_is_not_read(run: RunDirectory, tmp_path: Path, place: str) -> None:
    """All of it is sound but where it lies."""
    folder, outside = run.path / place, tmp_path / "outside" / Path(place).name
    outside.parent.mkdir()
    folder.mkdir(exist_ok=True)
    (folder / "a.csv").write_text("a")
    if place == "eval":
        run.renew_checksums(folder / "a.csv")
    assert faults(run) == []
    if place.endswith("0"):  # what it counts on is found behind the link, too
        shutil.copytree(run.checkpoints / "best-0001", outside.parent / "best-0001")
    folder.rename(outside)
    folder.symlink_to(outside)
    assert [verdict for verdict in verify_run(run) if "is a link" in (verdict.fault or "")]
    assert len(faults(run)) == 1


def test_a_file_larger_than_any_run_has_is_not_read(run: RunDirectory) -> None:
    with run.metrics.open("r+b") as file:
        file.truncate(1 << 42)  # sparse: it takes no space
    assert [v.fault for v in verify_run(run) if v.fault] == [
        "it has 4,398,046,511,104 bytes, where at most 68,719,476,736 belong"
    ]


@pytest.mark.parametrize("name", ["x" * 5000, "a\0b", "\udce9"])
def test_a_name_that_no_file_has_is_a_fault_of_its_own(run: RunDirectory, name: str) -> None:
    run.update(checksums={**run.manifest.checksums, name: "0"})
    assert faults(run) == [name]
