import csv
import io
import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from nnctl.cli.shell import envelope
from nnctl.cli.views.predictions import choose_form, format_share, name_columns, open_printer, rank_top
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
    rows = None if first is None else range(first, first + len(output))
    return SimpleNamespace(name=name, rows=rows, output=output, chosen=chosen, said=said, lost=lost)


def show(kind: str, meaning: Meaning, *blocks: Any, names: tuple[str, ...] = NAMES, top: int | None = 2) -> list[bool]:
    with open_printer(kind, meaning, names, top) as printed:
        return [printed(each) for each in blocks]


def told(
    kind: str, meaning: Meaning, capsys: pytest.CaptureFixture[str], first: int | None = 1, output: np.ndarray = OUTPUT
) -> str:
    show(kind, meaning, block("a.csv", first, meaning, output, ("it is grey",)))
    return capsys.readouterr().out


def rows(meaning: Meaning, capsys: pytest.CaptureFixture[str], output: np.ndarray = OUTPUT) -> Any:
    """The predictions of an answer in JSON."""
    context: Any = SimpleNamespace(command_path="nnctl predict")
    envelope.begin()
    envelope.ask(context, True)
    show("json", meaning, block("a.csv", 1, meaning, output))
    envelope.finish(0)
    return json.loads(capsys.readouterr().out)["predictions"]


def test_text_is_a_line_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    assert told("text", CLASSES, capsys).splitlines() == [
        "a.csv:1  dog (70 %), e,el (20 %)",
        "a.csv:2  cat (50 %), dog (50 %)",
    ]
    assert told("text", LABELS, capsys).splitlines() == ["a.csv:1  dog (70 %)", "a.csv:2  none of the labels"]
    assert told("text", NUMBERS, capsys).startswith("a.csv:1  cat 0.1  dog 0.7  e,el 0.2")


def test_what_is_under_one_per_cent_is_told_only_if_it_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    sure = block("a.png", None, CLASSES, np.array([[0.9969, 0.003, 0.0001]], np.float32))
    show("text", CLASSES, sure, top=None)
    assert capsys.readouterr().out == "a.png  cat (>99 %)\n"
    show("text", CLASSES, sure, top=3)
    assert capsys.readouterr().out == "a.png  cat (>99 %), dog (<1 %), e,el (<1 %)\n"
    show("text", SCORES, sure, top=None)
    assert capsys.readouterr().out == "a.png  cat (score 0.997), dog (score 0.003), e,el (score 0.0001)\n"


@pytest.mark.parametrize(
    ("value", "share"),
    [
        (0, "0 %"),
        (0.004, "<1 %"),
        (0.005, "<1 %"),
        (0.0051, "1 %"),
        (0.974, "97 %"),
        (0.9949, "99 %"),
        (0.995, ">99 %"),
        (1, "100 %"),
    ],
)
def test_a_share_is_whole_per_cent_and_never_surer_than_it_is(value: float, share: str) -> None:
    assert format_share(value) == share


def test_csv_has_every_probability_bit_for_bit(capsys: pytest.CaptureFixture[str]) -> None:
    rows = list(csv.reader(io.StringIO(told("csv", CLASSES, capsys))))
    assert rows[0] == ["file", "row", "predicted", "confidence", "p_cat", "p_dog", "p_e,el"]
    assert rows[1][:3] == ["a.csv", "1", "dog"]
    assert np.array([row[4:] for row in rows[1:]], np.float32).tobytes() == OUTPUT.tobytes()
    assert told("csv", LABELS, capsys).splitlines()[1].startswith("a.csv,1,dog,")
    assert told("csv", NUMBERS, capsys).splitlines()[0] == 'file,row,cat,dog,"e,el"'


