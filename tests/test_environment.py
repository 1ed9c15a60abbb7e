from importlib import metadata
from pathlib import Path

import pytest

from nnctl import environment
from nnctl.environment import Condition, find_conditions


def found(runs: Path) -> dict[str, Condition]:
    return {condition.name: condition for condition in find_conditions(runs)}


def test_where_all_is_well_nothing_is_to_be_mended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NNCTL_DATA_DIR", "NNCTL_RUNS", "NNCTL_THREADS"):
        monkeypatch.delenv(name, raising=False)
    told = found(tmp_path / "runs")
    assert [name for name, condition in told.items() if condition.fault] == []
    assert f"keras {metadata.version('keras')}" in told["packages"].told
    assert not (tmp_path / "runs").exists()


def test_a_version_outside_the_bounds_and_a_package_that_is_missing_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def version(name: str) -> str:
        if name == "scipy":
            raise metadata.PackageNotFoundError(name)
        return "0.0.1" if name == "keras" else real(name)

    real = metadata.version
    monkeypatch.setattr(metadata, "version", version)
    told = found(Path("runs"))["packages"]
    assert told.fault is not None
    assert "keras 0.0.1 is not" in told.fault
    assert "scipy is not installed" in told.fault


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    told = found(tmp_path / "file" / "runs")["disk"]
    assert "cannot be written to" in told.told
    assert told.fault is not None
    assert "--runs" in told.fault


def test_a_folder_that_may_not_be_entered_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(path: Path) -> bool:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "exists", fail)
    told = found(tmp_path / "runs")
    assert told["disk"].told == f"{tmp_path / 'runs'} cannot be written to: Permission denied"
    assert told["disk"].fault


def test_who_has_no_home_is_told_so_or_needs_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a container's user of any number, without $HOME."""

    def fail() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", fail)
    monkeypatch.delenv("KERAS_HOME", raising=False)
    monkeypatch.setenv("NNCTL_DATA_DIR", str(tmp_path))
    assert found(tmp_path)["data"].fault is None
    monkeypatch.delenv("NNCTL_DATA_DIR")
    assert found(tmp_path)["data"].fault is None
    monkeypatch.setenv("NNCTL_DATA_DIR", "~nobody-of-this-name/x")
    assert "cannot be looked for" in found(tmp_path)["data"].told


def test_little_memory_and_little_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "measure_available", lambda: environment.LITTLE_MEMORY - 1)
    monkeypatch.setattr(environment, "LITTLE_DISK", 2**80)
    told = found(tmp_path)
    assert told["memory"].fault
    assert told["disk"].fault
    monkeypatch.setattr(environment, "measure_available", lambda: None)
    assert not found(tmp_path)["memory"].fault


def test_variables_are_told_and_a_folder_that_is_none_is_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NNCTL_THREADS", "2")
    monkeypatch.setenv("NNCTL_DATA_DIR", str(tmp_path / "nowhere"))
    told = found(tmp_path)
    assert told["$NNCTL_THREADS"] == Condition("$NNCTL_THREADS", "2")
    assert told["$NNCTL_DATA_DIR"].fault


def test_sets_that_are_not_here_come_with_the_command_that_gets_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NNCTL_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    told = found(tmp_path)["data"]
    assert told.hint is not None
    assert "nnctl data fetch" in told.hint
