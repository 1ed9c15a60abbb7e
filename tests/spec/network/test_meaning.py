import pytest

from nnctl.spec.network.meaning import Meaning, find_head, find_last_activation, find_meaning
from nnctl.spec.sections import Component

SOFTMAX, SIGMOID, LINEAR = (
    Component("layer", "dense", {"activation": name}) for name in ("softmax", "sigmoid", "linear")
)


def layer(name: str, **arguments: object) -> Component:
    return Component("layer", name, arguments)  # type: ignore[arg-type]


def find(loss: str, task: str, units: int, *layers: Component, **arguments: object) -> Meaning:
    return find_meaning(Component("loss", loss, arguments), layers or (LINEAR,), task, units)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("loss", "head", "task", "units", "kind", "threshold"),
    [
        ("categorical_crossentropy", SOFTMAX, "multiclass", 3, "shares", 0.5),
        ("sparse_categorical_crossentropy", SIGMOID, "multiclass", 3, "shares", 0.5),
        ("mean_squared_error", SOFTMAX, "multiclass", 3, "shares", 0.5),
        ("binary_crossentropy", SOFTMAX, "binary", 2, "shares", 0.5),
        ("binary_crossentropy", SIGMOID, "binary", 2, "probabilities", 0.5),
        ("binary_crossentropy", SIGMOID, "binary", 1, "probabilities", 0.5),
        ("mean_squared_error", SIGMOID, "multiclass", 3, "probabilities", 0.5),
        ("mean_squared_error", LINEAR, "multiclass", 3, "scores", 0.5),
        ("mean_squared_error", LINEAR, "binary", 1, "scores", 0.5),
        ("hinge", layer("dense", activation="tanh"), "binary", 1, "signed", 0.0),
        ("squared_hinge", SIGMOID, "multilabel", 3, "signed", 0.0),
        ("categorical_hinge", LINEAR, "multiclass", 3, "scores", 0.5),
        ("binary_crossentropy", SIGMOID, "multilabel", 3, "probabilities", 0.5),
        ("binary_crossentropy", SOFTMAX, "multilabel", 3, "probabilities", 0.5),
        ("mean_squared_error", SIGMOID, "regression", 1, "numbers", 0.5),
        ("binary_crossentropy", SIGMOID, "regression", 3, "probabilities", 0.5),
        ("circle", LINEAR, "multiclass", 16, "embedding", 0.5),
    ],
)
def test_outputs(loss: str, head: Component, task: str, units: int, kind: str, threshold: float) -> None:
    found = find(loss, task, units, head)
    assert (found.kind, found.threshold) == (kind, threshold)
    assert found.probable == (kind in ("shares", "probabilities"))


@pytest.mark.parametrize(
    ("loss", "task", "units", "kind", "threshold"),
    [
        ("categorical_crossentropy", "multiclass", 3, "logits", 0.5),
        ("binary_crossentropy", "binary", 1, "log_odds", 0.0),
        ("binary_crossentropy", "multiclass", 3, "log_odds", 0.0),
        ("binary_focal_crossentropy", "multilabel", 3, "log_odds", 0.0),
    ],
)
def test_logits(loss: str, task: str, units: int, kind: str, threshold: float) -> None:
    found = find(loss, task, units, from_logits=True)
    assert (found.kind, found.threshold, found.probable) == (kind, threshold, True)
    assert find(loss, task, units, from_logits=False).kind not in ("logits", "log_odds")


def test_an_activation_that_keras_looks_behind_gives_no_logits() -> None:
    assert find("categorical_crossentropy", "multiclass", 3, SOFTMAX, from_logits=True).kind == "shares"
    assert (
        find(
            "binary_crossentropy", "binary", 1, LINEAR, layer("activation", activation="sigmoid"), from_logits=True
        ).kind
        == "probabilities"
    )
    for behind in (
        layer("activation", activation="log_softmax"),
        layer("flatten"),
    ):  # these give logits, or hide that they are none
        assert find("categorical_crossentropy", "multiclass", 3, SOFTMAX, behind, from_logits=True).kind == "logits"


def test_what_an_output_does() -> None:
    assert [find("circle", "multiclass", 4).chooses, find("circle", "multiclass", 4).decides] == [False, False]
    many, one = find("mean_squared_error", "binary", 2), find("mean_squared_error", "binary", 1)
    assert [many.one_of_many, one.one_of_many, one.chooses, one.decides] == [True, False, True, True]
    labels, numbers = find("binary_crossentropy", "multilabel", 2, SIGMOID), find("mean_squared_error", "regression", 2)
    assert [labels.chooses, labels.decides, numbers.chooses, numbers.decides] == [False, True, False, False]


@pytest.mark.parametrize(
    ("layers", "name"),
    [
        ([SOFTMAX], "softmax"),
        ([LINEAR, layer("softmax")], "softmax"),
        ([LINEAR, layer("activation", activation="sigmoid")], "sigmoid"),
        ([SIGMOID, layer("dropout", rate=0.5)], "sigmoid"),
        ([layer("time_distributed", layer=SOFTMAX), layer("flatten")], "softmax"),
        ([SIGMOID, layer("rescaling", scale=2.0)], None),
        ([SOFTMAX, layer("global_average_pooling1d")], None),
        ([LINEAR, layer("prelu")], "prelu"),
        ([layer("simple_rnn", activation="sigmoid")], "sigmoid"),
        ([layer("lstm", activation="sigmoid")], None),
        ([layer("dense")], "linear"),
        ([layer("flatten")], None),
    ],
)
def test_the_last_activation(layers: list[Component], name: str | None) -> None:
    assert find_last_activation(layers) == name
    assert find("mean_squared_error", "binary", 2, *layers).head == name


def test_the_head_is_the_last_layer_that_sets_the_width() -> None:
    dense, softmax = layer("dense", units=4), layer("softmax")
    assert find_head([layer("flatten"), dense, softmax]) is dense
    assert find_head([layer("flatten"), dense, layer("dropout", rate=0.5), layer("activation")]) is dense
    assert find_head([softmax]) is softmax
