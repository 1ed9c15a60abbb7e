"""What a rule is: a function from a layer and the shape it is fed to the shape it gives and those of its weights.

To teach nnctl another layer, name the rule that it follows in its row of the reviewed table, as `shape: pool`. If no rule
fits, write one function in the file of its family and enter it in `rules.py`, beside the axes that it insists on:

    def repeat(layer: Layer, shape: Shape) -> Outcome:
        return Outcome((layer["n"], *shape))
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from nnctl.spec.catalogue import find_entry, traits
from nnctl.spec.outcomes import Outcome, Shape
from nnctl.spec.sections import Component

Axes = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer as its rule sees it.

    Attributes:
        component: the layer with its checked arguments.
        rules: the rules by the names that the catalogue has for them; those of the layers inside are among them.
    """

    component: Component
    rules: Mapping[str, "ShapeRule"] = field(default_factory=dict, repr=False)

    @property
    def name(self) -> str:
        """The layer's name in YAML."""
        return self.component.name

    @property
    def rule(self) -> "ShapeRule":
        """The rule that the catalogue names for the layer."""
        return self.rules[traits.get_layer(self.name).shape]

    @property
    def axes(self) -> Axes | None:
        """The names of the axes, without the batch, that the layer insists on, or None."""
        return self.rule.axes(self)

    def __getitem__(self, argument: str) -> Any:
        """The argument's value: what the user wrote, else the catalogue's default; None for one that Keras lacks."""
        if argument in self.component.arguments:
            return self.component.arguments[argument]
        known = find_entry("layer", self.name)
        found = None if known is None else known.arguments.get(argument)
        return None if found is None else found.default

    def spread(self, argument: str, count: int) -> tuple[int, ...]:
        """A number for each of `count` axes, from one number for all of them or a list with one for each."""
        value = self[argument]
        return (value,) * count if isinstance(value, int) else tuple(value)

    def get_inner(self, argument: str) -> "Layer":
        """The layer that an argument holds."""
        return Layer(self[argument], self.rules)


@dataclass(frozen=True, slots=True)
class ShapeRule:
    """How a layer changes a shape.

    Attributes:
        outcome: what the layer makes of a shape of the right rank; raises ShapeError where it cannot take it.
        axes: the names of the axes that the layer insists on, without the batch, or None for examples of any rank.
    """

    outcome: Callable[[Layer, Shape], Outcome]
    axes: Callable[[Layer], Axes | None]
