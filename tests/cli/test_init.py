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


TABLE = "标签,喙长,体重\n" + "".join(f"{'阿德利' if at % 2 else '帽带'},{at % 7},{3000.5 + at}\n" for at in range(60))


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_a_chinese_table_is_drafted_by_the_name_of_its_label(encoding: str, nnctl: Nnctl, tmp_path: Path) -> None:
    (tmp_path / "企鹅 数据.csv").write_bytes(TABLE.encode(encoding))
    done = nnctl("init", "--data", "企鹅 数据.csv")
    assert done.returncode == 0, done.stderr
    assert "The label is taken to be '标签', by its name." in done.stdout
    assert ("taken for gbk" in done.stdout) == (encoding == "gbk")
    checked = nnctl("check", "企鹅 数据.yaml")
    assert (checked.returncode, checked.stdout[:30].split()[0]) == (0, "ok"), checked.stderr
    assert "企鹅-数据" in checked.stdout


def test_the_label_can_be_said(nnctl: Nnctl, tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text(TABLE)
    assert nnctl("init", "a", "--data", "own.csv", "--label", "体重").returncode == 0
    assert "csv: {label: 体重}" in (tmp_path / "a.yaml").read_text()
    assert nnctl("init", "b", "--data", "own.csv", "--label", "体重,喙长").returncode == 0
    assert "csv: {label: [体重, 喙长]}" in (tmp_path / "b.yaml").read_text()
    assert nnctl("check", "a.yaml", "b.yaml").returncode == 0
    for arguments in (["--data", "own.csv", "--label", "体"], ["--label", "体重"]):
        done = nnctl("init", "c", *arguments)
        assert (done.returncode, (tmp_path / "c.yaml").exists()) == (2, False)


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([(at % 5 + 0.5, "" if at == 7 else at + 0.25) for at in range(60)], "has no label"),
        ([(at % 5, f"odd {at}" if at in (3, 9, 20, 40) else at + 0.25) for at in range(60)], "odd 3"),
        ([(at % 5, ("p", "p|q", "q", "")[at % 4]) for at in range(60)], "several labels a row"),
        ([(f"a long sentence about number {at % 50} of them", "ab"[at % 2]) for at in range(60)], "sentences"),
    ],
    ids=["missing", "mixed", "several", "free-text"],
)
def test_what_must_be_decided_is_said_in_the_spec_that_is_written(
    rows: list[tuple[object, object]], told: str, nnctl: Nnctl, tmp_path: Path
) -> None:
    (tmp_path / "own.csv").write_text("x,y\n" + "".join(f"{x},{y}\n" for x, y in rows))
    done = nnctl("init", "--data", "own.csv")
    assert (done.returncode, done.stdout.startswith("To decide: ")) == (0, True), done.stderr
    assert "next nnctl check own.yaml" in done.stdout
    first = " ".join(line.removeprefix("# ") for line in (tmp_path / "own.yaml").read_text().splitlines()[:4])
    assert first.startswith("To decide: ")
    assert told in first
    checked = nnctl("check", "own.yaml")  # which looks at the first rows, and says the same of them if anything
    codes = {line.split()[1] for line in checked.stderr.splitlines() if line.startswith("own.yaml:")}
    assert codes <= {"missing-column:", "free-text:", "mixed-column:", "missing-value:"}
    assert "Traceback" not in checked.stderr


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
