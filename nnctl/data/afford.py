"""The refusal of a training that would take more memory than there is."""

from nnctl.data.memory import available, format_bytes
from nnctl.errors import Problem, SpecError
from nnctl.spec.cost import demands
from nnctl.spec.plan import Plan


def afford_network(plan: Plan, limit: int | None = None) -> None:
    """Refuses a network whose training would take more memory than there is, or than `limit` bytes.

    What it takes beside its data is what `nnctl show` prints; layers whose shapes are not known count for nothing, so that
    nothing is refused on a guess.

    Raises:
        SpecError: it would; the layer that takes most is named.
    """
    takes = demands(plan.spec, plan.cost)
    need, room = sum(takes), available() if limit is None else limit
    if room is None or need <= room:
        return
    most = takes.index(max(takes))
    layer, weights = plan.spec.layers[most], plan.network.outcomes[most].parameters or 0
    parameters = sum(each.parameters or 0 for each in plan.network.outcomes)
    there = f"{format_bytes(room)} are free" if limit is None else f"--max-memory is {format_bytes(room)}"
    parts = f"{parameters:,} weights, in batches of {plan.cost.batch_size}"
    message = f"training it takes about {format_bytes(need)} ({parts}), and {there}"
    hint = f"{layer.name} takes most{f', with {weights:,} weights' if weights else '; a smaller batch_size'}"
    raise SpecError(Problem("out-of-memory", message, layer.places.get("units", layer.place), hint))
