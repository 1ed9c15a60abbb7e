import re

import numpy as np
import pytest
from scipy.special import expit, softmax

from nnctl.errors import RunError
from nnctl.metrics import Predictions
from nnctl.spec.network.meaning import Meaning

NAMES = ("a", "b", "c")


def floats(shape, seed=0):
    """float32 of every magnitude, from random bits; infinities and NaN left out."""
    drawn = np.random.default_rng(seed).integers(0, 2**32, shape, dtype=np.uint32).view(np.float32)
    return np.where(np.isfinite(drawn), drawn, np.float32(0.1))


def same(a: np.ndarray, b: np.ndarray) -> bool:
    return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()


@pytest.mark.parametrize("task", ["multiclass", "binary", "multilabel", "regression"])
def test_a_table_comes_back_bit_for_bit(task, tmp_path):
    random, n = np.random.default_rng(1), 2000
    target = {
        "multiclass": random.integers(0, 3, n, dtype=np.int32),
        "binary": random.integers(0, 2, n, dtype=np.int32),
        "multilabel": random.integers(0, 2, (n, 3), dtype=np.uint8),
        "regression": floats((n, 3), 2),
    }[task]
    output = floats((n, 1 if task == "binary" else 3))
    names = NAMES[:2] if task == "binary" else NAMES
    kind = {"multiclass": "shares", "regression": "numbers"}.get(task, "probabilities")
    meaning = Meaning(task, output.shape[1], kind)
    written = Predictions(random.permutation(n) + 2**52, target, output, meaning, names)
    written.write(tmp_path / "predictions.csv")
    read = Predictions.read(tmp_path / "predictions.csv", task, names)
    assert same(read.rows, written.rows)
    assert same(read.target, written.target)
    assert same(read.output, written.output)
    assert (read.task, read.class_names) == (task, names)


@pytest.mark.parametrize("value", [0.0, -0.0, np.inf, -np.inf, 1e-45, np.finfo(np.float32).max, 0.1, 1 / 3])
def test_each_kind_of_float_comes_back(value, tmp_path, table):
    written = table("regression", [[1.0]], [[value]])
    written.write(tmp_path / "p.csv")
    assert same(Predictions.read(tmp_path / "p.csv", "regression", ("c0",)).output, written.output)


def test_nan_comes_back(tmp_path, table):
    table("multiclass", [0], [[np.nan, 0.5]]).write(tmp_path / "p.csv")
    assert np.isnan(Predictions.read(tmp_path / "p.csv", "multiclass", ("a", "b")).output[0, 0])


def test_no_examples_are_a_table_too(tmp_path, table):
    table("multiclass", np.zeros(0), np.zeros((0, 3))).write(tmp_path / "p.csv")
    assert Predictions.read(tmp_path / "p.csv", "multiclass", NAMES).output.shape == (0, 3)


def test_the_file_of_each_task(tmp_path, table):
    def text(*arguments):
        table(*arguments).write(tmp_path / "p.csv")
        return (tmp_path / "p.csv").read_text()

    third = np.float32(1) / 3
    assert text("multiclass", [1], [[0.25, 0.75]]) == "row,target,predicted,confidence,p_0,p_1\n0,1,1,0.75,0.25,0.75\n"
    assert text("binary", [1], [[0.25]]) == "row,target,predicted,confidence,p_1\n0,1,0,0.75,0.25\n"
    assert text("multilabel", [[1, 0]], [[0.25, 0.5]]) == "row,target_0,target_1,p_0,p_1\n0,1,0,0.25,0.5\n"
    assert text("regression", [[2]], [[third]]) == "row,target_0,predicted_0\n0,2,0.333333343\n"


def test_writing_leaves_no_other_file(tmp_path, draw):
    draw().write(tmp_path / "p.csv")
    assert [path.name for path in tmp_path.iterdir()] == ["p.csv"]


def test_a_missing_file_is_a_run_error(tmp_path):
    with pytest.raises(RunError, match="No such file"):
        Predictions.read(tmp_path / "p.csv", "multiclass", NAMES)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "row,target\n0,1\n",
        "row,target,predicted,confidence,p_0,p_1,p_2\n0,1,1,0.5,0.5,0.5\n",
        "row,target,predicted,confidence,p_0,p_1,p_2\n0,one,1,0.5,0.5,0.5,0\n",
        "row,target,predicted,confidence,p_0,p_1,p_2\n0,3,1,0.5,0.5,0.5,0\n",
        "row,row,target,p_0,p_1,p_2\n0,0,1,0.5,0.5,0\n",
    ],
    ids=["empty", "no-outputs", "short-row", "word", "no-such-class", "column-twice"],
)
def test_a_spoilt_file_is_a_run_error(text, tmp_path):
    (tmp_path / "p.csv").write_text(text)
    with pytest.raises(RunError, match="not a table of multiclass predictions"):
        Predictions.read(tmp_path / "p.csv", "multiclass", NAMES)


def test_a_table_of_another_task_is_a_run_error(tmp_path, table):
    table("multilabel", [[1, 0, 1]], [[0.1, 0.2, 0.3]]).write(tmp_path / "p.csv")
    with pytest.raises(RunError, match="not a table of regression predictions"):
        Predictions.read(tmp_path / "p.csv", "regression", NAMES)


