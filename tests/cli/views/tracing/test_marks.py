import numpy as np
import pytest

from nnctl.cli.views.tracing.marks import draw_bars, draw_image, format_number, format_shape, format_signed


def test_numbers_have_five_digits() -> None:
    assert [format_number(each) for each in (0.0, 1 / 3, -123456.0)] == ["0", "0.33333", "-1.2346e+05"]
    assert [format_signed(each) for each in (0.5, -0.5)] == ["0.5", "(-0.5)"]
    assert [format_shape(each) for each in ((), (28, 28))] == ["1", "28 x 28"]


def test_bars_are_as_high_as_values_are_far_from_zero() -> None:
    assert draw_bars(np.array([0.0, 1, -8, 4]), 10) == "·▂██"[:1] + "▂█▅"


@pytest.mark.parametrize("room", [1, 7, 48, 1000])
def test_there_are_no_more_bars_than_there_is_room_for_and_each_is_the_farthest(room: int) -> None:
    values = np.zeros(512)
    values[100] = -3
    bars = draw_bars(values, room)
    assert len(bars) <= min(room, 48)
    assert bars.count("█") == 1
    assert set(bars) <= {"█", "·"}


@pytest.mark.parametrize("values", [[0.0, 0.0], [float("nan"), 1.0], [float("inf"), 1.0]])
def test_what_has_no_height_is_dots(values: list[float]) -> None:
    assert set(draw_bars(np.array(values), 8)) <= {"·"}


def test_an_image_is_drawn_two_rows_a_line() -> None:
    image = np.array([[0, 9, 0], [9, 9, 0], [0, 0, 9]], np.uint8)
    assert draw_image(image, 40) == ["▄█", "  ▀"]
    assert draw_image(np.stack([image] * 3, -1), 40) == ["▄█", "  ▀"]
    assert draw_image(np.zeros((4, 4)), 40) == ["(of one brightness)"]
    assert max(map(len, draw_image(np.random.default_rng(0).random((100, 100)), 40))) <= 40
