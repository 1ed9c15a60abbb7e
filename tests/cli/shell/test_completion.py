import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
import typer

from nnctl.cli.main import app
from nnctl.cli.shell.completion import join_words
from tests.cli.conftest import GUARD

Nnctl = Callable[..., CompletedProcess[str]]
Complete = Callable[..., list[str]]
# What a proposal must not wait for.
LIGHT = GUARD.replace('("tensorflow", "keras")', '("tensorflow", "keras", "numpy", "sklearn", "matplotlib", "scipy")')


@pytest.fixture
def complete(nnctl: Nnctl, monkeypatch: pytest.MonkeyPatch) -> Complete:
    """What Bash would propose for words as it hands them over, the last of which is being typed."""

    def complete(*words: str) -> list[str]:
        monkeypatch.setenv("_NNCTL_COMPLETE", "complete_bash")
        monkeypatch.setenv("COMP_WORDS", "\n".join(("nnctl", *words)))
        monkeypatch.setenv("COMP_CWORD", str(len(words)))
        done = nnctl(code=LIGHT)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout.split()

    return complete


def run(folder: Path, name: str, number: int) -> None:
    """A run directory of which there is nothing but the manifest."""
    made = folder / f"20261123-1845{number:02}-{name}-a3f9"
    made.mkdir(parents=True)
    told = {"id": made.name, "name": name, "status": "done", "created": f"2026-11-23T18:45:{number:02}+00:00"}
    (made / "run.json").write_text(json.dumps(told))


def test_commands_and_options(complete: Complete) -> None:
    assert complete("tr") == ["trace", "train"]
    assert complete("runs", "ver") == ["verify"]
    assert {"--set", "--seed", "--seeds"} <= set(complete("train", "--se"))


@pytest.mark.parametrize("number", ["abc", "-5", "", "1e3", "9" * 5_000])
def test_a_number_of_the_word_that_is_none_ends_nothing(
    nnctl: Nnctl, monkeypatch: pytest.MonkeyPatch, number: str
) -> None:
    monkeypatch.setenv("_NNCTL_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", "nnctl\ntr")
    monkeypatch.setenv("COMP_CWORD", number)
    done = nnctl(code=LIGHT)
    assert (done.returncode, done.stderr) == (0, "")
    assert number != "abc" or done.stdout == "trace\ntrain\n"


def test_runs_by_name_and_id_and_the_newest(complete: Complete, tmp_path: Path) -> None:
    assert complete("evaluate", "") == []
    run(tmp_path / "runs", "mlp", 1)
    run(tmp_path / "runs", "mlp", 2)
    run(tmp_path / "elsewhere", "cnn", 3)
    (tmp_path / "runs" / "20261123-184599-broken-a3f9").mkdir()
    (tmp_path / "runs" / "20261123-184599-broken-a3f9" / "run.json").write_text("{")
    ids = ["20261123-184502-mlp-a3f9", "20261123-184501-mlp-a3f9"]
    assert complete("evaluate", "") == ["latest", "mlp", *ids]
    assert complete("train", "--resume", "2026") == ids
    assert complete("train", "--runs", "elsewhere", "--resume", "c") == ["cnn"]


def test_specs_and_the_folders_on_the_way(complete: Complete, write: Callable[..., Path], tmp_path: Path) -> None:
    write()
    (tmp_path / "configs").mkdir()
    write(name="configs/mlp.yml")
    write(name="configs/notes.txt")
    assert complete("train", "") == ["configs/", "spec.yaml"]
    assert complete("check", "con") == ["configs/mlp.yml"]
    assert complete("train", "no/such") == []


def test_names_in_other_alphabets_are_proposed(complete: Complete, write: Callable[..., Path]) -> None:
    assert write(name="grün.yaml").name in complete("check", "g")


def test_keys_of_set_and_a_key_that_stands_alone_shows_its_values(complete: Complete) -> None:
    assert {"train.early_stopping=", "train.early_stopping.patience=", "train.epochs="} <= set(
        complete("train", "--set", "train.e")
    )
    assert complete("train", "--set", "train.shuf") == ["train.shuffle=true", "train.shuffle=false"]
    assert complete("train", "--set", "train.epo") == ["train.epochs=10", "train.epochs=20"]


@pytest.mark.parametrize("words", [("train.optimizer", "=", "ada"), ("train.optimizer=ada",)])
def test_values_of_set_however_bash_cuts_the_word(complete: Complete, words: tuple[str, ...]) -> None:
    assert complete("train", "--set", *words)[:3] == ["adadelta", "adafactor", "adagrad"]


