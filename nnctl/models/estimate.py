"""How many weights a graph asks for and how much memory it takes, from its numbers alone."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from nnctl.data.memory.available import MOST, measure_available
from nnctl.models.graph import Graph, Index, Step, refusal
from nnctl.spec.network.shapes import compute_outcome
from nnctl.spec.outcomes import Shape, ShapeError
from nnctl.spec.sections import Component

_FLOAT = 4  # bytes
_UNSIZED = {"seed", "salt", "name", "vocabulary", "mask_token", "oov_token"}  # whole numbers that size nothing
# Layers whose shapes no rule knows, and those behind them, may hold two whole numbers whose product is at most this:
# the size of a table of weights, in values (1 GiB of float32). Whether the file holds it, is seen when the network is built.
LARGEST_UNKNOWN = 2**28
LARGEST_LIST = 2**22  # the tokens of a look-up, of which Keras makes lists: 64 MiB


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a graph asks for.

    Attributes:
        parameters: the number of values in all weights that the rules know of.
        stored: how many of these a file holds: Keras merges the low-rank parts into the others when it saves.
        largest: the number of values in the largest output of a layer for one example.
    """

    parameters: int
    stored: int
    largest: int

    @property
    def size(self) -> int:
        """Bytes: the weights as they are read and as the network has them, and one example on its way."""
        return _FLOAT * 2 * (self.parameters + self.largest)


def estimate(graph: Graph) -> Estimate:
    """What a graph asks for, found by following its shapes; nothing is built.

    Raises:
        RunError: a layer cannot take what it is given, or asks for more than this machine has free.
    """
    shapes: dict[str, Shape | None] = {graph.input_name: graph.shape}
    parameters, stored, largest = 0, 0, _count_values(graph.shape)
    for step in graph.steps:
        given = [shapes[name] for name in step.sources]
        try:
            shapes[step.name], weights = _follow(step, given)
            merged = _follow(_merge_low_rank(step), given)[1]
        except ShapeError as error:
            raise refusal(f"has a layer {step.name!r} that cannot stand where it does: {error.message}") from None
        parameters, stored = parameters + weights, stored + merged
        largest = max(largest, _count_values(shapes[step.name]))
    found = Estimate(parameters, stored, largest)
    room = measure_available()
    if room is not None and found.size > MOST * room:
        needed = f"{found.parameters:,} weights and outputs of up to {found.largest:,} numbers an example"
        raise refusal(f"asks for {needed}: more memory than the {room:,} bytes that are free")
    return found


def _merge_low_rank(step: Step) -> Step:
    if step.component is None or not step.component.arguments.get("lora_rank"):
        return step
    return replace(step, component=replace(step.component, arguments={**step.component.arguments, "lora_rank": None}))


def _follow(step: Step, given: list[Shape | None]) -> tuple[Shape | None, int]:
    """The shape of a step's output, None if it is not known, and the number of its weights."""
    if step.index is not None:
        return (None if given[0] is None else _slice(given[0], step.index)), 0
    component = step.component
    assert component is not None
    if component.name == "concatenate":
        axis: Any = component.arguments["axis"]
        return _join(given, axis), 0
    if given[0] is None:
        return None, _refuse_large(component)
    if component.name == "normalization":  # its numbers are in the file, of which none is larger than it says
        return given[0], 0
    found = compute_outcome(component, given[0])
    if found.shape is None or found.parameters is None:
        _refuse_large(component)
    return found.shape, found.parameters or 0


def _refuse_large(component: Component) -> int:
    """Refuses a layer whose numbers could be the size of a table of weights that is too large; 0 otherwise."""
    one, other, *_ = sorted([*_find_whole_numbers(component), 1, 1], reverse=True)
    if one * other > LARGEST_UNKNOWN or (component.name == "integer_lookup" and one > LARGEST_LIST):
        raise refusal(f"has a {component.name} of {one:,} by {other:,} values")
    return 0


def _find_whole_numbers(component: Component) -> Iterator[int]:
    """The whole numbers among the arguments of a layer and of those inside it."""
    for name, value in component.arguments.items():
        if name in _UNSIZED:
            continue
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, Component):
                yield from _find_whole_numbers(item)
            elif isinstance(item, int):
                yield abs(item)


def _count_values(shape: Shape | None) -> int:
    return math.prod(size or 1 for size in shape) if shape is not None else 0


def _slice(shape: Shape, index: Index) -> Shape:
    """The shape of `x[index]`, without the batch axis, as NumPy has it."""
    inner = index[1:]
    if len(inner) > len(shape):
        raise ShapeError(f"{len(inner)} axes are sliced of {len(shape)}")
    left: list[int | None] = []
    for size, item in zip(shape, inner, strict=False):
        if isinstance(item, int):
            if size is not None and not -size <= item < size:
                raise ShapeError(f"item {item} is taken of {size}")
            continue
        left.append(None if size is None else len(range(*slice(*item).indices(size))))
    return (*left, *shape[len(inner) :])


def _join(shapes: list[Shape | None], axis: int) -> Shape | None:
    """The shape of what `concatenate` makes of several, or None if one is not known."""
    known = [shape for shape in shapes if shape is not None]
    if len(known) < len(shapes) or not known:
        return None
    rank = len(known[0])
    place = axis - 1 if axis > 0 else rank + axis
    if not 0 <= place < rank or any(len(shape) != rank for shape in known):
        raise ShapeError(f"arrays of {rank} axes cannot be joined along axis {axis}")
    sizes = [shape[place] for shape in known]
    joined = None if None in sizes else sum(size or 0 for size in sizes)
    return (*known[0][:place], joined, *known[0][place + 1 :])
