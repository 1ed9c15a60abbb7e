"""The object that a command answers with `--json`; tests/cli/test_json.py has those of every verb."""

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from nnctl.cli.shell import envelope
from nnctl.errors import Place, Problem, Source

Answer = Callable[..., dict[str, Any]]
PLACE = {"file": "a.yaml", "flag": None, "line": 1, "column": 4, "width": 2, "from": None}


def test_results_stand_beside_the_verdict_and_ok_is_what_the_exit_code_says(answer: Answer) -> None:
    envelope.tell({"run": "runs/a"})
    envelope.append("files", 1)
    envelope.append("files", 2)
    own = {"format": 1, "command": "verb", "ok": False, "exit_code": 1, "errors": []}
    assert answer(1) == {**own, "run": "runs/a", "files": [1, 2]}


def test_errors_are_told_behind_what_was_done_before(answer: Answer) -> None:
    envelope.tell({"run": "runs/a"})
    envelope.add_problems(Problem("bad-value", "no", Place(Source("a.yaml", "a: xy"), 1, 4, 2), "yes"))
    told = answer(2)
    assert told["errors"] == [{"code": "bad-value", "message": "no", "hint": "yes", "place": PLACE}]
    assert (told["run"], told["ok"]) == ("runs/a", False)


def test_what_stands_behind_a_flag_names_the_flag_and_no_file() -> None:
    origin = Place(Source("a.yaml", "a: xy"), 1, 4, 2)
    told = Place(Source("--set", "b=${a}"), 1, 3, 4, origin).document()
    assert told == {"file": None, "flag": "--set b=${a}", "line": 1, "column": 3, "width": 4, "from": PLACE}


def test_a_list_is_printed_as_it_grows_and_is_the_same_object(
    answer: Answer, capsys: pytest.CaptureFixture[str]
) -> None:
    envelope.tell({"run": "runs/a"})
    add = envelope.open_rows("rows")
    add({"row": 0})
    add({"row": 1})
    begun = capsys.readouterr().out
    assert '{"row": 0}' in begun
    assert '{"row": 1}' not in begun  # it waits for whether a comma follows
    envelope.tell({"notes": []})
    envelope.finish(0)
    whole = begun + capsys.readouterr().out
    own = {"format": 1, "command": "verb", "ok": True, "exit_code": 0, "errors": []}
    assert json.loads(whole) == {**own, "run": "runs/a", "rows": [{"row": 0}, {"row": 1}], "notes": []}
    assert '    {"row": 0},\n    {"row": 1}\n' in whole


def test_it_is_printed_once(answer: Answer, capsys: pytest.CaptureFixture[str]) -> None:
    answer(0)
    envelope.finish(2, Problem("disk", "full"))
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("listed", [False, True])
def test_a_result_that_json_does_not_have_is_left_out_of_what_tells_of_it(
    listed: bool, answer: Answer, capsys: pytest.CaptureFixture[str]
) -> None:
    if listed:
        add = envelope.open_rows("rows")
        add(1)
        with pytest.raises(ValueError, match="JSON"):
            add(float("nan"))
    envelope.tell({"loss": float("nan")})
    with pytest.raises(ValueError, match="JSON"):
        envelope.finish(0)
    told = answer(70)
    assert (told["exit_code"], "loss" in told, told.get("rows")) == (70, False, [1] if listed else None)


def test_nothing_is_printed_that_was_not_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    envelope.tell({"run": "runs/a"})
    envelope.finish(0)
    assert capsys.readouterr().out == ""


def test_a_group_asks_for_its_verbs() -> None:
    group: Any = SimpleNamespace(command_path="nnctl runs")
    verb: Any = SimpleNamespace(command_path="nnctl runs verify")
    assert envelope.ask(group, True)
    assert envelope.ask(verb, False)


@pytest.mark.parametrize(
    ("words", "asked"), [("check --nope --json", True), ("check --nope", False), ("check --nope -- --json", False)]
)
def test_words_that_cannot_be_read_ask_where_something_is_wrong(
    words: str, asked: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    envelope.begin(words.split())
    envelope.finish(0)  # as after `--help`
    assert capsys.readouterr().out == ""
    envelope.finish(2, Problem("usage", "no such option"))
    assert (capsys.readouterr().out != "") == asked


def test_a_word_that_is_the_value_of_a_flag_asks_for_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    envelope.begin(["train", "a.yaml", "--name", "--json"])
    verb: Any = SimpleNamespace(command_path="nnctl train")
    envelope.ask(verb, False)
    envelope.finish(2, Problem("bad-name", "no"))
    assert capsys.readouterr().out == ""
    envelope.mark_unread(verb)  # as where a verb of a group has a flag that it does not know
    envelope.finish(2, Problem("usage", "no"))
    assert json.loads(capsys.readouterr().out)["command"] == "train"


@pytest.mark.parametrize("name", envelope.RESERVED)
def test_no_result_has_a_name_of_the_answers_own(name: str) -> None:
    with pytest.raises(KeyError, match=name):
        envelope.tell({name: 1})


def test_it_is_ascii_and_has_no_number_that_json_does_not_have(
    answer: Answer, capsys: pytest.CaptureFixture[str]
) -> None:
    envelope.print_json({"a": [1, None, "ü\u202e"]})
    out = capsys.readouterr().out
    assert out.isascii()
    assert json.loads(out) == {"a": [1, None, "ü\u202e"]}
    for value in (float("nan"), float("inf")):
        with pytest.raises(ValueError, match="JSON"):
            envelope.print_json({"a": value})
    assert capsys.readouterr().out == ""
