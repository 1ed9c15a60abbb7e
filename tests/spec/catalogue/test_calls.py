from typing import Any

import pytest

from nnctl.spec.catalogue.calls import LONGEST, read_call, read_python


@pytest.mark.parametrize(
    ("family", "text", "value", "rate"),
    [
        ("layer", "Dense(512, activation='relu')", {"dense": {"units": 512, "activation": "relu"}}, None),
        ("layer", "keras.layers.Conv2D(32, (3,3))", {"conv2d": {"filters": 32, "kernel_size": [3, 3]}}, None),
        ("layer", "Flatten(input_shape=(28, 28))", "flatten", None),
        ("layer", "nn.Linear(784, 10)", {"dense": 10}, None),
        ("layer", "nn.Conv2d(1, 32, kernel_size=3)", {"conv2d": {"filters": 32, "kernel_size": 3}}, None),
        ("layer", "nn.LSTM(8, 32)", {"lstm": 32}, None),
        ("layer", "LSTM(32, return_sequences=True)", {"lstm": {"units": 32, "return_sequences": True}}, None),
        ("layer", "nn.ReLU()", "relu", None),
        ("layer", "nn.Dropout(p=0.5)", {"dropout": 0.5}, None),
        (
            "layer",
            "Dense(4, kernel_regularizer=l2(0.01))",
            {"dense": {"units": 4, "kernel_regularizer": {"l2": 0.01}}},
            None,
        ),
        ("layer", "Dense(4, activation=tf.nn.relu)", {"dense": {"units": 4, "activation": "relu"}}, None),
        ("layer", "Dense(4, activation=None)", {"dense": 4}, None),
        ("layer", "Bidirectional(LSTM(8))", {"bidirectional": {"lstm": 8}}, None),
        ("optimizer", "tf.keras.optimizers.Adam(1e-3)", "adam", 0.001),
        ("optimizer", "SGD(lr=1/100, momentum=0.9)", {"sgd": {"momentum": 0.9}}, 0.01),
        ("optimizer", "torch.optim.Adam(lr=0.001)", "adam", 0.001),
        ("loss", "nn.MSELoss()", "mean_squared_error", None),
        ("regularizer", "l2(0.01)", {"l2": 0.01}, None),
    ],
)
def test_a_call_is_read_as_yaml_has_it(family: str, text: str, value: Any, rate: float | None) -> None:
    call = read_call(text, family)
    assert call is not None
    assert (call.value, call.rate, call.lost) == (value, rate, [])


def test_what_has_no_place_here_is_named() -> None:
    call = read_call("nn.Conv2d(1, 32, 3, padding_mode='zeros')", "layer")
    assert call is not None
    assert call.lost == ["padding_mode"]


@pytest.mark.parametrize(
    "text", ["dense", "Nothing(3)", "Dense(", "(" * 5000, "Dense(" + "1," * LONGEST + ")", "__import__('os')"]
)
def test_what_is_no_call_of_a_component_is_none(text: str) -> None:
    assert read_call(text, "layer") is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("(3, 3)", [3, 3]),
        ("1/100", 0.01),
        ("10**-3", 0.001),
        ("2*64", 128),
        ("-1", -1),
        ("1/0", None),
        ("9**9**9", None),
        ("a", None),
    ],
)
def test_a_sum_or_a_tuple_is_its_value(text: str, value: Any) -> None:
    assert read_python(text) == value
