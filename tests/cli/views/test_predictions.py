import csv
import io
import json
from contextlib import suppress

import numpy as np
import pytest

from nnctl.cli.views.predictions import choose_form, open_printer, rank_top
from nnctl.errors import UsageError

NAMES = ("cat", "dog", "e,el")
OUTPUT = np.array([[0.1, 0.7, 0.2], [0.5, 0.5, 0.0]], np.float32)


def told(kind: str, task: str, capsys: pytest.CaptureFixture[str], first: int | None = 0) -> str:
    with open_printer(kind, task, NAMES, 2) as show:
        show("a.csv", first, OUTPUT, ("it is grey",))
    return capsys.readouterr().out


def test_text_is_a_line_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    assert told("text", "multiclass", capsys).splitlines() == [
        "a.csv:0  dog 0.700  e,el 0.200",
        "a.csv:1  cat 0.500  dog 0.500",
    ]
    assert told("text", "multilabel", capsys).splitlines() == ["a.csv:0  dog 0.700", "a.csv:1  none of the labels"]
    assert told("text", "regression", capsys).startswith("a.csv:0  cat 0.1  dog 0.7  e,el 0.2")


def test_csv_has_every_probability_bit_for_bit(capsys: pytest.CaptureFixture[str]) -> None:
    rows = list(csv.reader(io.StringIO(told("csv", "multiclass", capsys))))
    assert rows[0] == ["file", "row", "predicted", "confidence", "p_cat", "p_dog", "p_e,el"]
    assert rows[1][:3] == ["a.csv", "0", "dog"]
    assert np.array([row[4:] for row in rows[1:]], np.float32).tobytes() == OUTPUT.tobytes()
    assert told("csv", "multilabel", capsys).splitlines()[1].startswith("a.csv,0,dog,")
    assert told("csv", "regression", capsys).splitlines()[0] == 'file,row,cat,dog,"e,el"'


def test_json_is_whole_even_if_an_error_ends_it(capsys: pytest.CaptureFixture[str]) -> None:
    first, second = json.loads(told("json", "multiclass", capsys))
    assert (first["predicted"], second["row"], len(first["top"])) == ("dog", 1, 2)
    assert json.loads(told("json", "multilabel", capsys, None))[0]["notes"] == ["it is grey"]
    with suppress(UsageError), open_printer("json", "multiclass", NAMES, 1) as show:
        show("a", None, OUTPUT[:1], ())
        raise UsageError
    assert len(json.loads(capsys.readouterr().out)) == 1
    with open_printer("json", "multiclass", NAMES, 1):
        pass
    assert json.loads(capsys.readouterr().out) == []


def test_a_remark_is_said_once_a_file_and_not_on_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    with open_printer("text", "multiclass", NAMES, 1) as show:
        show("a.csv", 0, OUTPUT, ("odd",))
        show("a.csv", 2, OUTPUT, ("odd",))
    captured = capsys.readouterr()
    assert captured.err.count("odd") == 1
    assert "odd" not in captured.out


def test_equal_outputs_are_told_in_order_and_two_forms_are_one_too_many() -> None:
    assert rank_top([0.2, 0.4, 0.4], NAMES, 2) == [("dog", 0.4), ("e,el", 0.4)]
    with pytest.raises(UsageError):
        choose_form(True, True)
