from collections.abc import Callable

import pytest

from nnctl.diagnosis import Facts
from nnctl.diagnosis.places import place, places
from tests.conftest import SPEC

LINES = SPEC.splitlines()


def line(text: str) -> int:
    """The line (from 1) that a text stands on."""
    return next(number for number, each in enumerate(LINES, 1) if text in each)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (("train", "epochs"), "epochs: 2"),
        (("data", "validation"), "validation: 0.2"),
        (("model", "layers", 1), "units: 16"),
        (("model", "layers", 1, "units"), "units: 16"),
        (("model", "layers", 1, "kernel_initializer"), "units: 16"),  # as much of it as is written
        (("train", "optimizer", "beta_1"), "optimizer: adam"),
    ],
)
def test_a_path_stands_where_it_is_written(path: tuple[str | int, ...], text: str, facts: Callable[..., Facts]) -> None:
    found = place(facts().spec, path)
    assert found is not None
    assert found.line == line(text)


def test_what_nobody_wrote_stands_nowhere(facts: Callable[..., Facts]) -> None:
    assert place(facts().spec, ("train", "monitor")) is None
    assert place(facts().spec, ("model", "layers", 9)) is None
    assert place(facts().spec, ()) is None


def test_places_go_from_the_outside_in(facts: Callable[..., Facts]) -> None:
    found = [each.column for each in places(facts().spec, ("model", "layers", 2, "activation"))]
    assert found == sorted(found)
    assert len(found) == 3  # the layer, its argument, and the activation that the argument names
