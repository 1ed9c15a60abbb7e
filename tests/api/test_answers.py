"""What a model says, as arrays, names, frames and HTML; tests/engine/test_api.py asks a model."""

import numpy as np
import pandas as pd

from nnctl.api.answers import Answers, join_blocks
from nnctl.predicting.naming import Predicted
from nnctl.spec.network.meaning import Meaning

CLASSES = Meaning("multiclass", 3, "shares")
LABELS = Meaning("multilabel", 2, "probabilities")
NUMBERS = Meaning("regression", 2, "numbers")


def make(meaning: Meaning, names: tuple[str, ...], output: list[list[float]], chosen: object) -> Answers:
    picked = None if chosen is None else np.array(chosen, np.int32)
    return Answers(meaning, names, np.array(output, np.float32), picked)


def test_classes_have_their_names_and_how_sure_they_are() -> None:
    answers = make(CLASSES, ("cat", "dog", "<b>"), [[0.25, 0.5, 0.25], [0.75, 0.25, 0], [np.nan] * 3], [1, 0, -1])
    assert answers.labels is not None
    assert answers.labels.tolist() == ["dog", "cat", None]
    frame = answers.to_frame()
    assert list(frame) == ["predicted", "confidence", "p_cat", "p_dog", "p_<b>"]
    assert frame["confidence"].tolist()[:2] == [0.5, 0.75]
    assert pd.isna(frame["confidence"][2])
    assert len(answers) == len(frame) == 3


def test_labels_are_those_that_each_example_has() -> None:
    answers = make(LABELS, ("a", "b"), [[0.9, 0.8], [0.1, 0.2], [np.nan, 1]], [[1, 1], [0, 0], [-1, 1]])
    assert answers.labels is not None
    assert answers.labels.tolist() == [("a", "b"), (), None]
    assert list(answers.to_frame()) == ["predicted", "p_a", "p_b"]
    assert ">a, b</td>" in answers._repr_html_()


def test_numbers_stand_under_the_names_of_their_targets() -> None:
    answers = make(NUMBERS, ("height", "width"), [[1, 2], [3, 4]], None)
    assert answers.labels is None
    assert answers.to_frame().to_dict("list") == {"height": [1, 3], "width": [2, 4]}


def test_scores_that_are_no_probabilities_are_not_called_so() -> None:
    answers = make(Meaning("multiclass", 2, "scores"), ("a", "b"), [[3, -1]], [0])
    assert list(answers.to_frame()) == ["predicted", "score_a", "score_b"]


def test_blocks_are_joined_and_what_is_said_of_several_is_said_once() -> None:
    output, chosen = np.full((2, 3), 1 / 3, np.float32), np.array([0, 1], np.int32)
    blocks = [Predicted("x", range(first, first + 2), output, chosen, ("it is grey", str(first))) for first in (0, 2)]
    answers = join_blocks(blocks, CLASSES, ["a", "b", "c"], pd.Index(list("wxyz")))
    assert (answers.output.shape, answers.notes) == ((4, 3), ("it is grey", "0", "2"))
    assert answers.to_frame().index.tolist() == list("wxyz")
    for meaning, chosen in ((CLASSES, (0,)), (LABELS, (0, 2)), (NUMBERS, None)):
        none = join_blocks([], meaning, ["a", "b"])
        assert (none.output.shape, None if none.chosen is None else none.chosen.shape) == ((0, 2), chosen)
        assert len(none.to_frame()) == 0


def test_a_notebook_shows_the_first_rows_and_no_markup_of_others() -> None:
    answers = make(CLASSES, ("<script>", "a&b\x1b[31m", "c"), [[0.25, 0.5, 0.25]] * 25, [0, 1, 2, *[1] * 22])
    told = answers._repr_html_()
    assert told.count("<tr>") == 1 + 20
    assert "5 more rows" in told
    assert "<script>" not in told
    assert "&lt;script&gt;" in told
    assert "a&amp;b\\x1b[31m" in told
