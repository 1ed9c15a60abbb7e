import pytest


@pytest.mark.parametrize(
    ("name", "arguments", "shape", "expected"),
    [
        ("max_pooling2d", {"pool_size": 2}, (7, 8, 3), (3, 4, 3)),
        ("max_pooling2d", {"pool_size": 2, "padding": "same"}, (7, 8, 3), (4, 4, 3)),
        ("average_pooling1d", {"pool_size": 3, "strides": 1}, (7, 3), (5, 3)),
        ("max_pooling3d", {"pool_size": [1, 2, 3]}, (4, 4, 6, 2), (4, 2, 2, 2)),
        ("global_average_pooling2d", {}, (7, 8, 3), (3,)),
        ("global_max_pooling1d", {"keepdims": True}, (7, 3), (1, 3)),
        ("global_max_pooling1d", {"keepdims": True, "data_format": "channels_first"}, (7, 3), (7, 1)),
        ("adaptive_max_pooling2d", {"output_size": [2, 3]}, (7, 8, 3), (2, 3, 3)),
    ],
)
def test_what_a_pooling_leaves(made, name, arguments, shape, expected) -> None:
    assert made(name, arguments, shape) == (expected, 0)


def test_a_pooling_that_leaves_nothing_is_refused(refusal) -> None:
    error = refusal("max_pooling2d", {"pool_size": 2}, (1, 1, 64))
    assert error.message == "max_pooling2d needs at least a height of 2 for its pool_size, got 1"
    assert error.argument == "pool_size"
    assert "fewer layers above that shrink the height" in error.hint