def test_values_behind_the_sign(complete: Complete) -> None:
    assert "sgd" in complete("train", "--set", "train.optimizer", "=")
    assert "digits" in complete("train", "--set", "data.source", "=", "d")
    assert complete("train", "--set", "data.scale", "=", "u") == ["unit"]


def test_what_the_spec_at_hand_has(complete: Complete, write: Callable[..., Path]) -> None:
    write(**{"units: 16": "units: 16, name: fc1", "name: tiny": "name: tiny\nvars: {rate: 0.1}"})
    head = ("train", "spec.yaml", "--set")
    assert complete(*head, "model.layers.") == [f"model.layers.{each}." for each in ("0", "1", "fc1", "2")]
    assert {"model.layers.fc1.units=", "model.layers.fc1.activation="} <= set(complete(*head, "model.layers.fc1."))
    assert "relu" in complete(*head, "model.layers.1.activation", "=", "re")
    assert "train.optimizer.adam.beta_1=" in complete(*head, "train.optimizer.")
    assert complete(*head, "va") == ["vars.rate="]
    assert complete(*head, "vars.r") == ["vars.rate="]


def test_a_wrong_spec_is_not_complained_of(complete: Complete, write: Callable[..., Path]) -> None:
    write("a: [")
    assert complete("train", "spec.yaml", "--set", "model.layers.0.") == ["model.layers.0."]
    assert "train.optimizer.sgd.momentum=" in complete("train", "spec.yaml", "--set", "train.optimizer.sgd.")


def test_topics_kinds_templates_splits_and_downloads(complete: Complete) -> None:
    assert "dropout" in complete("explain", "drop")
    assert complete("explain", "layer", "conv2d") == ["conv2d", "conv2d_transpose"]
    assert complete("explain", "no-such-kind", "x") == []
    assert sorted(complete("explain", "P1")) == ["P1", "P10", "P11", "P12", "P13", "P14"]
    assert complete("explain", "finding", "R0")[::7] == ["R01", "R08"]
    assert complete("list", "opt") == ["optimizers"]
    assert complete("init", "--template", "c") == ["cnn"]
    assert complete("evaluate", "latest", "--split", "v") == ["validation"]
    assert "mnist" in complete("data", "fetch", "mn")


def test_a_path_is_left_to_the_shell(complete: Complete) -> None:
    for words in (("init", "--data", "da"), ("train", "--runs", "ru"), ("schema", "--write", "x")):
        assert complete(*words) == []


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells(nnctl: Nnctl, monkeypatch: pytest.MonkeyPatch, shell: str) -> None:
    monkeypatch.setenv("_NNCTL_COMPLETE", f"complete_{shell}")
    monkeypatch.setenv("_TYPER_COMPLETE_FISH_ACTION", "get-args")
    monkeypatch.setenv("_TYPER_COMPLETE_ARGS", "nnctl train --set train.optimizer=rms")
    assert "train.optimizer=rmsprop" in nnctl(code=LIGHT).stdout


