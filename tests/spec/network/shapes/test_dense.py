import pytest


@pytest.mark.parametrize(
    ("name", "arguments", "shape", "expected"),
    [
        ("dense", {"units": 512}, (784,), ((512,), 401_920)),
        ("dense", {"units": 10, "use_bias": False}, (4, 3), ((4, 10), 30)),
        ("dense", {"units": 10}, (None,), ((10,), None)),
        ("dense", {"units": 10, "lora_rank": 2}, (3,), ((10,), 66)),
        ("embedding", {"input_dim": 1000, "output_dim": 16}, (20,), ((20, 16), 16_000)),
        ("einsum_dense", {"equation": "ab,bc->ac", "output_shape": [4]}, (20,), (None, None)),
    ],
)
def test_what_a_matrix_gives(made, name, arguments, shape, expected) -> None:
    assert made(name, arguments, shape) == expected


def test_a_dense_needs_an_axis(refusal) -> None:
    error = refusal("dense", {"units": 1}, ())
    assert (error.message, error.hint) == (
        "dense needs at least one axis, got single numbers",
        "insert `- reshape: [1]` before it",
    )
