import io
from dataclasses import replace

from nnctl.cli.shell.terminal import make_console
from nnctl.cli.views.tracing.update import show
from nnctl.engine.tracing.values import Traced, TracedUpdate

from .test_backward import SLOPE
from .test_forward import FORWARD

COURSE = ((0, 0.75, 0.5), (1, 0.7, 0.475))
UPDATE = TracedUpdate(
    "sgd", "w = w - rate * g", 0.1, 0.5, 0.25, 0.475, {"momentum": (0, -0.025)}, (0.9, 0.8), (0.75, 0.7), COURSE
)


def printed(traced: Traced) -> list[str]:
    out = io.StringIO()
    show(traced, make_console(out, width=100))
    return out.getvalue().splitlines()


def test_a_step_is_told_with_what_the_optimizer_keeps() -> None:
    assert printed(Traced("and", False, FORWARD, (SLOPE,), 0, 4, (UPDATE,))) == [
        "",
        "update of kernel[1, 0] in layers[0] dense, by the mean loss of the 4 examples of its batch",
        "sgd",
        "  w = w - rate * g",
        "  w = 0.5, g = 0.25, rate = 0.1",
        "  keeps m (momentum): 0 -> -0.025",
        "  new w = 0.475",
        "  loss of the example: 0.9 -> 0.8",
        "  loss of the batch: 0.75 -> 0.7",
    ]


def test_many_steps_are_a_table() -> None:
    many = replace(UPDATE, course=(*COURSE, (10, 0.5, 0.3)))
    assert printed(Traced("and", False, FORWARD, (SLOPE,), 0, 4, (many,)))[-4:] == [
        "  step   loss of the batch   w",
        "  0      0.75                0.5",
        "  1      0.7                 0.475",
        "  10     0.5                 0.3",
    ]


def test_nothing_is_followed_where_nothing_is_trained() -> None:
    assert printed(Traced("and", False, FORWARD)) == []
