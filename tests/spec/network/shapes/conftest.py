from collections.abc import Callable
from typing import Any

import pytest

from nnctl.spec.network.shapes import compute_outcome, follow
from nnctl.spec.outcomes import Shape, ShapeError
from nnctl.spec.sections import Component

Made = Callable[[str, dict[str, Any], Shape], tuple[Shape | None, int | None]]
Refusal = Callable[[str, dict[str, Any], Shape], ShapeError]


@pytest.fixture
def made() -> Made:
    """What a layer makes of a shape: the shape it gives and the number of its weights."""

    def ask(name: str, arguments: dict[str, Any], shape: Shape) -> tuple[Shape | None, int | None]:
        found = compute_outcome(Component("layer", name, arguments), shape)
        return found.shape, found.parameters

    return ask


@pytest.fixture
def refusal() -> Refusal:
    """The error of a layer that cannot take a shape."""

    def ask(name: str, arguments: dict[str, Any], shape: Shape) -> ShapeError:
        with pytest.raises(ShapeError) as caught:
            follow(Component("layer", name, arguments), shape)
        return caught.value

    return ask
