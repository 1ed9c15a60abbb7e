"""`--json` of every verb and every way to end that needs no TensorFlow; tests/engine/test_json.py has those that do."""

import json
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
from typer.main import get_command

from nnctl.cli.main import app
from tests.answers import read_answer
from tests.forks import ROOT

from .test_main import ENDED, TURNED

Nnctl = Callable[..., CompletedProcess[str]]

# A command, its verb, its exit code, and which results it has, or the code of its error.
ANSWERS = [
    ("init fresh", "init", 0, "spec template found undecided"),
    ("check spec.yaml", "check", 0, "specs"),
    ("check spec.yaml warned.yaml", "check", 1, "specs"),
    ("check spec.yaml wrong.yaml warned.yaml", "check", 2, "specs"),
    ("show spec.yaml", "show", 0, "spec origins layers cost compilation precision timing"),
    ("show spec.yaml --set train.epochs=3", "show", 0, "spec origins layers cost compilation precision timing"),
    ("runs", "runs", 0, "runs"),
    ("runs --runs made", "runs", 0, "runs"),
    ("runs verify a --runs made", "runs verify", 0, "run files"),
    ("runs verify broken --runs made", "runs verify", 1, "run files"),
    ("explain relu", "explain", 0, "topics"),
    ("explain json", "explain", 0, "topics"),
    ("list", "list", 0, "kinds"),
    ("list layers", "list", 0, "kind topics"),
    ("schema", "schema", 0, "path schema"),
    ("schema --write folder", "schema", 0, "path schema"),
    ("data list", "data list", 0, "sources"),
    ("data show spec.yaml", "data show", 0, "splits classes"),
    ("doctor", "doctor", 1, "conditions"),  # there is no TensorFlow here
]
REFUSALS = [
    ("tarin", None, "usage"),
    ("", None, "usage"),
    ("init spec", "init", "file-exists"),
    ("check absent.yaml", "check", "unreadable-file"),
    ("check spec.yaml --select Q", "check", "unknown-code"),
    ("check", "check", "usage"),
    ("show wrong.yaml", "show", "unknown-key"),
    ("show spec.yaml --set train.epochs=0", "show", "bad-value"),
    ("debug wrong.yaml", "debug", "unknown-key"),
    ("trace wrong.yaml", "trace", "unknown-key"),
    ("train", "train", "usage"),
    ("train wrong.yaml", "train", "unknown-key"),
    ("train spec.yaml --epochs many", "train", "usage"),
    ("train spec.yaml --nope", "train", "usage"),
    ("train --resume nobody", "train", "no-run"),
    ("train --resume damaged/a", "train", "bad-run"),
    ("evaluate nobody", "evaluate", "no-run"),
    ("predict nobody x.png", "predict", "no-run"),
    ("predict nobody x.png --csv", "predict", "contradiction"),
    ("runs verify nobody", "runs verify", "no-run"),
    ("runs verify damaged/a", "runs verify", "bad-run"),
    ("runs verify", "runs verify", "usage"),
    ("runs nothing", "runs", "usage"),
    ("explain nothing-at-all", "explain", "unknown-topic"),
    ("list nothing", "list", "unknown-kind"),
    ("schema --write spec.yaml", "schema", "unwritable-file"),
    ("data show wrong.yaml", "data show", "unknown-key"),
    ("data fetch nothing", "data fetch", "unknown-source"),
    ("data list --nope", "data list", "usage"),
    ("doctor --nope", "doctor", "usage"),
]


@pytest.fixture
def folder(write: Callable[..., Path], tmp_path: Path) -> Path:
    """A folder with specs of each kind and runs, one of which is damaged."""
    write()
    write(name="warned.yaml", **{"activation: softmax": "activation: linear"})
    write(
        name="wrong.yaml", **{"units: 16": "unitz: 16", "epochs: 2": "epochs: '${vars.e}'", "seed: 3": "vars: {e: 0}"}
    )
    told: dict[str, Any] = {"id": "a", "name": "tiny", "status": "done", "spec": "spec.yaml", "command": [], "overrides": [],
                            "seed": 3, "created": "2026-11-23T18:45:01+00:00", "data": {"source": "digits"}}  # fmt: skip
    for place, content in (
        ("made/a", told),
        ("made/broken", {**told, "checksums": {"gone": "0" * 64}}),
        ("damaged/a", None),
    ):
        (tmp_path / place).mkdir(parents=True)
        (tmp_path / place / "run.json").write_text("{" if content is None else json.dumps(content))
    return tmp_path


