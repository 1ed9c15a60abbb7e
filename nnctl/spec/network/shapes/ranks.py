"""What to tell someone whose layer is fed too few axes or too many."""

import math

from nnctl.spec.catalogue import find_entry, traits
from nnctl.spec.network.shapes.axes import SPATIAL
from nnctl.spec.network.shapes.rule import Axes
from nnctl.spec.outcomes import Shape, ShapeError


def explain_rank(name: str, axes: Axes, shape: Shape) -> ShapeError:
    """The error of a layer that needs `axes` and is fed `shape`, with the edit that is most likely meant."""
    named = ", ".join(axes)
    message = f"{name} needs examples of rank {len(axes)} ({named}), got {shape}"
    if name == "permute":
        return ShapeError(message, "dims", f"dims has a number for each of the {len(shape)} axes")
    mend = _mend_too_many if len(shape) > len(axes) else _mend_too_few
    return ShapeError(message, None, mend(name, axes, shape))


def _mend_too_few(name: str, axes: Axes, shape: Shape) -> str:
    if name.startswith("global_"):
        return "remove it, or the flatten above it" if len(shape) == 1 else _insert_reshape(axes, shape)
    if axes == ("steps", "features") and (traits.get_layer(name).gates or traits.is_wrapper(name)):
        return f"a recurrent layer above needs `return_sequences: true`; otherwise {_insert_reshape(axes, shape)}"
    if len(shape) == 1:
        return f"{_insert_reshape(axes, shape)}; a flatten above it belongs below it"
    sibling = _find_sibling(name, len(axes), len(shape))
    return f"{_insert_reshape(axes, shape)}{f', or use {sibling}' if sibling else ''}"


def _mend_too_many(name: str, axes: Axes, shape: Shape) -> str:
    if len(axes) == 1:
        return "insert `- flatten` before it"
    if sibling := _find_sibling(name, len(axes), len(shape)):
        return f"{sibling} takes this rank"
    return _insert_reshape(axes, shape)


def _find_sibling(name: str, wanted: int, found: int) -> str | None:
    """The layer of the same kind for as many axes as were found: `conv1d` beside `conv2d`."""
    others = [name.replace(f"{count}d", f"{count + found - wanted}d") for count in SPATIAL if f"{count}d" in name]
    return next((other for other in others if find_entry("layer", other)), None)


def _insert_reshape(axes: Axes, shape: Shape) -> str:
    target = _guess_target(axes, shape)
    return f"insert `- reshape: [{', '.join(axes if target is None else map(str, target))}]` before it"


def _guess_target(axes: Axes, shape: Shape) -> list[int] | None:
    """Sizes for the axes that hold an example of `shape`, or None where there is no telling.

    What is missing is an axis of size 1 for the channels; a row of values may be a square image, grey or in colour;
    what is too much goes into the last axis.
    """
    known = [size for size in shape if size is not None]
    if len(known) < len(shape) or not known:
        return None
    first = axes[0] == "channels"
    if len(shape) == len(axes) - 1:
        return [1, *known] if first else [*known, 1]
    if len(shape) > len(axes):
        keep = len(axes) - 1
        return [*known[:keep], math.prod(known[keep:])]
    if len(axes) != 3 or len(shape) != 1:
        return None
    for channels in (1, 3):
        side = math.isqrt(known[0] // channels)
        if side > 1 and side * side * channels == known[0]:
            return [channels, side, side] if first else [side, side, channels]
    return None
