import math

import pytest

from nnctl.topics import find_shelf
from nnctl.topics.curves import COLUMNS, ROWS, draw_component, draw_curve


def test_a_line_goes_from_corner_to_corner_through_the_axes() -> None:
    lines = draw_curve(-1, 1, [-1 + 2 * place / (COLUMNS - 1) for place in range(COLUMNS)])
    assert len(lines) == ROWS + 1
    assert lines[0].startswith(" 1 ")
    assert lines[0].endswith("*")
    assert lines[ROWS - 1].startswith("-1 *")
    assert lines[ROWS // 2].startswith(" 0 ---")
    assert lines[-1].split() == ["-1", "1"]
    assert max(map(len, lines)) <= 70  # beside the indent of a page, in a terminal of 80 columns


def test_every_column_has_its_point_at_its_height_and_steep_ones_have_no_holes() -> None:
    values = [math.exp(-5 + 10 * place / 60) for place in range(61)]
    lines = draw_curve(-5, 5, values)
    left = len(lines[0]) - len(lines[0].lstrip()) + len(lines[0].split()[0]) + 1
    for column, value in enumerate(values):
        marked = [row for row, line in enumerate(lines[:-1]) if line.ljust(left + 61)[left + column] == "*"]
        assert round((values[-1] - value) / (values[-1] - values[0]) * (ROWS - 1)) in marked
        assert marked == list(range(marked[0], marked[-1] + 1))


def test_a_curve_that_is_level_is_a_line() -> None:
    lines = draw_curve(0, 1, [2.0] * 10)
    assert lines[0] == "2 **********"
    assert sum("*" in line for line in lines) == 1


def test_a_page_of_a_component_shows_formula_and_curve() -> None:
    topic = find_shelf("activations").topic("relu")
    assert topic is not None
    shown = dict(topic.sections)
    assert "max(x, 0)" in shown["Formula"]
    assert shown["Curve"].splitlines()[1:-1] == draw_component("activation", "relu")
    assert "Curve" not in dict(find_shelf("activations").topic("softmax").sections)  # its outputs depend on each other
    assert "Curve, over the probability of the right class" in dict(
        find_shelf("losses").topic("binary_crossentropy").sections
    )


@pytest.mark.parametrize("shelf", ["activations", "losses"])
def test_every_activation_and_loss_says_its_formula(shelf: str) -> None:
    topics = [find_shelf(shelf).topic(name) for name in find_shelf(shelf).names()]
    without = [topic.name for topic in topics if topic is not None and "Formula" not in dict(topic.sections)]
    # One is a sum over all pairs of a batch, the other is not what its name says in Keras: a sentence tells.
    assert without == (["circle"] if shelf == "losses" else ["sparsemax"])
