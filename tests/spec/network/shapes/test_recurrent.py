import pytest


@pytest.mark.parametrize(
    ("name", "arguments", "shape", "expected"),
    [
        # 4 x (units x (units + features) + units)
        ("lstm", {"units": 32}, (28, 28), ((32,), 7808)),
        ("lstm", {"units": 32, "return_sequences": True}, (None, 28), ((None, 32), 7808)),
        ("lstm", {"units": 32, "return_state": True}, (28, 28), (None, 7808)),
        ("gru", {"units": 3}, (5, 4), ((3,), 81)),
        ("gru", {"units": 3, "reset_after": False}, (5, 4), ((3,), 72)),
        ("simple_rnn", {"units": 3, "use_bias": False}, (5, 4), ((3,), 21)),
        ("conv_lstm2d", {"filters": 3, "kernel_size": 2}, (5, 8, 8, 1), ((7, 7, 3), 204)),
        ("conv_lstm1d", {"filters": 3, "kernel_size": 2, "return_sequences": True}, (5, 8, 1), ((5, 7, 3), 108)),
    ],
)
def test_what_a_recurrent_layer_gives(made, name, arguments, shape, expected) -> None:
    assert made(name, arguments, shape) == expected


def test_a_state_from_batch_to_batch_is_refused(refusal) -> None:
    error = refusal("gru", {"units": 3, "stateful": True}, (5, 4))
    assert error.message.startswith("gru cannot be stateful: that needs a fixed batch size")
    assert error.argument == "stateful"
