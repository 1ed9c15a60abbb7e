from typing import Any

import pytest

from nnctl.spec.network.shapes.rule import Layer
from nnctl.spec.network.shapes.windows import measure_kernel, refuse_strides_with_dilation, slide
from nnctl.spec.outcomes import ShapeError
from nnctl.spec.sections import Component


def conv(**arguments: Any) -> Layer:
    return Layer(Component("layer", "conv2d", {"filters": 1, "kernel_size": 3, **arguments}))


@pytest.mark.parametrize(
    ("padding", "size", "stride", "places"),
    [
        ("valid", 3, 1, 1),
        ("valid", 8, 2, 3),
        ("valid", 9, 2, 4),
        ("same", 8, 2, 4),
        ("same", 9, 2, 5),
        ("same", 1, 3, 1),
    ],
)
def test_the_places_of_a_window(padding, size, stride, places) -> None:
    found = slide(conv(padding=padding), (size, None), "kernel_size", (3, 3), (stride, stride))
    assert found == (places, None)


def test_a_window_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ShapeError) as caught:
        slide(conv(padding="valid"), (3, 2), "kernel_size", (3, 3), (1, 1))
    assert caught.value.message == "conv2d needs at least a width of 3 for its kernel_size, got 2"
    assert caught.value.hint == "a smaller kernel_size, `padding: same`, or fewer layers above that shrink the width"


def test_dilation_spreads_a_kernel() -> None:
    assert measure_kernel(conv(kernel_size=[3, 1], dilation_rate=4)) == (9, 1)


def test_either_strides_or_dilation() -> None:
    refuse_strides_with_dilation(conv(strides=2))
    refuse_strides_with_dilation(conv(dilation_rate=2))
    with pytest.raises(ShapeError, match="both strides and a dilation_rate above 1"):
        refuse_strides_with_dilation(conv(strides=[1, 2], dilation_rate=2))
