import pytest


@pytest.mark.parametrize(
    ("name", "arguments", "shape", "expected"),
    [
        ("flatten", {}, (28, 28), (784,)),
        ("flatten", {}, (), (1,)),
        ("flatten", {}, (None, 28), (None,)),
        ("reshape", {"target_shape": [28, 28, 1]}, (784,), (28, 28, 1)),
        ("reshape", {"target_shape": [7, -1]}, (784,), (7, 112)),
        ("reshape", {"target_shape": [7, -1]}, (None, 2), (7, None)),
        ("permute", {"dims": [3, 1, 2]}, (28, 27, 1), (1, 28, 27)),
        ("repeat_vector", {"n": 5}, (3,), (5, 3)),
    ],
)
def test_the_same_values_in_another_shape(made, name, arguments, shape, expected) -> None:
    assert made(name, arguments, shape) == (expected, 0)


@pytest.mark.parametrize(
    ("target", "message", "hint"),
    [
        (
            [28, 28, 3],
            "reshape to [28, 28, 3] needs 2352 values, an example of shape (784,) has 784",
            "[28, 28, 1] would fit",
        ),
        ([27, 28], "reshape to [27, 28] needs 756 values, an example of shape (784,) has 784", "[28, 28] would fit"),
        ([5, 3], "reshape to [5, 3] needs 15 values, an example of shape (784,) has 784", None),
        ([-1, 10], "reshape to [-1, 10] needs a multiple of 10 values, an example of shape (784,) has 784", None),
        ([-1, -1], "reshape can work out one axis, got [-1, -1] with more than one -1", None),
    ],
)
def test_a_reshape_that_does_not_hold_the_values_is_refused(refusal, target, message, hint) -> None:
    error = refusal("reshape", {"target_shape": target}, (784,))
    assert (error.message, error.argument, error.hint) == (message, "target_shape", hint)


@pytest.mark.parametrize("dims", [[2, 3], [1, 1], [0, 1]])
def test_dims_that_are_no_order_are_refused(refusal, dims) -> None:
    error = refusal("permute", {"dims": dims}, (4, 3))
    assert error.message == f"permute needs dims that name each of 1 to 2 once, got {dims}"
    assert error.argument == "dims"


def test_dims_for_another_rank_are_refused(refusal) -> None:
    error = refusal("permute", {"dims": [2, 1]}, (28, 28, 1))
    assert error.message == "permute needs examples of rank 2 (axis 1, axis 2), got (28, 28, 1)"
    assert (error.argument, error.hint) == ("dims", "dims has a number for each of the 3 axes")
