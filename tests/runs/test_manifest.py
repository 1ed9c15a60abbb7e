import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnctl import bounds
from nnctl.errors import RunError
from nnctl.runs import manifest
from nnctl.runs.manifest import Manifest

BLANK = Manifest(
    id="x",
    name="x",
    status="running",
    spec="s.yaml",
    command=[],
    overrides=[],
    seed=0,
    created="2026-01-01T00:00:00+00:00",
)


def test_a_manifest_survives_being_written(tmp_path: Path) -> None:
    BLANK.write(tmp_path / "run.json")
    assert manifest.read_manifest(tmp_path / "run.json") == BLANK


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(0, 2**63 - 1))
def test_every_number_that_a_manifest_can_hold_is_read_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, number: float, seed: int
) -> None:
    """A loss far beyond any whole number is finite, and a run goes on with it."""
    path = tmp_path_factory.getbasetemp() / "numbers.json"
    told = {"test": {"mse": number, "r2": -number, "accuracy": None}}
    written = replace(BLANK, best=number, seconds=abs(number), scores=told, seed=seed)
    written.write(path)
    assert manifest.read_manifest(path) == written


def test_nan_never_reaches_json(tmp_path: Path) -> None:
    bad = Manifest(**{**{f: getattr(BLANK, f) for f in BLANK.__dataclass_fields__}, "best": float("nan")})
    with pytest.raises(ValueError, match="JSON"):
        bad.write(tmp_path / "run.json")
    assert not (tmp_path / "run.json").exists()


def test_what_would_be_too_large_to_be_read_is_not_written(tmp_path: Path) -> None:
    replace(BLANK, message="x" * (bounds.MANIFEST - 2_000)).write(tmp_path / "run.json")
    whole = manifest.read_manifest(tmp_path / "run.json")
    with pytest.raises(OSError, match="larger than"):
        replace(BLANK, message="ä" * (bounds.MANIFEST // 6)).write(tmp_path / "run.json")
    assert manifest.read_manifest(tmp_path / "run.json") == whole


WELL = '"id": "a", "name": "a", "status": "done", "created": '


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "[]", '{"id": 5}', "\x00", f'{{{WELL}"yesterday"}}'),
        f'{{{WELL}"2026-01-01T00:00:00+00:00", "data": null}}',
        f'{{{WELL}"2026-01-01T00:00:00+00:00", "scores": {{"test": null}}}}',
        f'{{{WELL}"2026-01-01T00:00:00+00:00", "scores": {{"test": {{"accuracy": "high"}}}}}}',
        f'{{{WELL}"2026-01-01T00:00:00+00:00", "best": NaN}}',
        f'{{{WELL}"2026-01-01T00:00:00+00:00", "best": 1{"0" * 400}}}',
        f'{{{WELL}"2026-01-01T00:00:00+00:00", "best": 1e999}}',
        f'{{{WELL}"2026-01-01T00:00:00+00:00", "seed": {2**63}}}',
        f'{{{WELL}"2026-01-01T00:00:00+00:00", "epochs": "many"}}',
        f'{{{WELL}"0001-01-01T00:00:00+14:00"}}',
        "[" * 100_000,
        f'{{{WELL}"2026-01-01T00:00:00+00:00"}}' + " " * bounds.MANIFEST,
    ],
)
def test_what_is_no_manifest_is_one_problem(tmp_path: Path, text: str) -> None:
    path = tmp_path / "run.json"
    path.write_text(text)
    with pytest.raises(RunError) as caught:
        manifest.read_manifest(path)
    assert caught.value.problems[0].code == "bad-run"


def test_a_manifest_of_a_later_version_is_still_read(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    path.write_text(
        '{"id": "a", "name": "a", "status": "done", "created": "2026-01-01T00:00:00+00:00", "shape_of_things": 1}'
    )
    assert manifest.read_manifest(path).status == "done"


@pytest.mark.parametrize("kind", ["link", "pipe", "folder", "endless"])
def test_what_is_no_file_of_the_runs_own_is_not_waited_for(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "run.json"
    make = {
        "link": lambda: path.symlink_to("/etc/hostname"),
        "pipe": lambda: os.mkfifo(path),
        "folder": lambda: path.mkdir(),
        "endless": lambda: path.symlink_to("/dev/zero"),
    }
    make[kind]()
    with pytest.raises(RunError):
        manifest.read_manifest(path)
