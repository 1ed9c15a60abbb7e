import io
from dataclasses import replace

from nnctl.cli.shell.terminal import make_console
from nnctl.cli.views.tracing.backward import show
from nnctl.engine.tracing.values import Difference, Traced, TracedSlope

from .test_forward import FORWARD

AGREED = Difference("kernel", (1, 0), 0.5, 0.25, 0.25, 6e-6, "float64", 1e-3, True)
SLOPE = TracedSlope(0, "dz = g * sigmoid'(z)", 0.125, 0.5, AGREED)


def printed(*slopes: TracedSlope) -> list[str]:
    out = io.StringIO()
    show(Traced("and", False, FORWARD, slopes), make_console(out, width=100))
    return out.getvalue().splitlines()


def test_each_layer_tells_its_rule_its_size_and_both_gradients() -> None:
    assert printed(SLOPE) == [
        "",
        "backward pass, the gradient of the loss L of the example",
        "layers[0] dense",
        "  dz = g * sigmoid'(z)",
        "  root mean square: dL/da 0.125, dL/dW 0.5",
        "  of kernel[1, 0] = 0.5: dL/dw = 0.25",
        "  by finite differences: 0.25",
        "differences: (L(w + h) - L(w - h)) / 2h in float64, h = 6e-06 for |w| < 1",
        "(Press et al. 2007, Numerical Recipes, 5.7)",
        "1 of 1 agree within 0.1%",
    ]


def test_what_does_not_agree_is_told_with_the_reason() -> None:
    lines = printed(replace(SLOPE, checked=replace(AGREED, agrees=False, reason="the loss has a kink")))
    assert "  they differ: the loss has a kink" in lines
    assert lines[-1] == "0 of 1 agree within 0.1%"


def test_a_network_without_weights_has_nothing_to_check() -> None:
    assert printed(TracedSlope(0, None, 0.5, None, None))[-1] == "  no layer has weights to train"
