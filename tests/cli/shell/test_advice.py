import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.cli.shell.test_completion import run

Nnctl = Callable[..., CompletedProcess[str]]


@pytest.mark.parametrize(
    ("given", "hint"),
    [
        ("train.epochs=3", "`--set train.epochs=3` sets a value"),
        ("mnist", "that is a data source, which a spec names: `nnctl explain source mnist` tells of it"),
        ("spec", "did you mean `spec.yaml`?"),
        ("sepc.yaml", "did you mean `spec.yaml`?"),
        ("mine", "did you mean `configs/mine.yaml`?"),
        ("mlp", "/resolved.yaml is its spec, and `nnctl train --resume mlp` goes on with it"),
        ("quite-another", "take the path of a YAML file"),
    ],
)
def test_what_was_meant_by_a_spec_that_is_not_there(
    nnctl: Nnctl, write: Callable[..., Path], tmp_path: Path, given: str, hint: str
) -> None:
    (tmp_path / "configs").mkdir()
    write()
    write(name="configs/mine.yaml")
    run(tmp_path / "runs", "mlp", 1)
    for verb in ("check", "train"):
        done = nnctl(verb, given)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith(f"unreadable-file: {given} cannot be read")
        assert hint in done.stderr


def test_without_a_run_latest_is_none(nnctl: Nnctl) -> None:
    assert "there is no run yet: `nnctl train SPEC` makes one" in nnctl("show", "latest").stderr


def test_a_spec_in_the_place_of_a_run(nnctl: Nnctl, write: Callable[..., Path], tmp_path: Path) -> None:
    write()
    done = nnctl("evaluate", "spec.yaml")
    assert done.returncode == 2
    assert done.stderr == "no-run: spec.yaml is a spec, and a run is expected\n  `nnctl train spec.yaml` makes one\n"
    run(tmp_path / "runs", "mlp", 1)
    manifest = next((tmp_path / "runs").iterdir()) / "run.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "spec": "spec.yaml"}))
    assert f"its newest run is `runs/{manifest.parent.name}`" in nnctl("evaluate", "spec.yaml").stderr


def test_the_file_in_front_of_the_run(nnctl: Nnctl, tmp_path: Path) -> None:
    run(tmp_path / "runs", "mlp", 1)
    (tmp_path / "a b.csv").write_text("1")
    done = nnctl("predict", "a b.csv", "latest")
    assert done.returncode == 2
    assert done.stderr == (
        "no-run: a b.csv is a file, and the run comes before the files\n  `nnctl predict latest 'a b.csv'`\n"
    )
    assert "no-run: a b.csv is a file, not a run\n" in nnctl("predict", "a b.csv", "other.csv").stderr
