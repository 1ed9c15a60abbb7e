from typing import Any

import pytest

from nnctl.spec.network.shapes.axes import count_dimensions, find_position, find_sizes, join, name_spatial, split
from nnctl.spec.network.shapes.rule import Layer
from nnctl.spec.outcomes import ShapeError
from nnctl.spec.sections import Component


def layer(name: str, **arguments: Any) -> Layer:
    return Layer(Component("layer", name, arguments))


FIRST, LAST = layer("conv2d", data_format="channels_first"), layer("conv2d")


@pytest.mark.parametrize(("name", "count"), [("conv1d", 1), ("depthwise_conv2d", 2), ("conv3d_transpose", 3)])
def test_the_dimensions_stand_in_the_name(name, count) -> None:
    assert count_dimensions(layer(name)) == count


def test_the_channels_stand_last_unless_the_layer_says_first() -> None:
    assert name_spatial(LAST) == ("height", "width", "channels")
    assert name_spatial(FIRST) == ("channels", "height", "width")
    assert split(LAST, (5, 6, 3)) == ((5, 6), 3)
    assert split(FIRST, (3, 5, 6)) == ((5, 6), 3)


@pytest.mark.parametrize("one", [FIRST, LAST])
def test_joining_undoes_splitting(one) -> None:
    assert join(one, *split(one, (4, 5, 6))) == (4, 5, 6)


@pytest.mark.parametrize(("axis", "place"), [(0, 0), (1, 1), (-1, 2), (-3, 0)])
def test_an_axis_is_counted_with_the_batch(axis, place) -> None:
    assert find_position(LAST, axis, (4, 3)) == place


@pytest.mark.parametrize("axis", [3, -4])
def test_an_axis_out_of_range_is_refused(axis) -> None:
    with pytest.raises(ShapeError, match=f"conv2d has axis {axis}, but"):
        find_position(LAST, axis, (4, 3))


@pytest.mark.parametrize(("axis", "sizes"), [(None, ()), (-1, (3,)), ([2, 1], (4, 3)), ([1], (4,))])
def test_the_sizes_along_axes(axis, sizes) -> None:
    assert find_sizes(layer("normalization", axis=axis), (4, 3)) == sizes
