"""Rules over what the probes saw of units."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from ..conftest import LAYER, LAYERS


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ({"after": (replace(LAYER, dead=0.9), LAYERS[1])}, {"P06"}),
        ({"after": (replace(LAYER, zeros=0.9), LAYERS[1])}, set()),
        ({"after": (replace(LAYER, saturated=0.9), LAYERS[1])}, {"P09"}),
    ],
)
def test_each_symptom_by_itself(heard: Callable[..., set[str]], seen: dict[str, object], expected: set[str]) -> None:
    assert heard(**seen) == expected
