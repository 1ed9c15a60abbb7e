import pytest

from nnctl.spec.network import head, input_shape, outcomes, weights
from nnctl.spec.sections import Component


def layers(*names: str) -> list[Component]:
    needed = {
        "conv2d": {"filters": 2, "kernel_size": 3},
        "dense": {"units": 4},
        "lstm": {"units": 4},
        "dropout": {"rate": 0.5},
    }
    return [Component("layer", name, needed.get(name, {})) for name in names]


@pytest.mark.parametrize(
    ("names", "shape", "given"),
    [
        (["conv2d"], (28, 28), (28, 28, 1)),
        (["dropout", "max_pooling2d"], (28, 28), (28, 28, 1)),
        (["conv2d"], (32, 32, 3), (32, 32, 3)),
        (["flatten", "dense"], (28, 28), (28, 28)),
        (["lstm"], (28, 28), (28, 28)),
        (["dense"], (28, 28), (28, 28)),
        (["flatten", "conv2d"], (28, 28), (28, 28)),
        (["conv2d"], (784,), (784,)),
    ],
)
def test_images_without_a_channel_axis_get_one_where_a_layer_wants_it(
    names: list[str], shape: tuple[int, ...], given: tuple[int, ...]
) -> None:
    assert input_shape(layers(*names), shape) == given


def test_weights_are_counted_layer_by_layer() -> None:
    assert weights(layers("flatten", "dense", "dropout", "dense"), (28, 28)) == [0, 784 * 4 + 4, 0, 4 * 4 + 4]
    assert weights(layers("conv2d"), (28, 28)) == [3 * 3 * 1 * 2 + 2]


def test_the_head_is_the_last_layer_that_sets_the_width() -> None:
    assert head(layers("flatten", "dense", "softmax")).name == "dense"
    assert head(layers("flatten", "dense", "dropout", "activation")).name == "dense"
    assert head(layers("softmax")).name == "softmax"


def test_behind_what_is_not_followed_nothing_is_known() -> None:
    found = outcomes(layers("conv2d", "lstm", "dense"), (28, 28))
    assert [each.shape for each in found] == [(26, 26, 2), None, None]
    assert [each.products for each in found] == [26 * 26 * 3 * 3 * 2, None, None]
