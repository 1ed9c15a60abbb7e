"""What is tried of the settings of a network that learns nothing."""

from collections.abc import Callable

import pytest

from ..conftest import GOOD, PLAIN


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        (["data.scale=none"], "R01"),
        (["train.optimizer=sgd"], "R05"),
        (["train.learning_rate=0.5"], "R05"),
        ([], "R07"),
        (["train.batch_size=256"], "R08"),
    ],
)
def test_what_is_tried_of_a_network_that_learns_nothing(
    found: Callable[..., set[str]], settings: list[str], code: str
) -> None:
    assert code in found(*PLAIN, *settings)
    assert code not in found(*PLAIN, *settings, reference=GOOD)
