import io
from dataclasses import replace

import numpy as np

from nnctl.cli.shell.terminal import make_console
from nnctl.cli.views.tracing.forward import show
from nnctl.engine.tracing.values import Forward, Traced, TracedExample, TracedLayer, TracedLoss, TracedUnit

X = np.array([1.0, 0.0])
EXAMPLE = TracedExample(2, 4, 2, X, X, ("a", "b"), "0")
LAYER = TracedLayer(0, "dense", "sigmoid", "sigmoid(x @ W + b)", (2,), np.array([0.62245933]), 3)
UNIT = TracedUnit(0, 0, (), X, np.array([0.5, -0.25]), (), 0.0, 0.5, "sigmoid", np.array(0.62245933))
LOSS = TracedLoss("binary_crossentropy", "f", ("-log(1 - 0.6224593)", "0.97408"), np.array([0]), X[:1], 0.97408, 0.0)
FORWARD = Forward(EXAMPLE, (LAYER,), (UNIT,), 0, {"no": 0.37754, "yes": 0.62246}, True, LOSS)


def printed(forward: Forward, width: int = 80) -> list[str]:
    out = io.StringIO()
    show(Traced("and", False, forward), make_console(out, width=width, soft_wrap=False))
    return out.getvalue().splitlines()


def test_a_neuron_is_written_out() -> None:
    assert printed(FORWARD) == [
        "and, weights as training begins with them",
        "example 2 of the 4 in train (row 2 of the data): 0",
        "  a = 1",
        "  b = 0",
        "",
        "forward pass",
        "layers[0] dense  2 -> 1, 3 weights",
        "  a = sigmoid(x @ W + b)",
        "  0.62246",
        "unit 0 of layers[0] dense",
        "  x[0] * w = 1 * 0.5 = 0.5",
        "  x[1] * w = 0 * (-0.25) = -0",
        "  sum = 0.5",
        "  z = sum + b = sum + 0 = 0.5",
        "  a = sigmoid(z) = 0.62246",
        "probabilities",
        "  yes  0.62246  ████████████",
        "  no   0.37754  ████████",
        "loss: binary_crossentropy",
        "  -log(1 - 0.6224593) = 0.97408",
    ]


def test_of_many_products_the_largest_are_told_with_the_sum_of_the_rest() -> None:
    weights = np.arange(1.0, 101.0)
    unit = replace(UNIT, inputs=np.ones(100), weights=weights, total=5050.0)
    lines = printed(replace(FORWARD, units=(unit,)))
    assert "  x[99] * w = 1 * 100 = 100" in lines
    assert "  95 smaller ones = 4560" in lines
    assert "  sum = 5050" in lines


def test_the_patch_of_a_convolution_is_told_by_its_place_in_the_input() -> None:
    unit = replace(UNIT, inputs=np.ones((2, 2, 1)), weights=np.ones((2, 2, 1)), position=(3, 4), offset=(3, 4))
    lines = printed(replace(FORWARD, units=(unit,)))
    assert "unit 0 of layers[0] dense at 3, 4" in lines
    assert "  x[4, 5, 0] * w = 1 * 1 = 1" in lines


def test_penalties_stand_behind_the_loss_and_a_formula_where_no_numbers_do() -> None:
    lines = printed(replace(FORWARD, loss=replace(LOSS, steps=(), formula="mean(abs(y - p))", penalty=0.25)))
    assert "  mean(abs(y - p)) = 0.97408" in lines
    assert "  with the penalties of regularizers 0.97408 + 0.25 = 1.2241" in lines


def test_nothing_is_wider_than_a_narrow_terminal() -> None:
    wide = replace(LAYER, output=np.linspace(0, 1, 512))
    assert max(map(len, printed(replace(FORWARD, layers=(wide,)), width=40))) <= 40
