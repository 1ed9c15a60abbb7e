"""The shapes of layers that put the same values in another order."""

import math

from nnctl.spec.network.shapes.rule import Layer
from nnctl.spec.outcomes import Outcome, Shape, ShapeError, count


def flatten(layer: Layer, shape: Shape) -> Outcome:
    """All values in one axis."""
    return Outcome((count(shape),), view=True)


def reshape(layer: Layer, shape: Shape) -> Outcome:
    """The same number of values in `target_shape`, where -1 stands for what the others leave."""
    target = tuple(layer["target_shape"])
    if target.count(-1) > 1:
        raise ShapeError(f"reshape can work out one axis, got {list(target)} with more than one -1", "target_shape")
    values, fixed = count(shape), math.prod(size for size in target if size != -1)
    if values is None:
        return Outcome(tuple(None if size == -1 else size for size in target), view=True)
    fits = fixed > 0 and values % fixed == 0 if -1 in target else values == fixed
    if not fits:
        raise _explain_count(shape, values, target, fixed)
    return Outcome(tuple(values // fixed if size == -1 else size for size in target), view=True)


def _explain_count(shape: Shape, values: int, target: tuple[int, ...], fixed: int) -> ShapeError:
    wanted = f"a multiple of {fixed}" if -1 in target else str(fixed)
    message = f"reshape to {list(target)} needs {wanted} values, an example of shape {shape} has {values}"
    for axis in reversed(range(len(target))):
        rest = math.prod(size for place, size in enumerate(target) if place != axis and size != -1)
        if target[axis] != -1 and rest and values % rest == 0 and -1 not in target:
            mended = [*target[:axis], values // rest, *target[axis + 1 :]]
            return ShapeError(message, "target_shape", f"{mended} would fit")
    return ShapeError(message, "target_shape")


def permute(layer: Layer, shape: Shape) -> Outcome:
    """The axes in another order: `dims` names the old place of each, from 1."""
    dims = layer["dims"]
    if sorted(dims) != list(range(1, len(dims) + 1)):
        expected = f"each of 1 to {len(dims)} once"
        raise ShapeError(f"permute needs dims that name {expected}, got {list(dims)}", "dims", "axis 1 is the first")
    return Outcome(tuple(shape[place - 1] for place in dims))


def repeat(layer: Layer, shape: Shape) -> Outcome:
    """The same features at each of `n` steps."""
    return Outcome((layer["n"], *shape))
