import csv
import io
import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from nnctl.cli.shell import envelope
from nnctl.cli.views.predictions import choose_form, name_columns, open_printer, rank_top
from nnctl.errors import UsageError
from nnctl.metrics.answers import decide
from nnctl.spec.network.meaning import Meaning

NAMES = ("cat", "dog", "e,el")
OUTPUT = np.array([[0.1, 0.7, 0.2], [0.5, 0.5, 0.0]], np.float32)
CLASSES, LABELS = Meaning("multiclass", 3, "shares"), Meaning("multilabel", 3, "probabilities")
NUMBERS, SCORES = Meaning("regression", 3, "numbers"), Meaning("multiclass", 3, "scores")


def block(
    name: str, first: int | None, meaning: Meaning, output: np.ndarray = OUTPUT, said: tuple[str, ...] = ()
) -> Any:
    lost = np.flatnonzero(~np.isfinite(output).all(axis=1))
    chosen = decide(output, meaning) if meaning.decides else None
    return SimpleNamespace(name=name, first=first, output=output, chosen=chosen, said=said, lost=lost)


def told(
    kind: str, meaning: Meaning, capsys: pytest.CaptureFixture[str], first: int | None = 0, output: np.ndarray = OUTPUT
) -> str:
    open_printer(kind, meaning, NAMES, 2)(block("a.csv", first, meaning, output, ("it is grey",)))
    return capsys.readouterr().out


def rows(meaning: Meaning, capsys: pytest.CaptureFixture[str], output: np.ndarray = OUTPUT) -> Any:
    """The predictions of an answer in JSON."""
    context: Any = SimpleNamespace(command_path="nnctl predict")
    envelope.begin()
    envelope.ask(context, True)
    open_printer("json", meaning, NAMES, 2)(block("a.csv", 0, meaning, output))
    envelope.finish(0)
    return json.loads(capsys.readouterr().out)["predictions"]


def test_text_is_a_line_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    assert told("text", CLASSES, capsys).splitlines() == [
        "a.csv:0  dog 0.700  e,el 0.200",
        "a.csv:1  cat 0.500  dog 0.500",
    ]
    assert told("text", LABELS, capsys).splitlines() == ["a.csv:0  dog 0.700", "a.csv:1  none of the labels"]
    assert told("text", NUMBERS, capsys).startswith("a.csv:0  cat 0.1  dog 0.7  e,el 0.2")


def test_csv_has_every_probability_bit_for_bit(capsys: pytest.CaptureFixture[str]) -> None:
    rows = list(csv.reader(io.StringIO(told("csv", CLASSES, capsys))))
    assert rows[0] == ["file", "row", "predicted", "confidence", "p_cat", "p_dog", "p_e,el"]
    assert rows[1][:3] == ["a.csv", "0", "dog"]
    assert np.array([row[4:] for row in rows[1:]], np.float32).tobytes() == OUTPUT.tobytes()
    assert told("csv", LABELS, capsys).splitlines()[1].startswith("a.csv,0,dog,")
    assert told("csv", NUMBERS, capsys).splitlines()[0] == 'file,row,cat,dog,"e,el"'


def test_json_is_a_list_and_beside_it_what_was_done_to_each_file(
    capsys: pytest.CaptureFixture[str], answer: Callable[..., dict[str, Any]]
) -> None:
    show = open_printer("json", CLASSES, NAMES, 2)
    show(block("a.csv", 0, CLASSES, said=("it is grey",)))
    show(block("a.csv", 2, CLASSES, said=("it is grey",)))
    show(block("b.png", None, CLASSES, OUTPUT[:1], ("it is grey", "it is small")))
    told = answer(2)
    assert [(each["file"], each["row"]) for each in told["predictions"]] == [
        *(("a.csv", row) for row in range(4)),
        ("b.png", None),
    ]
    assert (told["predictions"][0]["predicted"], len(told["predictions"][0]["top"])) == ("dog", 2)
    assert [(each["file"], each["note"]) for each in told["notes"]] == [
        ("a.csv", "it is grey"),
        ("b.png", "it is grey"),
        ("b.png", "it is small"),
    ]
    assert rows(LABELS, capsys)[0]["labels"] == ["dog"]
    assert rows(NUMBERS, capsys)[0]["values"]["dog"] == pytest.approx(0.7)


def test_json_of_no_predictions_is_whole(answer: Callable[..., dict[str, Any]]) -> None:
    open_printer("json", CLASSES, NAMES, 1)
    assert answer(2)["predictions"] == []


