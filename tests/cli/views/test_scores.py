from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from nnctl.cli.shell import terminal
from nnctl.cli.views.scores import (
    MOST_CLASSES,
    format_headline,
    format_sample_warning,
    format_unbeaten,
    show,
    show_places,
)
from nnctl.metrics import Bar, Predictions, Scores, score
from nnctl.spec.network.meaning import Meaning


def scored(task: str, target: list[object], output: list[list[float]], names: tuple[str, ...]) -> Scores:
    kind = {"regression": np.float32, "multilabel": np.uint8}.get(task, np.int32)
    given = np.asarray(target, kind), np.asarray(output, np.float32)
    usual = {"regression": "numbers", "multiclass": "shares"}
    meaning = Meaning(task, given[1].shape[1], usual.get(task, "probabilities"))
    return score(Predictions(np.arange(len(target)), *given, meaning, names))


OUTPUT = [[0.8, 0.1, 0.1], [0.1, 0.8, 0.1], [0.1, 0.1, 0.8], [0.7, 0.2, 0.1]]
THREE = scored("multiclass", [0, 1, 2, 2], OUTPUT, ("a", "[b]", "c"))


@pytest.fixture
def shown(capsys: pytest.CaptureFixture[str]) -> Callable[[Scores], str]:
    def shown(scores: Scores) -> str:
        show(scores, "test", terminal.results())
        return capsys.readouterr().out

    return shown


def test_the_headline_is_the_score_that_counts_for_the_task() -> None:
    low, high = THREE.overall["accuracy_interval"]  # type: ignore[misc]
    assert format_headline(THREE, "test") == f"test accuracy 0.7500 (95 % interval {low:.4f} to {high:.4f}, 4 examples)"
    numbers = scored("regression", [[1.0], [3.0]], [[2.0], [3.0]], ("price",))
    assert format_headline(numbers, "validation") == "validation MSE 0.5000, MAE 0.5000, R² 0.5000"
    labels = scored("multilabel", [[1, 0], [1, 1]], [[0.9, 0.1], [0.9, 0.2]], ("x", "y"))
    assert format_headline(labels, "train") == "train subset accuracy 0.5000"


def test_the_table_has_every_score_every_class_and_what_was_taken_for_what(shown: Callable[[Scores], str]) -> None:
    told = shown(THREE)
    assert [line.split()[-1] for line in told.splitlines() if line.split()[:2] == ["balanced", "accuracy"]] == [
        "0.8333"
    ]
    matrix = told[told.index("confusion: rows are true") :].splitlines()[1:]
    assert [line.split() for line in matrix if line.strip()] == [
        ["a", "[b]", "c"], ["a", "1", "·", "·"], ["[b]", "·", "1", "·"], ["c", "1", "·", "1"],
    ]  # fmt: skip


def test_a_score_that_is_undefined_is_said_so() -> None:
    same = scored("regression", [[2.0], [2.0]], [[2.0], [3.0]], ("price",))
    assert format_headline(same, "test").endswith("R² undefined")


def test_a_matrix_too_wide_for_a_terminal_is_left_to_the_picture(shown: Callable[[Scores], str]) -> None:
    many = MOST_CLASSES + 1
    output = np.full((many, many), 0.5 / many) + 0.5 * np.eye(many)
    wide = scored("multiclass", list(range(many)), output.tolist(), tuple(map(str, range(many))))
    told = shown(wide)
    assert "rows are true" not in told
    assert (
        f"the confusion matrix of {many} classes is too large to be shown here: it is in confusion.csv and confusion.png"
        in " ".join(told.split())
    )


@pytest.mark.parametrize(
    ("task", "scores", "told"),
    [
        ("regression", (("a linear model", 0.5),), "validation R² 0.2500, below a linear model (0.5000)"),
        ("regression", (("the mean", 0.25),), "validation R² 0.2500, no better than the mean (0.2500)"),
        ("multilabel", (("the commonest labels", 0.25), ("a linear model", 0.3)),
         "validation subset accuracy 0.2500, no better than the commonest labels (0.2500) and a linear model (0.3000)"),
        ("multiclass", (("the commonest class", 0.3),), "validation accuracy 0.2500, below the commonest class (0.3000)"),
        ("multiclass", (), None),
    ],
)  # fmt: skip
def test_a_score_is_told_beside_what_it_did_not_beat(
    task: str, scores: tuple[tuple[str, float], ...], told: str | None
) -> None:
    bars = tuple(Bar(name, score, 0.25) for name, score in scores)
    assert format_unbeaten(Scores(task, {}, ()), "validation", bars) == told


def test_what_the_table_shows_is_told_above_it(shown: Callable[[Scores], str]) -> None:
    told = " ".join(shown(THREE).split())
    assert "then each class against all others: precision is the share of the answers with that class" in told
    numbers = scored("regression", [[1.0], [3.0]], [[2.0], [3.0]], ("price",))
    assert "all scores over all targets, then those of each" in shown(numbers)


def test_where_the_scores_and_pictures_are_is_told_with_paths_that_can_be_copied(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    folder = tmp_path / ("eval-" + "x" * 40)
    THREE.write(folder)
    pictures = tuple(tmp_path / f"{name}.png" for name in ("confusion", "reliability"))
    show_places(folder, pictures, terminal.results())
    told = capsys.readouterr().out
    assert f"{folder}:" in told
    words = told.split()
    assert words[:2] == ["written", "to"]
    assert words[3:] == [
        "confusion.csv,", "metrics.json,", "per_class.csv", "pictures", "in", f"{tmp_path}:", "confusion,", "reliability",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"source": "mnist", "requested": "mnist"}, None),
        (
            {"source": "mnist_5k", "requested": "mnist", "title": "5,000 digits"},
            "trained and scored on 5,000 digits, because mnist was not available",
        ),
    ],
)
def test_a_stand_in_is_told_with_its_scores(data: dict[str, object], told: str | None) -> None:
    assert format_sample_warning(data) == told


def test_numbers_of_which_one_is_not_finite_have_no_headline_but_are_told() -> None:
    lost = scored("regression", [[1.0], [2.0]], [[float("inf")], [2.5]], ("price",))
    assert format_headline(lost, "test") == "test MSE undefined, MAE undefined, R² undefined"
