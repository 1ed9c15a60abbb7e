import pytest


@pytest.mark.parametrize(
    ("name", "arguments", "shape", "expected"),
    [
        ("random_flip", {}, (28, 27, 1), (28, 27, 1)),
        ("random_grayscale", {}, (28, 27, 3), (28, 27, 3)),
        ("random_color_jitter", {"brightness_factor": 0.1}, (28, 27, 1), (28, 27, 1)),
        ("resizing", {"height": 5, "width": 6}, (28, 27, 1), (5, 6, 1)),
        ("center_crop", {"height": 5, "width": 6, "data_format": "channels_first"}, (3, 28, 27), (3, 5, 6)),
    ],
)
def test_what_is_left_of_an_image(made, name, arguments, shape, expected) -> None:
    assert made(name, arguments, shape) == (expected, 0)


@pytest.mark.parametrize(
    ("name", "arguments", "channels"),
    [
        ("random_hue", {"factor": 0.1}, "3"),
        ("random_color_jitter", {"hue_factor": 0.1}, "3"),
        ("aug_mix", {}, "1 or 3"),
    ],
)
def test_other_numbers_of_channels_are_refused(refusal, name, arguments, channels) -> None:
    assert (
        refusal(name, arguments, (28, 28, 2)).message
        == f"{name} needs images with {channels} channels, got (28, 28, 2)"
    )


def test_the_batch_is_not_taken_for_the_height(refusal) -> None:
    assert refusal("random_flip", {}, (28, 28)).hint == "insert `- reshape: [28, 28, 1]` before it"
