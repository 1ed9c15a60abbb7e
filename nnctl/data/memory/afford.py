"""The refusal of a training that would take more memory than there is."""

from nnctl.data.memory.available import format_bytes, measure_available
from nnctl.errors import Problem, SpecError
from nnctl.spec.network.cost import estimate_demands
from nnctl.spec.network.plan import Plan


def afford_network(plan: Plan, limit: int | None = None) -> None:
    """Refuses a network whose training would take more memory than there is, or than `limit` bytes.

    What it takes beside its data is what `nnctl show` prints; layers whose shapes are not known count for nothing, so that
    nothing is refused on a guess.

    Raises:
        SpecError: it would; the layer that takes most is named.
    """
    takes = estimate_demands(plan.spec, plan.cost)
    weights, batch = (sum(each) for each in zip(*takes, strict=True))
    need, room = weights + batch, measure_available() if limit is None else limit
    if room is None or need <= room:
        return
    most = takes.index(max(takes, key=sum))
    counts = [each.parameters or 0 for each in plan.network.outcomes]
    there = f"{format_bytes(room)} are free" if limit is None else f"--max-memory is {format_bytes(room)}"
    parts = f"{format_bytes(weights)} for {sum(counts):,} weights and {format_bytes(batch)} for a batch"
    message = f"training it takes about {format_bytes(need)} ({parts}), and {there}"
    layer, told = (
        plan.spec.layers[most],
        f", with {counts[most]:,} weights" if counts[most] else "; a smaller batch_size",
    )
    hint = f"{layer.name} takes most{told}"
    raise SpecError(Problem("out-of-memory", message, layer.places.get("units", layer.place), hint))
