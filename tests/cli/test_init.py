import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import numpy as np
import pytest

from nnctl.starters import TEMPLATES

Nnctl = Callable[..., CompletedProcess[str]]


def test_what_is_written_passes_check(nnctl: Nnctl, tmp_path: Path) -> None:
    for name in TEMPLATES:
        done = nnctl("init", "--template", name)
        assert (done.returncode, done.stderr) == (0, "")
        assert f"next nnctl train {name}.yaml" in done.stdout
    checked = nnctl("check", *sorted(tmp_path.glob("*.yaml")))
    assert (checked.returncode, checked.stdout.count("ok")) == (0, len(TEMPLATES))


def test_own_data_are_looked_at(nnctl: Nnctl, tmp_path: Path) -> None:
    np.savez(tmp_path / "own.npz", x=np.random.default_rng(0).random((90, 4)), y=np.repeat(["a", "b", "c"], 30))
    done = nnctl("init", "--data", "own.npz")
    assert done.returncode == 0, done.stderr
    assert "own.npz: 58 train, 14 validation, 18 test; 4 features" in done.stdout
    assert nnctl("check", "own.yaml").returncode == 0
    told = json.loads(nnctl("init", "again", "--data", "own.npz", "--json").stdout)
    assert (told["spec"], told["template"]) == ("again.yaml", "mlp")


def test_what_to_do_next_can_be_pasted(nnctl: Nnctl) -> None:
    assert "next nnctl train 'my net.yaml'" in nnctl("init", "my net").stdout


def test_a_file_is_not_overwritten_without_force(nnctl: Nnctl, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("mine")
    done = nnctl("init", "mine")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("file-exists: mine.yaml is there already")
    assert (tmp_path / "mine.yaml").read_text() == "mine"
    assert nnctl("init", "mine", "--force").returncode == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--template", "tabulr"], "did you mean 'tabular'?"),
        (["--data", "nowhere"], "nowhere cannot be read"),
        (["--data", "empty"], "empty"),
        (["--data", "own.docx"], "own.docx is of no kind that nnctl reads"),
        (["--data", "bad.npz"], "bad.npz is not an npz file"),
    ],
)
def test_wrong_use_exits_2_and_writes_nothing(arguments: list[str], said: str, nnctl: Nnctl, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "own.docx").write_text("x")
    (tmp_path / "bad.npz").write_text("x")
    done = nnctl("init", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.glob("*.yaml")) == []