def test_json_is_a_list_and_beside_it_what_was_done_to_each_file(
    capsys: pytest.CaptureFixture[str], answer: Callable[..., dict[str, Any]]
) -> None:
    show(
        "json",
        CLASSES,
        block("a.csv", 1, CLASSES, said=("it is grey",)),
        block("a.csv", 3, CLASSES, said=("it is grey",)),
        block("b.png", None, CLASSES, OUTPUT[:1], ("it is grey", "it is small")),
    )
    told = answer(2)
    assert [(each["file"], each["row"]) for each in told["predictions"]] == [
        *(("a.csv", row) for row in range(1, 5)),
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
    show("json", CLASSES)
    assert answer(2)["predictions"] == []


def test_a_remark_is_said_once_for_all_files_at_the_end_and_not_on_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    files = [f"{letter}.png" for letter in "abcdef"]
    said = {name: ["grey", f"{number} x 3 pixels"] for number, name in enumerate(files)}
    for name in files[:2]:
        said[name].append("odd")
    blocks = [block(name, None, CLASSES, OUTPUT[:1], tuple(said[name])) for name in (*files, "a.png")]
    show("text", CLASSES, *blocks)
    captured = capsys.readouterr()
    assert captured.err.splitlines() == [
        "  all 6 files: grey",
        "  all 6 files, such as a.png: 0 x 3 pixels",
        "  a.png, b.png: odd",
    ]
    assert len(captured.out.splitlines()) == len(blocks)
    show("text", CLASSES, *blocks[:4], block("x.png", None, CLASSES, OUTPUT[:1]))
    assert capsys.readouterr().err.splitlines()[0] == "  4 of 5 files: grey"


def test_remarks_are_said_if_the_files_end_with_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    broken = block("a.png", None, CLASSES, OUTPUT[:1])
    broken.output = None
    with pytest.raises(TypeError):
        show("text", CLASSES, block("a.png", None, CLASSES, OUTPUT[:1], ("grey",)), broken)
    assert capsys.readouterr().err == "  a.png: grey\n"


def test_equal_outputs_are_told_in_order_and_two_forms_are_one_too_many() -> None:
    assert rank_top([0.2, 0.4, 0.4], 1, NAMES, 2) == [("dog", 0.4), ("e,el", 0.4)]
    with pytest.raises(UsageError):
        choose_form(True, True)


def test_scores_are_not_called_probabilities(capsys: pytest.CaptureFixture[str]) -> None:
    assert told("text", SCORES, capsys).splitlines()[0] == "a.csv:1  dog (score 0.7), e,el (score 0.2)"
    assert rows(SCORES, capsys)[0]["top"][0] == {"class": "dog", "score": pytest.approx(0.7)}
    assert "confidence" not in rows(SCORES, capsys)[0]
    assert told("csv", SCORES, capsys).splitlines()[0] == 'file,row,predicted,score_cat,score_dog,"score_e,el"'


def test_an_output_that_is_not_finite_is_no_answer(capsys: pytest.CaptureFixture[str]) -> None:
    lost = np.array([[np.nan, 0.7, 0.2], [0.1, 0.7, 0.2]], np.float32)
    assert told("text", CLASSES, capsys, output=lost).splitlines()[0] == "a.csv:1  no answer: the output is not finite"
    assert told("text", LABELS, capsys, output=lost).splitlines()[0] == "a.csv:1  dog (70 %), cat: no answer"
    assert rows(CLASSES, capsys, lost)[0]["predicted"] is None
    assert told("csv", CLASSES, capsys, output=lost).splitlines()[1].startswith("a.csv,1,,,nan,")
    assert show("text", CLASSES, block("a.csv", 1, CLASSES, lost), block("a.csv", 1, CLASSES)) == [True, False]


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
    output = np.array([[0.7, 0.2, 0.1], [0.1, 0.7, 0.2], [0, 0, 1]], np.float32)
    show("csv", CLASSES, block("@a\u202e.csv", 0, CLASSES, output), names=("=cmd()", "-1", "\x1b[2J"))
    header, *table = csv.reader(io.StringIO(capsys.readouterr().out))
    assert header[4:] == ["p_=cmd()", "p_-1", r"p_\x1b[2J"]
    assert [row[:3] for row in table] == [
        [r"'@a\u202e.csv", str(i), name] for i, name in enumerate(("'=cmd()", "-1", r"\x1b[2J"))
    ]
    show("csv", NUMBERS, block("a.csv", 0, NUMBERS, -OUTPUT), names=("=cmd()", "b", "c"))
    header, first, _ = csv.reader(io.StringIO(capsys.readouterr().out))
    assert (header[2], first[2]) == ("'=cmd()", "-0.100000001")


@pytest.mark.parametrize("form", ["text", "json"])
def test_what_is_printed_is_plain(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    names = ("a\x1b[2J", "b\u202e\n", "\x9bc")
    context: Any = SimpleNamespace(command_path="nnctl predict")
    envelope.ask(context, form == "json")
    show(form, CLASSES, block("d\r\x1b.csv", 0, CLASSES, said=("e\x1b",)), names=names, top=3)
    envelope.finish(0)
    told = capsys.readouterr()
    assert all(line.isprintable() for line in (told.out + told.err).split("\n"))
    assert form == "text" or {each["class"] for each in json.loads(told.out)["predictions"][0]["top"]} == {*names}
