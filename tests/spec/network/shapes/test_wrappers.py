from typing import Any

import pytest

from nnctl.spec.sections import Component


def layer(name: str, **arguments: Any) -> Component:
    return Component("layer", name, arguments)


LSTM = layer("lstm", units=3)
SEQUENCES = layer("lstm", units=3, return_sequences=True)


@pytest.mark.parametrize(
    ("name", "arguments", "shape", "expected"),
    [
        ("time_distributed", {"layer": layer("dense", units=3)}, (5, 4), ((5, 3), 15)),
        ("time_distributed", {"layer": layer("einsum_dense")}, (5, 4), (None, None)),
        ("bidirectional", {"layer": LSTM}, (5, 4), ((6,), 192)),
        ("bidirectional", {"layer": SEQUENCES, "merge_mode": "sum"}, (5, 4), ((5, 3), 192)),
        ("bidirectional", {"layer": LSTM, "merge_mode": None}, (5, 4), (None, 192)),
        ("bidirectional", {"layer": layer("gru", units=3, return_state=True)}, (5, 4), (None, 162)),
        ("spectral_normalization", {"layer": layer("dense", units=5)}, (3,), ((5,), 25)),
        ("spectral_normalization", {"layer": layer("einsum_dense")}, (3,), (None, None)),
    ],
)
def test_what_a_wrapper_gives(made, name, arguments, shape, expected) -> None:
    assert made(name, arguments, shape) == expected


@pytest.mark.parametrize(
    ("name", "arguments", "shape", "message", "argument"),
    [
        (
            "time_distributed",
            {"layer": layer("max_pooling2d", pool_size=4)},
            (9, 2, 8, 1),
            "inside time_distributed: max_pooling2d needs at least a height of 4 for its pool_size, got 2",
            "layer",
        ),
        (
            "time_distributed",
            {"layer": layer("dense", units=3)},
            (4,),
            "time_distributed needs steps and something at each, (steps, features) at least, got (4,)",
            None,
        ),
        (
            "bidirectional",
            {"layer": layer("dense", units=3)},
            (5, 4),
            "needs a recurrent layer inside, got dense",
            "layer",
        ),
        (
            "bidirectional",
            {"layer": layer("gru", units=3, go_backwards=True)},
            (5, 4),
            "one that goes backwards",
            "layer",
        ),
        ("bidirectional", {"layer": LSTM, "backward_layer": LSTM}, (5, 4), "one that goes backwards", "backward_layer"),
        (
            "bidirectional",
            {"layer": LSTM, "backward_layer": layer("lstm", units=4, go_backwards=True)},
            (5, 4),
            "two layers that give the same shape, got (3,) and (4,)",
            "backward_layer",
        ),
        ("spectral_normalization", {"layer": LSTM}, (5, 4), "a layer with one kernel inside, got lstm", "layer"),
    ],
)
def test_what_a_wrapper_refuses(refusal, name, arguments, shape, message, argument) -> None:
    error = refusal(name, arguments, shape)
    assert message in error.message
    assert error.argument == argument
    assert error.hint