@pytest.mark.parametrize(
    ("task", "target", "output", "message"),
    [
        ("multiclass", [[1]], [[0.5, 0.5]], "shapes"),
        ("binary", [1], [[0.5, 0.5, 0.0]], "shapes"),
        ("regression", [1.0], [[0.5]], "shapes"),
        ("multiclass", [-1], [[0.5, 0.5]], "outside 0 to 1"),
        ("multiclass", [2], [[0.5, 0.5]], "outside 0 to 1"),
        ("multilabel", [[2]], [[0.5]], "outside 0 to 1"),
        ("ranking", [1], [[0.5, 0.5]], "no task is called 'ranking'"),
    ],
)
def test_arrays_that_do_not_belong_together_are_refused(task, target, output, message, table):
    with pytest.raises(ValueError, match=re.escape(message)):
        table(task, target, output)


def test_predicted_and_confidence_of_classes(table):
    many = table("multiclass", [0, 0, 0], [[0.2, 0.5, 0.3], [0.4, 0.4, 0.2], [0.1, 0.1, 0.8]])
    assert many.predicted.tolist() == [1, 0, 2]
    assert many.confidence.tolist() == np.float32([0.5, 0.4, 0.8]).tolist()
    two = table("binary", [0, 0, 0], [[0.25], [0.5], [0.75]])
    assert two.predicted.tolist() == [0, 0, 1]
    assert two.confidence.tolist() == [0.75, 0.5, 0.75]
    assert two.probabilities.tolist() == [[0.75, 0.25], [0.5, 0.5], [0.25, 0.75]]


@pytest.mark.parametrize(
    ("task", "kind", "output", "predicted", "header", "proper"),
    [
        ("binary", "log_odds", [[-0.1], [0.0], [0.1]], [0, 0, 1], "confidence,logit_1,p_1", True),
        ("binary", "signed", [[-0.1], [0.0], [0.1]], [0, 0, 1], "score_1", False),
        ("binary", "scores", [[0.4], [0.5], [0.6]], [0, 0, 1], "score_1", False),
        ("binary", "scores", [[0.9, 0.8], [0.5, 0.5], [-2.0, -1.0]], [0, 0, 1], "score_0,score_1", False),
        ("binary", "shares", [[0.9, 0.1], [0.5, 0.5], [0.4, 0.6]], [0, 0, 1], "confidence,p_0,p_1", True),
        (
            "binary",
            "logits",
            [[3.0, 2.9], [0.0, 0.0], [-2.0, -1.0]],
            [0, 0, 1],
            "confidence,logit_0,logit_1,p_0,p_1",
            True,
        ),
        ("binary", "probabilities", [[0.9, 0.8], [0.5, 0.5], [0.1, 0.2]], [0, 0, 1], "p_0,p_1", False),
    ],
)
def test_what_an_output_is_decides_the_answer_and_what_the_file_calls_it(
    task, kind, output, predicted, header, proper, table, tmp_path
):
    made = table(task, [0, 0, 1], output, kind)
    assert made.predicted.tolist() == predicted
    assert made.proper is proper
    made.write(tmp_path / "p.csv")
    assert (tmp_path / "p.csv").read_text().splitlines()[0] == f"row,target,predicted,{header}"
    read = Predictions.read(tmp_path / "p.csv", task, ("c0", "c1"), kind)
    assert same(read.output, made.output)
    assert read.meaning == made.meaning


def test_probabilities_of_logits_are_those_of_scipy(table):
    logits = np.array([[3.0, -800.0], [0.5, 0.25], [-1.0, 1e-3]], np.float32)
    assert np.allclose(
        table("binary", [0, 0, 1], logits, "logits").probabilities, softmax(logits.astype(float), axis=1), 1e-6
    )
    one = table("binary", [0, 0, 1], logits[:, 1:], "log_odds")
    assert np.allclose(one.probabilities[:, 1], expit(logits[:, 1].astype(float)), 1e-6)


@pytest.mark.parametrize("lost", [np.nan, np.inf, -np.inf])
def test_an_output_that_is_not_finite_is_no_answer(lost, table):
    many = table("multiclass", [0, 1, 2], [[lost, 0.2, 0.8], [0.1, 0.8, 0.1], [0.1, 0.1, 0.8]])
    assert many.predicted.tolist() == [-1, 1, 2]
    assert many.answered.tolist() == [False, True, True]
    assert table("binary", [0, 1], [[lost], [0.75]]).predicted.tolist() == [-1, 1]
    assert table("multilabel", [[0, 1]], [[lost, 0.75]]).predicted.tolist() == [[-1, 1]]


def test_predicted_of_labels_and_numbers(table):
    assert table("multilabel", [[0, 0, 0]], [[0.4, 0.5, 0.6]]).predicted.tolist() == [[0, 0, 1]]
    assert table("regression", [[1.0]], [[2.5]]).predicted.tolist() == [[2.5]]


@pytest.mark.parametrize(
    ("task", "output", "proper"),
    [
        ("multiclass", [0.25, 0.75], True),
        ("multiclass", [0.9, 0.8], False),
        ("multiclass", [-0.5, 1.5], False),
        ("multiclass", [np.nan, 1.0], True),
        ("multiclass", [0.4996, 0.5], True),
        ("multiclass", [0.498, 0.5], False),
        ("binary", [1.0], True),
        ("binary", [1.1], False),
        ("multilabel", [0.9, 0.8], True),
        ("multilabel", [0.9, -0.1], False),
    ],
)
def test_proper(task, output, proper, table):
    assert table(task, [[0, 1]] if task == "multilabel" else [0], [output]).proper is proper


def test_numbers_that_float32_has_no_digits_for_come_back(tmp_path):
    target = 1.7e9 + np.random.default_rng(0).normal(0, 4, (50, 1))
    written = Predictions(np.arange(50), target, target + 1e-3, Meaning("regression", 1, "numbers"), ("y",))
    written.write(tmp_path / "predictions.csv")
    read = Predictions.read(tmp_path / "predictions.csv", "regression", ("y",))
    assert same(read.target, written.target)
    assert same(read.output, written.output)
