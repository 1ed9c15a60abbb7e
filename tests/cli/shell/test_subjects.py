import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from nnctl import bounds
from nnctl.cli.shell.subjects import is_spec, load_run, name_spec
from nnctl.errors import RunError
from tests.cli.conftest import GUARD
from tests.cli.shell.test_completion import run
from tests.forks import ROOT

Nnctl = Callable[..., CompletedProcess[str]]


def pipe(text: bytes, folder: Path, *words: str) -> CompletedProcess[bytes]:
    """What nnctl answers to a text that comes through a pipe."""
    command = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{GUARD}", *words]
    return subprocess.run(command, cwd=folder, input=text, capture_output=True, timeout=60, check=False)


def test_a_spec_comes_through_a_pipe(write: Callable[..., Path], tmp_path: Path) -> None:
    text = write().read_bytes()
    done = pipe(text, tmp_path, "check", "-")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"ok  <stdin>: tiny, ")
    told = json.loads(pipe(text, tmp_path, "show", "-", "--json").stdout)
    assert told["ok"]
    assert json.loads(pipe(text, tmp_path, "check", "-", "--json").stdout)["specs"][0]["spec"] == "<stdin>"


def test_a_mistake_in_a_pipe_has_its_place(tmp_path: Path) -> None:
    done = pipe(b"nam: 3\n", tmp_path, "train", "-")
    assert done.returncode == 2
    assert done.stderr.startswith(b"<stdin>:1:1 unknown-key: ")


@pytest.mark.parametrize(
    ("text", "code"),
    [(b"a" * (bounds.SPEC + 1), "file-too-large"), (b"\xff", "not-utf8"), (b"", "empty-spec")],
)
def test_a_pipe_is_bounded_and_holds_text(text: bytes, code: str, tmp_path: Path) -> None:
    done = pipe(text, tmp_path, "check", "-")
    assert done.returncode == 2
    assert done.stderr.decode().startswith((f"{code}: <stdin> ", f"<stdin>:1:1 {code}: <stdin> "))


def test_a_bound_is_not_met_by_a_spec_as_large_as_it(write: Callable[..., Path], tmp_path: Path) -> None:
    text = write().read_bytes()
    whole = text + b"#" * (bounds.SPEC - len(text))
    assert pipe(whole, tmp_path, "check", "-").returncode == 0


def test_an_edit_cannot_be_written_beside_a_pipe(write: Callable[..., Path], tmp_path: Path) -> None:
    done = pipe(write().read_bytes(), tmp_path, "debug", "-", "--fix")
    assert done.returncode == 2
    assert done.stderr.startswith(b"usage: a spec from the standard input has no folder")


def test_what_is_a_spec(tmp_path: Path) -> None:
    run(tmp_path, "mlp", 1)
    inside = next(tmp_path.iterdir()) / "model.keras"
    inside.write_bytes(b"")
    (tmp_path / "spec").write_text("")
    assert [is_spec(Path(each)) for each in ("-", "x.yaml", "x.yml", "latest")] == [True, True, True, False]
    assert is_spec(tmp_path / "spec")
    assert not is_spec(inside)
    assert name_spec(Path("-")) == "<stdin>"
    assert name_spec(Path("x.yaml")) == "x.yaml"


def test_a_file_of_a_run_means_the_run(tmp_path: Path) -> None:
    run(tmp_path / "runs", "mlp", 1)
    folder = next((tmp_path / "runs").iterdir())
    (folder / "model.keras").write_bytes(b"")
    assert load_run(str(folder / "model.keras"), tmp_path / "elsewhere").path == folder
    with pytest.raises(RunError):
        load_run(str(folder / "absent.keras"), tmp_path / "elsewhere")


def test_a_run_is_shown_by_its_spec(nnctl: Nnctl, write: Callable[..., Path], tmp_path: Path) -> None:
    run(tmp_path / "runs", "mlp", 1)
    folder = next((tmp_path / "runs").iterdir())
    write(name=f"runs/{folder.name}/resolved.yaml")
    for words in (["show"], ["data", "show"]):
        done = nnctl(*words, "latest")
        assert (done.returncode, done.stderr) == (0, "") or "loading" in done.stderr, done.stderr
        refused = nnctl(*words, "latest", "--set", "train.epochs=3")
        assert refused.returncode == 2
        assert refused.stderr.startswith("usage: --set changes a spec, and latest is a run that has been trained")
