from dataclasses import replace

import pytest

from nnctl.errors import Source
from nnctl.spec.network.trace import find_input_shape, follow_network, follow_spec
from nnctl.spec.sections import Component, Data, Spec, Train


def layers(*names: str) -> tuple[Component, ...]:
    needed = {
        "conv2d": {"filters": 2, "kernel_size": 3},
        "dense": {"units": 4},
        "lstm": {"units": 4},
        "dropout": {"rate": 0.5},
    }
    return tuple(Component("layer", name, needed.get(name, {})) for name in names)


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
    assert find_input_shape(layers(*names), shape) == given


def test_weights_are_counted_layer_by_layer() -> None:
    dense = follow_network(layers("flatten", "dense", "dropout", "dense"), (28, 28))
    assert [each.parameters for each in dense.outcomes] == [0, 784 * 4 + 4, 0, 4 * 4 + 4]
    assert (dense.output, dense.width, dense.fault) == ((4,), 4, None)
    images = follow_network(layers("conv2d"), (28, 28))
    assert [each.parameters for each in images.outcomes] == [3 * 3 * 1 * 2 + 2]
    assert (images.input, images.width) == ((28, 28, 1), None)


def test_behind_what_is_not_followed_nothing_is_known() -> None:
    found = follow_network(layers("conv2d", "lstm", "dense"), (28, 28))
    assert [each.shape for each in found.outcomes] == [(26, 26, 2), None, None]
    assert [each.products for each in found.outcomes] == [26 * 26 * 3 * 3 * 2, None, None]
    assert found.fault is not None
    assert found.fault[0].name == "lstm"
    assert [each.shape for each in follow_network(layers("flatten", "dense"), None).outcomes] == [None, None]


def test_a_network_is_carried_as_long_as_its_layers_and_its_shape_are_these() -> None:
    train = Train(Component("loss", "mean_squared_error", {}), Component("optimizer", "sgd", {}))
    spec = Spec("x", 0, Data("npz", {}), layers("dense"), train, Source("s.yaml", ""))
    spec = replace(spec, network=follow_network(spec.layers, (3,)))
    assert follow_spec(spec, (3,)) is follow_spec(replace(spec, seed=4), (3,)) is spec.network
    assert follow_spec(spec, (5,)).outcomes[0].parameters == 5 * 4 + 4
    assert follow_spec(replace(spec, layers=layers("dense", "dense")), (3,)).outcomes[-1].parameters == 4 * 4 + 4
