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


@pytest.mark.parametrize("name", ["x" * 5000, "a\0b", "\udce9"])
def test_a_name_that_no_file_has_is_a_fault_of_its_own(run: RunDirectory, name: str) -> None:
    run.update(checksums={**run.manifest.checksums, name: "0"})
    assert faults(run) == [name]
