from typing import Any

import pytest

from nnctl.spec import catalogue
from nnctl.spec.catalogue import traits
from nnctl.spec.network.shapes import compute_outcome, find_input_rank
from nnctl.spec.network.shapes.rules import RULES
from nnctl.spec.sections import Component


def layer(name: str, **arguments: Any) -> Component:
    return Component("layer", name, arguments)


@pytest.mark.parametrize(
    ("component", "rank"),
    [
        (layer("conv2d"), 3),
        (layer("conv3d_transpose"), 4),
        (layer("conv1d"), 2),
        (layer("max_pooling2d"), 3),
        (layer("global_max_pooling1d"), 2),
        (layer("random_flip"), 3),
        (layer("lstm"), 2),
        (layer("conv_lstm2d"), 4),
        (layer("repeat_vector"), 1),
        (layer("permute", dims=[2, 1]), 2),
        (layer("dense"), None),
        (layer("flatten"), None),
        (layer("dropout"), None),
        (layer("bidirectional", layer=layer("gru")), 2),
        (layer("time_distributed", layer=layer("conv2d")), 4),
        (layer("time_distributed", layer=layer("dense")), None),
    ],
    ids=lambda value: value.name if isinstance(value, Component) else str(value),
)
def test_the_rank_a_layer_insists_on(component, rank) -> None:
    assert find_input_rank(component) == rank


def test_every_layer_has_a_rule_and_every_rule_a_layer() -> None:
    assert {traits.get_layer(name).shape for name in catalogue.list_names("layer")} == set(RULES)


def test_a_layer_is_not_followed_where_its_rule_leaves_it_unknown() -> None:
    found = compute_outcome(layer("einsum_dense", equation="abc,cd->abd", output_shape=[None, 2]), (4, 3))
    assert (found.shape, found.parameters) == (None, None)


def test_a_network_is_followed_from_end_to_end() -> None:
    """LeNet-5 as Caffe and Keras tutorials have it: 44,426 weights."""
    network = [
        layer("conv2d", filters=6, kernel_size=5),
        layer("max_pooling2d", pool_size=2),
        layer("conv2d", filters=16, kernel_size=5),
        layer("max_pooling2d", pool_size=2),
        layer("flatten"),
        layer("dense", units=120),
        layer("dense", units=84),
        layer("dense", units=10),
    ]
    shape, count = (28, 28, 1), 0
    for one in network:
        found = compute_outcome(one, shape)
        count += found.parameters
        shape = found.shape
    assert (shape, count) == ((10,), 44_426)
