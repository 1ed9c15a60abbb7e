import pytest

from nnctl.spec.network.watched import find_reported, list_metrics, name_metric, rises
from nnctl.spec.sections import Component, Train


def train(*metrics: Component) -> Train:
    return Train(
        Component("loss", "mean_squared_error", {}), Component("optimizer", "sgd", {}), metrics=metrics or None
    )


def metric(kind: str, **arguments: str) -> Component:
    return Component("metric", kind, arguments)


@pytest.mark.parametrize(
    ("name", "rising"),
    [
        ("auc", True), ("f1_score", True), ("fbeta_score", True), ("cosine_similarity", True), ("r2_score", True),
        ("sparse_top_k_categorical_accuracy", True), ("one_hot_mean_iou", True), ("precision_at_recall", True),
        ("mean_absolute_error", False), ("kl_divergence", False), ("false_positives", False),
    ],
)  # fmt: skip
def test_a_metric_rises_as_the_catalogue_says(name: str, rising: bool) -> None:
    assert rises(train(metric(name)), name) == rising
    assert rises(train(metric(name)), f"val_{name}") == rising


def test_a_metric_rises_whatever_the_spec_calls_it() -> None:
    found = train(metric("f1_score", name="quality"), metric("mean_absolute_error", name="accuracy_gap"))
    assert rises(found, "val_quality")
    assert not rises(found, "val_accuracy_gap")
    assert [name_metric(each) for each in list_metrics(found)] == ["quality", "accuracy_gap"]


def test_a_loss_falls_and_accuracy_is_watched_where_nothing_is_named() -> None:
    assert not rises(train(), "val_loss")
    assert rises(train(), "val_accuracy")
    assert not rises(train(), "mean_absolute_error")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("val_mse", "val_mean_squared_error"),
        ("mean_squared_error", "mean_squared_error"),
        ("val_MeanSquaredError", "val_mean_squared_error"),
        ("val_area", "val_area"),
        ("val_AUC", "val_AUC"),  # of two it might be either
        ("val_f1_score", "val_quality"),
        ("val_mae", "val_mae"),  # another metric bears the name
        ("val_loss", "val_loss"),
        ("val_accuracy", "val_accuracy"),
        ("nothing", "nothing"),
    ],
)
def test_a_monitor_may_name_a_metric_by_any_of_its_names(written: str, meant: str) -> None:
    named = (metric("auc", name="area"), metric("auc", name="other"), metric("f1_score", name="quality"))
    found = train(metric("mean_squared_error"), *named, metric("poisson", name="mae"))
    assert find_reported(found, written) == meant
    assert rises(found, find_reported(found, "val_f1_score"))


def test_a_monitor_may_name_what_the_task_brings() -> None:
    assert find_reported(train(), "val_acc") == "val_accuracy"
    assert find_reported(train(), "mae") == "mean_absolute_error"