def test_a_remark_is_said_once_a_file_and_not_on_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    show = open_printer("text", CLASSES, NAMES, 1)
    show(block("a.csv", 0, CLASSES, said=("odd",)))
    show(block("a.csv", 2, CLASSES, said=("odd",)))
    captured = capsys.readouterr()
    assert captured.err.count("odd") == 1
    assert "odd" not in captured.out


def test_equal_outputs_are_told_in_order_and_two_forms_are_one_too_many() -> None:
    assert rank_top([0.2, 0.4, 0.4], 1, NAMES, 2) == [("dog", 0.4), ("e,el", 0.4)]
    with pytest.raises(UsageError):
        choose_form(True, True)


def test_scores_are_not_called_probabilities(capsys: pytest.CaptureFixture[str]) -> None:
    assert told("text", SCORES, capsys).splitlines()[0] == "a.csv:0  dog score 0.700  e,el score 0.200"
    assert rows(SCORES, capsys)[0]["top"][0] == {"class": "dog", "score": pytest.approx(0.7)}
    assert "confidence" not in rows(SCORES, capsys)[0]
    assert told("csv", SCORES, capsys).splitlines()[0] == 'file,row,predicted,score_cat,score_dog,"score_e,el"'


def test_an_output_that_is_not_finite_is_no_answer(capsys: pytest.CaptureFixture[str]) -> None:
    lost = np.array([[np.nan, 0.7, 0.2], [0.1, 0.7, 0.2]], np.float32)
    assert told("text", CLASSES, capsys, output=lost).splitlines()[0] == "a.csv:0  no answer: the output is not finite"
    assert told("text", LABELS, capsys, output=lost).splitlines()[0] == "a.csv:0  dog 0.700, cat: no answer"
    assert rows(CLASSES, capsys, lost)[0]["predicted"] is None
    assert told("csv", CLASSES, capsys, output=lost).splitlines()[1].startswith("a.csv,0,,,nan,")
    show = open_printer("text", CLASSES, NAMES, 2)
    assert show(block("a.csv", 0, CLASSES, lost)) is True
    assert show(block("a.csv", 0, CLASSES)) is False


@pytest.mark.parametrize(
    ("targets", "columns"),
    [
        (["price", "mass"], ["price", "mass"]),
        (["row", "file"], ["row_predicted", "file_predicted"]),
        (["row", "row_predicted"], ["row_predicted", "row_predicted_predicted"]),
    ],
)
def test_no_column_of_a_target_has_the_name_of_another_one(targets: list[str], columns: list[str]) -> None:
    assert name_columns(targets) == columns


def test_names_are_neither_formulas_nor_steer_and_numbers_stay_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    show = open_printer("csv", CLASSES, ("=cmd()", "-1", "\x1b[2J"), 2)
    show(block("@a\u202e.csv", 0, CLASSES, np.array([[0.7, 0.2, 0.1], [0.1, 0.7, 0.2], [0, 0, 1]], np.float32)))
    header, *table = csv.reader(io.StringIO(capsys.readouterr().out))
    assert header[4:] == ["p_=cmd()", "p_-1", r"p_\x1b[2J"]
    assert [row[:3] for row in table] == [
        [r"'@a\u202e.csv", str(i), name] for i, name in enumerate(("'=cmd()", "-1", r"\x1b[2J"))
    ]
    open_printer("csv", NUMBERS, ("=cmd()", "b", "c"), 2)(block("a.csv", 0, NUMBERS, -OUTPUT))
    header, first, _ = csv.reader(io.StringIO(capsys.readouterr().out))
    assert (header[2], first[2]) == ("'=cmd()", "-0.100000001")


@pytest.mark.parametrize("form", ["text", "json"])
def test_what_is_printed_is_plain(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    names = ("a\x1b[2J", "b\u202e\n", "\x9bc")
    context: Any = SimpleNamespace(command_path="nnctl predict")
    envelope.ask(context, form == "json")
    open_printer(form, CLASSES, names, 3)(block("d\r\x1b.csv", 0, CLASSES, said=("e\x1b",)))
    envelope.finish(0)
    told = capsys.readouterr()
    assert all(line.isprintable() for line in (told.out + told.err).split("\n"))
    assert form == "text" or {each["class"] for each in json.loads(told.out)["predictions"][0]["top"]} == {*names}
