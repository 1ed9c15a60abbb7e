import pytest

from nnctl.spec.network.raw import find_reader
from nnctl.spec.sections import Component


def layer(name, **arguments):
    return Component("layer", name, arguments)


EMBEDDING = layer("embedding", input_dim=20, output_dim=4)
DENSE = layer("dense", units=1)


@pytest.mark.parametrize(
    ("front", "shape"),
    [
        ([], (6,)),
        ([layer("flatten")], (2, 3)),
        ([layer("reshape", target_shape=[3, 2])], (6,)),
        ([layer("permute", dims=[2, 1])], (2, 3)),
        ([layer("masking", mask_value=-1)], (6,)),
        ([layer("zero_padding1d", padding=1), layer("flatten")], (2, 3)),
        ([layer("time_distributed", layer=layer("flatten"))], (2, 3)),
        ([layer("rescaling", scale=1, offset=1)], (6,)),
        ([layer("dropout", rate=0.1)], (6,)),
    ],
)
def test_an_embedding_is_found_behind_what_hands_values_on(front, shape):
    found = find_reader([*front, EMBEDDING, layer("flatten"), DENSE], shape)
    assert (found.layer, found.index, found.masks, found.count) == (EMBEDDING, len(front), False, 20)


def test_an_embedding_in_a_wrapper_is_found():
    found = find_reader([layer("time_distributed", layer=EMBEDDING), DENSE], (3, 2))
    assert (found.layer, found.index) == (EMBEDDING, 0)


@pytest.mark.parametrize("front", [DENSE, layer("discretization", bin_boundaries=[0.0]), layer("lstm", units=3)])
def test_what_another_layer_computes_is_not_the_data(front):
    assert find_reader([front, EMBEDDING], (4, 2)) is None


def test_the_mask_of_steps_is_found_behind_another_shape():
    found = find_reader([layer("reshape", target_shape=[3, 2]), layer("masking", mask_value=-1.0), DENSE], (6,))
    assert (found.masks, found.index, found.mask_value) == (True, 1, -1.0)
    assert find_reader([layer("masking"), DENSE], (3, 2)).mask_value == 0


def test_an_older_run_looks_at_its_first_layer_only():
    assert find_reader([layer("flatten"), EMBEDDING], (2, 3), older=True) is None
    assert find_reader([layer("masking"), DENSE], (2, 3), older=True) is None
    assert find_reader([EMBEDDING], (6,), older=True).layer == EMBEDDING
