"""What a rule is: a function from a layer and the shape it is fed to the shape it gives and those of its weights.

To teach nnctl another layer, write one function in the file of its family and enter it with `@rule`:

    @rule("repeat_vector", axes=lambda layer: ("features",))
    def repeat_vector(layer: Layer, shape: Shape) -> Outcome:
        return Outcome((layer["n"], *shape))
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nnctl.registry import Registry
from nnctl.spec.catalogue import entry
from nnctl.spec.outcomes import Outcome, Shape
from nnctl.spec.sections import Component

Axes = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer as its rule sees it."""

    component: Component

    @property
    def name(self) -> str:
        """The layer's name in YAML."""
        return self.component.name

    def __getitem__(self, argument: str) -> Any:
        """The argument's value: what the user wrote, else the catalogue's default; None for one that Keras lacks."""
        if argument in self.component.arguments:
            return self.component.arguments[argument]
        known = entry("layer", self.name)
        found = None if known is None else known.arguments.get(argument)
        return None if found is None else found.default

    def each(self, argument: str, count: int) -> tuple[int, ...]:
        """A number for each of `count` axes, from one number for all of them or a list with one for each."""
        value = self[argument]
        return (value,) * count if isinstance(value, int) else tuple(value)


def any_axes(layer: Layer) -> Axes | None:
    """The axes of a layer that takes examples of any rank: None."""
    return None


@dataclass(frozen=True, slots=True)
class Rule:
    """How a layer changes a shape.

    Attributes:
        outcome: what the layer makes of a shape of the right rank; raises ShapeError where it cannot take it.
        axes: the names of the axes that the layer insists on, without the batch, or None for examples of any rank.
    """

    outcome: Callable[[Layer, Shape], Outcome]
    axes: Callable[[Layer], Axes | None]


RULES: Registry[Rule] = Registry("shape rule")


def rule(
    *names: str, axes: Callable[[Layer], Axes | None] = any_axes
) -> Callable[[Callable[[Layer, Shape], Outcome]], Callable[[Layer, Shape], Outcome]]:
    """A decorator that makes a function the rule of the layers called `names`."""

    def enter(outcome: Callable[[Layer, Shape], Outcome]) -> Callable[[Layer, Shape], Outcome]:
        for name in names:
            RULES.register(name)(Rule(outcome, axes))
        return outcome

    return enter
