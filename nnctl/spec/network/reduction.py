"""What a loss makes of a batch: the mean of what its examples have by themselves, or something that the batch decides."""

from nnctl.spec.catalogue import traits
from nnctl.spec.sections import Component

_BATCH = -2  # the axis of the batch, counted from the end of (examples, outputs); 0 is not offered


def sums_up(loss: Component) -> bool:
    """Whether a loss adds up its examples instead of averaging them."""
    return loss.arguments.get("reduction") == "sum"


def depends_on_batch(loss: Component) -> bool:
    """Whether a loss's value for a batch is not the mean of its values for the examples, one by one.

    Then its value over a split depends on how the split is cut into batches: of a sum on their size, of pairs (`circle`) and
    of overlaps (`dice`, `tversky`) on who is in one with whom, with `ignore_class` on how many examples of a batch count.
    """
    axis = loss.arguments.get("axis")
    axes = axis if isinstance(axis, list) else [axis]
    coupled = traits.get_loss(loss.name).couples if axis is None else _BATCH in axes
    return coupled or sums_up(loss) or loss.arguments.get("ignore_class") is not None
