from collections.abc import Callable

import pytest

from nnctl.diagnosis import Facts
from nnctl.diagnosis.facts import loss as losses
from nnctl.spec.sections import Component


def loss(name: str, **arguments: object) -> Component:
    return Component("loss", name, arguments)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "categorical", "yes_or_no", "proper"),
    [
        ("categorical_crossentropy", True, False, "softmax"),
        ("sparse_categorical_crossentropy", True, False, "softmax"),
        ("binary_crossentropy", False, True, "sigmoid"),
        ("mean_squared_error", False, False, "sigmoid"),
    ],
)
def test_what_a_loss_takes_the_output_for(name: str, categorical: bool, yes_or_no: bool, proper: str) -> None:
    assert (losses.is_categorical(loss(name)), losses.is_binary(loss(name))) == (categorical, yes_or_no)
    assert losses.find_activation(loss(name)) == proper


def test_logits_are_said() -> None:
    assert losses.takes_logits(loss("binary_crossentropy", from_logits=True))
    assert not losses.takes_logits(loss("binary_crossentropy", from_logits=False))
    assert not losses.takes_logits(loss("binary_crossentropy"))


@pytest.mark.parametrize(
    ("settings", "units", "crossentropy"),
    [
        ([], 10, "categorical_crossentropy"),
        (["data.source=breast_cancer", "model.layers=[{dense: 1}]"], 1, "binary_crossentropy"),
        (["data.source=diabetes", "model.layers=[{dense: 1}]", "train.loss=mae"], 1, "mean_squared_error"),
    ],
)
def test_the_loss_that_fits_the_labels_and_the_width(
    settings: list[str], units: int | None, crossentropy: str, facts: Callable[..., Facts]
) -> None:
    known = facts(*settings)
    assert losses.find_width(known) == units
    assert losses.find_loss(known) == crossentropy
