from collections.abc import Callable
from pathlib import Path

import pytest

from nnctl.errors import SpecError
from nnctl.spec import Train, load_spec
from nnctl.spec.sections import Component
from nnctl.spec.train_section import explain_monitor, list_monitors

Write = Callable[..., Path]


def train(write: Write, *lines: str, **replaced: str) -> Train:
    return load_spec(write(**{"epochs: 2": "\n  ".join(["epochs: 2", *lines])}, **replaced)).train


def code(write: Write, *lines: str) -> str:
    with pytest.raises(SpecError) as caught:
        train(write, *lines)
    return caught.value.problems[0].code


@pytest.mark.parametrize(
    ("text", "seconds"), [("90s", 90), ("10m", 600), ("1.5h", 5400), ("45", 45), ("0.5", 0.5), ("null", None)]
)
def test_a_duration_is_seconds_or_has_a_unit(write: Write, text: str, seconds: float | None) -> None:
    assert train(write, f"max_time: {text}").max_seconds == seconds


@pytest.mark.parametrize("text", ["ten", "-5", "0", "10d", "true", "[1]", "5 m"])
def test_what_is_no_duration_is_said(write: Write, text: str) -> None:
    assert code(write, f"max_time: {text}") == "bad-value"


def test_only_augmentation_layers_augment(write: Write) -> None:
    assert [layer.name for layer in train(write, "augment: [{random_flip: horizontal}, aug_mix]").augment] == [
        "random_flip",
        "aug_mix",
    ]
    assert code(write, "augment: [{dense: 3}]") == "no-augmentation"


def test_a_path_is_relative_to_where_it_was_written(write: Write, tmp_path: Path) -> None:
    assert train(write, "init_from: runs/x").init_from == tmp_path / "runs" / "x"
    spec = load_spec(write(), [("--set", "train.init_from=runs/x")])
    assert spec.train.init_from == Path("runs/x")


def test_class_weights_are_by_index_or_name(write: Write) -> None:
    assert train(write, "class_weight: {0: 2, cat: 0.5}").class_weight == {0: 2.0, "cat": 0.5}
    assert train(write, "class_weight: balanced").class_weight == "balanced"
    assert code(write, "class_weight: heavy") == "bad-value"
    assert code(write, "class_weight: {0: -1}") == "bad-value"
    assert code(write, "class_weight: {-1: 1}") == "bad-value"
    assert code(write, "class_weight: {}") == "bad-value"


@pytest.mark.parametrize(("key", "hint"), [
    ("true", "'true'"), ("null", "'null'"), ("~", "'null'"), ("1.0", "write 1"), ("0.5", "'0.5'"), (".nan", "'nan'"),
    (".inf", "'inf'"), ("-1", "'-1'"),
])  # fmt: skip
def test_a_key_of_class_weight_is_a_whole_number_or_a_text(write: Write, key: str, hint: str) -> None:
    with pytest.raises(SpecError) as caught:
        train(write, f"class_weight: {{{key}: 2}}")
    (found,) = caught.value.problems
    assert found.code == "bad-value"
    assert hint in str(found.hint)
    assert train(write, f"class_weight: {{'{key}': 2, 2024-01-31: 1}}").class_weight == {key: 2.0, "2024-01-31": 1.0}


@pytest.mark.parametrize("arguments", ["boundaries: [3, 2], values: [1, 2, 3]", "boundaries: [1], values: [0.1]"])
def test_pieces_rise_and_have_one_value_more(write: Write, arguments: str) -> None:
    with pytest.raises(SpecError) as caught:
        load_spec(write(**{"learning_rate: 0.01": f"learning_rate: {{piecewise_constant_decay: {{{arguments}}}}}"}))
    assert [problem.code for problem in caught.value.problems] == ["bad-value"]


@pytest.mark.parametrize("name", ["loss", "step", "val_accuracy", "learning_rate"])
def test_a_metric_cannot_take_the_name_of_another_column(write: Write, name: str) -> None:
    assert code(write, f"metrics: [{{accuracy: {{name: {name}}}}}]") == "reserved-name"


def test_a_number_that_nobody_measures_cannot_be_monitored(write: Write) -> None:
    assert train(write, "monitor: val_accuracy").monitor == "val_accuracy"
    assert code(write, "monitor: val_acuracy") == "unknown-monitor"
    plateau = "learning_rate: {reduce_lr_on_plateau: {initial_learning_rate: 0.1, monitor: nothing}}"
    with pytest.raises(SpecError) as caught:
        load_spec(write(**{"learning_rate: 0.01": plateau}))
    assert caught.value.problems[0].code == "unknown-monitor"


def test_a_monitor_is_called_as_its_metric_is_in_the_history(write: Write) -> None:
    rate = "{reduce_lr_on_plateau: {initial_learning_rate: 0.1, monitor: val_mae}}"
    found = load_spec(
        write(**{"learning_rate: 0.01": f"learning_rate: {rate}", "epochs: 2": "epochs: 2\n  monitor: val_acc"}),
        [("--set", "train.metrics=[accuracy, {mae: {name: distance}}]")],
    ).train
    assert found.monitor == "val_accuracy"
    assert isinstance(found.learning_rate, Component)
    assert found.learning_rate.arguments == {"initial_learning_rate": 0.1, "monitor": "val_distance"}
    assert [name for name, _ in list_monitors(found)] == ["val_accuracy", "val_distance"]


def test_a_monitor_that_nearly_is_one_gets_the_nearest_name(write: Write) -> None:
    with pytest.raises(SpecError) as caught:
        train(write, "monitor: val_acuracy")
    assert caught.value.problems[0].hint == "did you mean 'val_accuracy'?"
    named = explain_monitor("val_x", None, ["loss", "accuracy"], False)
    assert named.hint == "there is no validation: set data.validation"
    assert explain_monitor("zzz", None, ["loss", "accuracy"], True).hint == "there are loss, accuracy"


@pytest.mark.parametrize(("text", "seconds"), [("{every_seconds: 5}", 5), ("30", 30), ("0", 0), ("{}", 60)])
def test_checkpoints_are_written_by_time(write: Callable[..., Path], text: str, seconds: float) -> None:
    assert load_spec(write(), [("--set", f"train.checkpoint={text}")]).train.every_seconds == seconds


@pytest.mark.parametrize("text", ["{every_seconds: -1}", "{every_second: 5}", "often", "{every_seconds: .nan}", "[5]"])
def test_other_ways_of_writing_them_are_refused(write: Callable[..., Path], text: str) -> None:
    with pytest.raises(SpecError):
        load_spec(write(), [("--set", f"train.checkpoint={text}")])