@pytest.mark.parametrize(("line", "command", "code", "results"), ANSWERS, ids=lambda value: str(value)[:40])
def test_an_answer_has_its_results_beside_what_every_one_has(
    line: str, command: str, code: int, results: str, nnctl: Nnctl, folder: Path
) -> None:
    done = nnctl(*shlex.split(line), "--json")
    assert done.returncode == code, done.stderr
    assert read_answer(done, command).keys() >= {*results.split()}


@pytest.mark.parametrize(("line", "command", "code"), REFUSALS, ids=lambda value: str(value)[:40])
def test_a_refusal_is_an_object_and_says_the_same_in_words(
    line: str, command: str | None, code: str, nnctl: Nnctl, folder: Path
) -> None:
    done = nnctl(*shlex.split(line), "--json")
    told = read_answer(done, command)
    assert (done.returncode, told["errors"][0]["code"]) == (2, code)
    assert done.stderr
    if line and code != "contradiction":  # `--json` itself is one half of it
        # A line that is corrected as a whole keeps what was typed after it.
        assert nnctl(*shlex.split(line)).stderr == done.stderr.replace(" --json`", "`")


def test_each_spec_has_the_exit_code_that_it_has_alone(nnctl: Nnctl, folder: Path) -> None:
    told = read_answer(nnctl("check", "spec.yaml", "wrong.yaml", "warned.yaml", "--json"), "check")
    assert [(each["spec"], each["ok"], each["exit_code"]) for each in told["specs"]] == [
        ("spec.yaml", True, 0),
        ("wrong.yaml", False, 2),
        ("warned.yaml", False, 1),
    ]
    errors = [(each["code"], each["place"]["line"], each["place"]["from"] is None) for each in told["errors"]]
    assert errors == [("unknown-key", 9, True), ("bad-value", 16, False)]
    assert told["specs"][1]["errors"] == told["errors"]


def test_a_bug_is_an_error_with_the_place_of_its_traceback(nnctl: Nnctl, folder: Path) -> None:
    done = nnctl("train", "spec.yaml", "--json")
    told = read_answer(done, "train")
    (error,) = told["errors"]
    assert (done.returncode, error["code"]) == (70, "bug")
    saved = Path(error["hint"].rpartition(" ")[2])
    assert "guarded: " in saved.read_text()
    saved.unlink()
    assert "findings" in told  # which it had come to


@pytest.mark.parametrize(
    ("code", "ended", "error"),
    [
        (TURNED.format(then="raise ValueError"), 130, "interrupted"),
        (ENDED.format(then="raise MemoryError"), 2, "out-of-memory"),
    ],
)
def test_what_ends_before_the_command_line_is_read_answers_too(nnctl: Nnctl, code: str, ended: int, error: str) -> None:
    done = nnctl("check", "spec.yaml", "--json", code=code)
    assert (done.returncode, read_answer(done, None)["errors"][0]["code"]) == (ended, error)


def test_help_stays_what_it_is(nnctl: Nnctl) -> None:
    assert nnctl("check", "--json", "--help").stdout == nnctl("check", "--help").stdout


def test_a_full_disk_is_told_in_words_where_there_is_no_room_for_an_object(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "nnctl", "list", "layers", "--json"]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, cwd=ROOT, check=False)
    assert (done.returncode, done.stderr.partition(b":")[0]) == (2, b"disk")


def test_every_verb_can_be_asked_and_is_here_or_with_the_engine() -> None:
    from tests.engine.test_json import VERBS

    commands = dict(_list_commands(get_command(app), ()))
    del commands["help"]  # what `--help` prints, which is read and has no other form
    assert [name for name, options in commands.items() if "--json" not in options] == []
    # tests/cli/test_data.py has a file to fetch.
    assert commands.keys() == {command for _, command, *_ in ANSWERS} | {*VERBS, "data fetch"}
    assert commands.keys() == {command for _, command, _ in REFUSALS if command} | {"data list"}


def _list_commands(group: Any, words: tuple[str, ...]) -> Iterator[tuple[str, set[str]]]:
    """Each verb with its flags; a group that does something by itself is one."""
    for name, command in group.commands.items():
        inner = hasattr(command, "commands")
        if not inner or command.invoke_without_command:
            yield " ".join((*words, name)), {flag for each in command.params for flag in each.opts}
        if inner:
            yield from _list_commands(command, (*words, name))
