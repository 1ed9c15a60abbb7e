"""Rules over what the probes saw of gradients and steps."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from ..conftest import LAYER, LAYERS


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ({"before": (replace(LAYER, gradient=1e-8), LAYERS[1])}, {"P04"}),
        ({"before": (replace(LAYER, gradient=0.0), replace(LAYER, gradient=0.0))}, {"P04"}),
        ({"before": (replace(LAYER, gradient=0.0), replace(LAYER, gradient=0.0, dead=1.0))}, set()),
        ({"before": (replace(LAYER, gradient=1.0), LAYERS[1])}, {"P05"}),
        ({"before": (replace(LAYER, gradient=float("nan")), LAYERS[1])}, {"P05"}),
        ({"after": (replace(LAYER, update=0.9), replace(LAYER, update=0.9))}, {"P10"}),
    ],
)
def test_each_symptom_by_itself(heard: Callable[..., set[str]], seen: dict[str, object], expected: set[str]) -> None:
    assert heard(**seen) == expected
