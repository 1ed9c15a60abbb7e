import pytest

CONV = {"filters": 8, "kernel_size": 3}


@pytest.mark.parametrize(
    ("name", "arguments", "shape", "expected"),
    [
        # LeNet-5's first layer: 6 x (5 x 5 + 1) weights; VGG's: 64 x (3 x 3 x 3 + 1)
        ("conv2d", {"filters": 6, "kernel_size": 5, "padding": "same"}, (28, 28, 1), ((28, 28, 6), 156)),
        ("conv2d", {"filters": 64, "kernel_size": [3, 3]}, (224, 224, 3), ((222, 222, 64), 1792)),
        ("conv2d", {**CONV, "strides": 2}, (8, 7, 1), ((3, 3, 8), 80)),
        ("conv2d", {**CONV, "data_format": "channels_first"}, (1, 8, 7), ((8, 6, 5), 80)),
        ("conv2d", {**CONV, "groups": 4, "use_bias": False}, (8, 8, 4), ((6, 6, 8), 72)),
        ("conv2d", CONV, (None, 8, 1), ((None, 6, 8), 80)),
        ("conv2d", CONV, (8, 8, None), ((6, 6, 8), None)),
        ("conv1d", {**CONV, "padding": "causal", "dilation_rate": 4}, (5, 2), ((5, 8), 56)),
        ("conv2d_transpose", {**CONV, "strides": 2, "padding": "same"}, (7, 7, 2), ((14, 14, 8), 152)),
        ("conv2d_transpose", {**CONV, "strides": 2}, (7, 7, 2), ((15, 15, 8), 152)),
        ("depthwise_conv2d", {"kernel_size": 3}, (8, 8, 4), ((6, 6, 4), 40)),
        ("separable_conv2d", CONV, (8, 8, 4), ((6, 6, 8), 76)),
    ],
)
def test_what_a_convolution_gives(made, name, arguments, shape, expected) -> None:
    assert made(name, arguments, shape) == expected


@pytest.mark.parametrize(
    ("name", "arguments", "shape", "message", "argument"),
    [
        ("conv2d", CONV, (2, 8, 1), "conv2d needs at least a height of 3 for its kernel_size, got 2", "kernel_size"),
        (
            "conv1d",
            {**CONV, "dilation_rate": 3},
            (6, 1),
            "conv1d needs at least 7 steps for its kernel_size, got 6",
            "kernel_size",
        ),
        ("conv2d", {**CONV, "groups": 3}, (8, 8, 3), "cannot share 8 filters among 3 groups equally", "groups"),
        ("conv2d", {**CONV, "groups": 2}, (8, 8, 3), "cannot share the 3 channels of (8, 8, 3)", "groups"),
        (
            "conv2d",
            {**CONV, "strides": 2, "dilation_rate": 2},
            (9, 9, 1),
            "both strides and a dilation_rate",
            "dilation_rate",
        ),
        (
            "conv2d_transpose",
            {**CONV, "output_padding": 1},
            (8, 8, 1),
            "output_padding below its strides",
            "output_padding",
        ),
        (
            "conv2d_transpose",
            {"filters": 8, "kernel_size": [3, 4], "padding": "same", "strides": 2, "output_padding": 0},
            (8, 8, 1),
            "needs an output_padding above 0 along the width",
            "output_padding",
        ),
    ],
)
def test_what_a_convolution_refuses(refusal, name, arguments, shape, message, argument) -> None:
    error = refusal(name, arguments, shape)
    assert message in error.message
    assert error.argument == argument
    assert error.hint