EVIL = [
    *(
        "$(touch PWNED)",
        "\\$(touch PWNED)",
        "`touch PWNED`",
        "a'PWNED",
        'a"PWNED',
        "PWNED;x",
        "PWNED x",
        "PWNED\nx",
        "*PWNED",
    ),
    *("~PWNED", "PWNED\\", "PWNED&", "PWNED|x", "<(PWNED)", "{PWNED,x}", "PWNED!x", "PWNED\x1b[2J", "PWNED\u202e"),
]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_what_others_wrote_is_not_answered_unless_it_is_plain(
    nnctl: Nnctl, monkeypatch: pytest.MonkeyPatch, write: Callable[..., Path], tmp_path: Path, shell: str
) -> None:
    """Zsh evaluates what it is answered; the other shells put it where it is evaluated after Enter."""
    run(tmp_path / "runs", "mlp", 1)
    for number, text in enumerate(EVIL):
        made = tmp_path / "runs" / text.replace("/", "")
        made.mkdir()
        told = {
            "id": text,
            "name": text,
            "status": text,
            "spec": text,
            "created": f"2026-11-23T18:45:{number:02}+00:00",
        }
        (made / "run.json").write_text(json.dumps(told))
        (tmp_path / "runs" / f"plain-{number}").mkdir()
        (tmp_path / "runs" / f"plain-{number}" / "run.json").write_text(json.dumps(told))
        (tmp_path / f"{text}.yaml").touch()
        (tmp_path / f"{text}.d").mkdir()
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/PWNED\xff.yaml")).touch()
    layers = "".join(f", {{dense: {{units: 1, name: {json.dumps(text)}}}}}" for text in EVIL)
    names = ", ".join(f"{json.dumps(text)}: 1" for text in EVIL)
    write(
        json.dumps({"name": "x"})[:-1]
        + f", vars: {{own: 1, {names}}}, model: {{layers: [flatten, {{dense: {{units: 1, name: fc1}}}}{layers}]}}}}"
    )
    answers = ""
    monkeypatch.setenv("_NNCTL_COMPLETE", f"complete_{shell}")
    monkeypatch.setenv("_TYPER_COMPLETE_FISH_ACTION", "get-args")
    for line in (
        "evaluate ",
        "train --resume ",
        "check ",
        "check spec.yaml --set model.layers.",
        "show spec.yaml --set vars.",
    ):
        words = ["nnctl", *line.split(" ")]
        monkeypatch.setenv("_TYPER_COMPLETE_ARGS", f"nnctl {line}")
        monkeypatch.setenv("_TYPER_COMPLETE_WORD_TO_COMPLETE", words[-1])
        monkeypatch.setenv("COMP_WORDS", "\n".join(words))
        monkeypatch.setenv("COMP_CWORD", str(len(words) - 1))
        done = nnctl(code=LIGHT)
        assert (done.returncode, done.stderr) == (0, "")
        answers += done.stdout
    assert all(each in answers for each in ("latest", "mlp", "plain-3", "spec.yaml", "model.layers.fc1.", "vars.own="))
    assert "PWNED" not in answers


def commands(command: Any, above: typer.Context | None = None) -> list[tuple[typer.Context, Any]]:
    """Every parameter of a command and of those below it, with its context."""
    context = typer.Context(command, parent=above, info_name=command.name)
    below = [each for sub in getattr(command, "commands", {}).values() for each in commands(sub, context)]
    return [*((context, each) for each in command.params), *below]


EVERY = commands(typer.main.get_command(app))


@pytest.mark.parametrize(("context", "parameter"), EVERY, ids=[f"{c.info_name}-{p.name}" for c, p in EVERY])
def test_no_parameter_proposes_what_is_not_plain(
    context: typer.Context, parameter: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Typer has proposals of its own: for a path, the word that is typed."""
    monkeypatch.chdir(tmp_path)
    for text in (*EVIL, "--set=PWNED", "-PWNED"):
        (tmp_path / f"{text}.yaml").touch()
        assert parameter.shell_complete(context, text) == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_is_shown(nnctl: Nnctl, shell: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION", "1")
    shown = nnctl("--show-completion", shell)
    assert shown.returncode == 0
    assert f"complete_{shell}" in shown.stdout


def test_a_real_bash_asks_and_gets_the_answer(tmp_path: Path) -> None:
    """Bash's own words for a line that it cuts at `=`, by the script that is installed."""
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(Path(__file__).parents[2])}
    # Typer looks for the shell among the processes above it, of which a test may have none.
    environment["_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION"] = "1"
    command = ["nnctl", "--show-completion", "bash"]
    script = subprocess.run(command, capture_output=True, text=True, env=environment, check=True).stdout
    line = "COMP_WORDS=(nnctl train --set data.scale = st); COMP_CWORD=5"
    code = f"{script}\n{line}\n_nnctl_completion nnctl\necho ${{COMPREPLY[@]}}"
    done = subprocess.run(["bash", "-c", code], capture_output=True, text=True, env=environment, check=False)
    assert (done.stdout, done.stderr) == ("standard\n", "")


def test_words_are_put_together_again() -> None:
    assert join_words(["nnctl", "train", "--set", "a", "=", "b"], 5) == (["nnctl", "train", "--set", "a=b"], 3)
    assert join_words(["nnctl", "train", "--set", "a", "="], 4) == (["nnctl", "train", "--set", "a="], 3)
    assert join_words(["nnctl", "train", "--set", "a", "=", "b", "--e"], 6) == (
        ["nnctl", "train", "--set", "a=b", "--e"],
        4,
    )
    assert join_words(["nnctl", "train", "--set", "a", "=", ""], 5) == (["nnctl", "train", "--set", "a=", ""], 4)
