import pytest


@pytest.mark.parametrize(
    ("name", "arguments", "shape", "weights"),
    [
        ("batch_normalization", {}, (8, 8, 3), 12),
        ("batch_normalization", {"axis": 1, "center": False}, (8, 7, 3), 24),
        ("batch_normalization", {"renorm": True}, (8, 8, 3), 21),
        ("layer_normalization", {"axis": [1, 2]}, (4, 3), 24),
        ("layer_normalization", {"center": False, "scale": False, "axis": 0}, (4, 3), 0),
        ("rms_normalization", {}, (4, 3), 3),
        ("group_normalization", {"groups": 2}, (4, 6), 12),
        ("group_normalization", {"groups": -1}, (4, 6), 12),
        ("unit_normalization", {"axis": 0}, (4, 6), 0),
        ("softmax", {"axis": [1, -1]}, (4, 6), 0),
        ("normalization", {}, (4, 3), 7),
        ("normalization", {"mean": [1.0, 2.0, 3.0], "variance": [1.0, 1.0, 1.0]}, (4, 3), 0),
    ],
)
def test_a_normalization_keeps_the_shape(made, name, arguments, shape, weights) -> None:
    assert made(name, arguments, shape) == (shape, weights)


@pytest.mark.parametrize(
    ("name", "arguments", "message", "argument"),
    [
        ("batch_normalization", {"axis": 3}, "has axis 3, but an example of shape (4, 48) has the axes 1 to 2", "axis"),
        ("batch_normalization", {"axis": 0}, "cannot keep a weight for each example: axis 0 is the batch", "axis"),
        ("layer_normalization", {"axis": [1, -3]}, "axis -3 is the batch", "axis"),
        ("softmax", {"axis": 4}, "softmax has axis 4", "axis"),
        ("group_normalization", {}, "cannot share the 48 channels of (4, 48) among 32 groups equally", "groups"),
        ("normalization", {"mean": 1.0}, "normalization has a mean but no variance", "mean"),
        ("normalization", {"variance": 1.0}, "normalization has a variance but no mean", "variance"),
        ("normalization", {"mean": [1.0], "variance": 1.0}, "as many values of variance as of mean", "variance"),
        ("normalization", {"mean": [1.0], "variance": [1.0], "axis": None}, "a list for no axis", "mean"),
        ("normalization", {"mean": [1.0, 2.0], "variance": [1.0, 2.0]}, "2 values for an axis of 48", "mean"),
    ],
)
def test_what_a_normalization_refuses(refusal, name, arguments, message, argument) -> None:
    error = refusal(name, arguments, (4, 48))
    assert message in error.message
    assert error.argument == argument


def test_a_number_of_groups_that_fits_is_named(refusal) -> None:
    assert refusal("group_normalization", {}, (28, 28, 48)).hint == "`groups: 24` divides them"
