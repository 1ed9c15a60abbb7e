import pytest

from nnctl.spec.network.expectation import choose_entropy, count_axes, list_sound
from nnctl.spec.sections import Component

DENSE = Component("layer", "dense", {"units": 1})


@pytest.mark.parametrize(
    ("shape", "axes"), [((28, 28), 2), ((32, 32, 3), 2), ((20, 2), 1), ((4,), 1), (None, 2), ((8, 8, 8, 1), 3)]
)
def test_the_axes_beside_the_channels_are_counted(shape: tuple[int, ...] | None, axes: int) -> None:
    assert count_axes(shape) == axes


def test_the_cross_entropy_is_that_of_the_head() -> None:
    many = Component("layer", "dense", {"units": 10})
    assert [choose_entropy(each) for each in ([], [DENSE], [many])] == [
        "sparse_categorical_crossentropy", "binary_crossentropy", "sparse_categorical_crossentropy",
    ]  # fmt: skip


def test_the_front_ends_at_the_first_that_cannot_be_read() -> None:
    items = [DENSE, object(), DENSE]
    assert list_sound(items) == [DENSE, DENSE]
    assert list_sound(items, front=True) == [DENSE]
