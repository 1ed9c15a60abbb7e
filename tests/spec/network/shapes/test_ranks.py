import pytest

CONV = {"filters": 8, "kernel_size": 3}


@pytest.mark.parametrize(
    ("name", "arguments", "shape", "hint"),
    [
        ("conv2d", CONV, (784,), "insert `- reshape: [28, 28, 1]` before it; a flatten above it belongs below it"),
        ("conv2d", CONV, (3072,), "insert `- reshape: [32, 32, 3]` before it; a flatten above it belongs below it"),
        (
            "conv2d",
            {**CONV, "data_format": "channels_first"},
            (784,),
            "insert `- reshape: [1, 28, 28]` before it; a flatten above it belongs below it",
        ),
        (
            "conv2d",
            CONV,
            (13,),
            "insert `- reshape: [height, width, channels]` before it; a flatten above it belongs below it",
        ),
        ("conv2d", CONV, (28, 28), "insert `- reshape: [28, 28, 1]` before it, or use conv1d"),
        (
            "conv2d",
            {**CONV, "data_format": "channels_first"},
            (8, 9),
            "insert `- reshape: [1, 8, 9]` before it, or use conv1d",
        ),
        ("conv2d", CONV, (4, 8, 8, 3), "conv3d takes this rank"),
        ("conv_lstm2d", CONV, (4, 8, 3), "insert `- reshape: [4, 8, 3, 1]` before it, or use conv_lstm1d"),
        ("max_pooling1d", {}, (28, 28, 1), "max_pooling2d takes this rank"),
        ("global_average_pooling2d", {}, (64,), "remove it, or the flatten above it"),
        ("global_average_pooling2d", {}, (8, 8), "insert `- reshape: [8, 8, 1]` before it"),
        (
            "lstm",
            {"units": 3},
            (64,),
            "a recurrent layer above needs `return_sequences: true`; otherwise insert `- reshape: [64, 1]` before it",
        ),
        ("lstm", {"units": 3}, (28, 28, 3), "insert `- reshape: [28, 84]` before it"),
        ("lstm", {"units": 3}, (28, None, 3), "insert `- reshape: [steps, features]` before it"),
        ("repeat_vector", {"n": 3}, (28, 28), "insert `- flatten` before it"),
    ],
)
def test_the_edit_that_is_most_likely_meant(refusal, name, arguments, shape, hint) -> None:
    assert refusal(name, arguments, shape).hint == hint


def test_the_message_names_the_axes_and_what_was_found(refusal) -> None:
    error = refusal("conv2d", CONV, (784,))
    assert error.message == "conv2d needs examples of rank 3 (height, width, channels), got (784,)"
    assert error.argument is None
