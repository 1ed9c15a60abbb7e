"""What is tried of the settings of a network that learns nothing."""

from collections.abc import Callable

import pytest

from ..conftest import GOOD, PLAIN


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        (["data.scale=none"], "R1"),
        (["train.optimizer=sgd"], "R5"),
        (["train.learning_rate=0.5"], "R5"),
        ([], "R7"),
        (["train.batch_size=256"], "R8"),
    ],
)
def test_what_is_tried_of_a_network_that_learns_nothing(
    found: Callable[..., set[str]], settings: list[str], code: str
) -> None:
    assert code in found(*PLAIN, *settings)
    assert code not in found(*PLAIN, *settings, reference=GOOD)
