import csv
import json

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from nnctl.metrics import Predictions, score
from nnctl.spec.network.meaning import Meaning

from .conftest import table


def rows(path):
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines))


def test_the_files_hold_the_scores(tmp_path, draw):
    scores = score(draw(k=3))
    scores.write(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["confusion.csv", "metrics.json", "per_class.csv"]
    assert json.loads((tmp_path / "metrics.json").read_text()) == scores.document()
    header, *table = rows(tmp_path / "per_class.csv")
    assert header == ["class", "precision", "recall", "f1", "support"]
    assert [float(row[3]) for row in table] == [row["f1"] for row in scores.per_class]
    header, *table = rows(tmp_path / "confusion.csv")
    assert header[1:] == [row[0] for row in table] == ["c0", "c1", "c2"]
    assert [[int(cell) for cell in row[1:]] for row in table] == scores.confusion.tolist()


def test_numbers_have_no_confusion_matrix(tmp_path, table):
    score(table("regression", [[1.0], [2.0]], [[1.0], [2.5]])).write(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["metrics.json", "per_class.csv"]


def test_an_undefined_score_is_null_and_an_empty_cell(tmp_path, table):
    score(table("regression", [[1.0], [1.0]], [[1.0], [2.0]])).write(tmp_path)
    document = json.loads((tmp_path / "metrics.json").read_text())
    assert document["r2"] is None
    assert document["per_class"][0]["r2"] is None
    assert rows(tmp_path / "per_class.csv")[1][4] == ""


def refuse(text):
    raise ValueError(text)


@given(st.lists(st.tuples(st.floats(width=32, allow_nan=False, allow_infinity=False), st.floats(width=32)), min_size=1))
def test_every_score_is_written_as_json_has_it_and_read_as_it_was(tmp_path_factory, numbers):
    folder = tmp_path_factory.getbasetemp() / "scores"
    scores = score(table("regression", [[target] for target, _ in numbers], [[output] for _, output in numbers]))
    scores.write(folder)
    assert json.loads((folder / "metrics.json").read_text(), parse_constant=refuse) == scores.document()
    assert (scores.overall["mse"] is None) == any(not np.isfinite(np.float32(output)) for _, output in numbers)


def test_names_with_commas_quotes_and_umlauts(tmp_path):
    names = ('a, "b"', "grün")
    output = np.array([[0.1, 0.9], [0.8, 0.2]], np.float32)
    score(
        Predictions(np.arange(2), np.array([0, 1], np.int32), output, Meaning("multiclass", 2, "shares"), names)
    ).write(tmp_path)
    assert rows(tmp_path / "confusion.csv") == [
        ["true \\ predicted", *names],
        [names[0], "0", "1"],
        [names[1], "1", "0"],
    ]
    assert "grün" in (tmp_path / "metrics.json").read_text(encoding="utf-8")


def test_the_json_has_a_line_a_key(tmp_path, table):
    score(table("multilabel", [[1, 0]], [[0.9, 0.1]])).write(tmp_path)
    lines = (tmp_path / "metrics.json").read_text().splitlines()
    head = ["{", '  "task": "multilabel",', '  "output": "probabilities",', '  "n": 1,', '  "subset_accuracy": 1.0,']
    assert lines[:5] == head
    assert lines[-4].startswith('    {"class": "c0"')


def test_names_that_others_gave_run_nothing_in_a_spreadsheet_and_steer_no_terminal(tmp_path):
    names, told = ("=cmd()", "-1", "a\x1b[2J\u202e"), ["'=cmd()", "-1", r"a\x1b[2J\u202e"]
    output = np.eye(3, dtype=np.float32)
    score(
        Predictions(np.arange(3), np.arange(3, dtype=np.int32), output, Meaning("multiclass", 3, "shares"), names)
    ).write(tmp_path)
    assert rows(tmp_path / "confusion.csv")[0][1:] == [row[0] for row in rows(tmp_path / "per_class.csv")[1:]] == told
    text = (tmp_path / "metrics.json").read_text()
    assert all(line.isprintable() for line in text.split("\n"))
    assert [row["class"] for row in json.loads(text)["per_class"]] == [*names]
