import pytest


@pytest.mark.parametrize(
    ("name", "arguments", "shape", "expected"),
    [
        ("zero_padding1d", {"padding": [2, 0]}, (7, 3), (9, 3)),
        ("zero_padding1d", {"padding": 1, "data_format": "channels_first"}, (7, 3), (7, 5)),
        ("zero_padding2d", {"padding": [1, 2]}, (7, 8, 3), (9, 12, 3)),
        ("zero_padding2d", {"padding": [[1, 0], [2, 1]]}, (7, None, 3), (8, None, 3)),
        ("cropping2d", {"cropping": 2}, (7, 8, 3), (3, 4, 3)),
        ("cropping3d", {"cropping": [1, 0, [1, 2]]}, (4, 4, 6, 2), (2, 4, 3, 2)),
        ("up_sampling1d", {"size": 3}, (7, 3), (21, 3)),
        ("up_sampling2d", {"size": [2, 3], "data_format": "channels_first"}, (3, 7, 8), (3, 14, 24)),
    ],
)
def test_what_happens_at_the_borders(made, name, arguments, shape, expected) -> None:
    assert made(name, arguments, shape) == (expected, 0)


def test_cropping_everything_is_refused(refusal) -> None:
    error = refusal("cropping2d", {"cropping": [[0, 0], [4, 4]]}, (28, 8, 1))
    assert error.message == "cropping2d cuts 8 from a width of 8 in (28, 8, 1)"
    assert (error.argument, error.hint) == ("cropping", "cut less than 8")
