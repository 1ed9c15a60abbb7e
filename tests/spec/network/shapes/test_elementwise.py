import pytest


@pytest.mark.parametrize(
    ("name", "arguments", "shape", "weights"),
    [
        ("dropout", {"rate": 0.5}, (4, 3), 0),
        ("leaky_relu", {}, (None, 3), 0),
        ("spatial_dropout2d", {"rate": 0.5}, (8, 8, 3), 0),
        ("prelu", {}, (4, 3, 2), 24),
        ("prelu", {"shared_axes": [1, 2]}, (4, 3, 2), 2),
        ("prelu", {"shared_axes": 1}, (None, 3), 3),
        ("rescaling", {"scale": [1.0, 2.0, 3.0]}, (8, 8, 3), 0),
        ("hashing", {"num_bins": 3}, (4,), 0),
    ],
)
def test_what_changes_values_keeps_the_shape(made, name, arguments, shape, weights) -> None:
    assert made(name, arguments, shape) == (shape, weights)


def test_other_encodings_are_not_followed(made) -> None:
    assert made("hashing", {"num_bins": 3, "output_mode": "one_hot"}, (4,)) == (None, None)


@pytest.mark.parametrize("axis", [0, 3, -1])
def test_an_axis_that_cannot_be_shared_is_refused(refusal, axis) -> None:
    error = refusal("prelu", {"shared_axes": [axis]}, (4, 3))
    assert error.message == f"prelu cannot share axis {axis}: an example of shape (4, 3) has the axes 1 to 2"
    assert error.argument == "shared_axes"


def test_a_list_for_another_number_of_channels_is_refused(refusal) -> None:
    error = refusal("rescaling", {"scale": 0.5, "offset": [1.0, 2.0]}, (8, 8, 3))
    assert error.message == "rescaling has 2 values of offset for a last axis of 3 in (8, 8, 3)"
    assert error.argument == "offset"
