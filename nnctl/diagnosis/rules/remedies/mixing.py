"""What is tried of layers that never see together what belongs together."""

from nnctl.diagnosis import thresholds
from nnctl.diagnosis.facts.facts import Facts, require_dataset, require_probe
from nnctl.diagnosis.facts.network import LayerFacts, read_argument
from nnctl.diagnosis.finding import Edit, Finding, Fix
from nnctl.diagnosis.rule import Cause, rule


@rule("R18", "order-lost", "warning", "probe", Cause.ARCHITECTURE)
def order_lost(facts: Facts) -> Finding | None:
    """Steps of a sequence that are pooled before any layer has seen two of them together.

    What: a layer makes one vector of all steps, each layer in front of it looks at one step alone, and the trial does better
        with a recurrent layer between.
    Why: the mean and the maximum of steps are the same in whatever order they come: `not good` is `good not`.
    Confirm: the trial beside it.
    Fix: a `gru`, an `lstm` or a `conv1d` in front of the pooling.
    Source: Iyyer et al. 2015, Deep Unordered Composition Rivals Syntactic Methods, 5, on what averages lose.
    """
    pool = next((layer for layer in facts.network.layers if _pools_steps(layer)), None)
    if pool is None or _is_told(facts) or any(map(_looks_around, facts.network.layers[: pool.index])):
        return None
    between = {"gru": {"units": thresholds.WIDE, "return_sequences": True}}
    fix = Fix((Edit(pool.item, between, "insert"),))
    found = f"{pool.where} merges all steps into one vector, and every layer before it sees one step at a time"
    return Finding(found, "their order is lost", pool.item, pool.where, fix, confidence=0.3)


@rule("R19", "steps-and-channels-exchanged", "warning", "probe", Cause.ARCHITECTURE)
def steps_and_channels_exchanged(facts: Facts) -> Finding | None:
    """Series that are read across their channels.

    What: an example has fewer rows than columns, a layer takes the rows for the steps of time, and the trial does better with
        the axes exchanged.
    Why: layers for sequences take (steps, channels). Of three channels of a hundred steps, read as they stand, they see three
        steps of a hundred channels.
    Confirm: `nnctl data show SPEC` gives the shape of an example.
    Fix: `permute: [2, 1]` as the first layer.
    Source: keras.layers.Conv1D: the input is (batch, steps, channels).
    """
    shape = facts.known.shape
    first = next((layer for layer in facts.network.layers if layer.weighted), None)
    reads = first is not None and (first.known.convolves == 1 or bool(first.known.states))
    if shape is None or len(shape) != 2 or None in shape or first is None or not reads or _is_told(facts):
        return None
    rows, columns = (int(size or 0) for size in shape)
    if require_dataset(facts).tokens or rows >= columns or any(layer.known.moves for layer in facts.network.layers[:1]):
        return None
    fix = Fix((Edit(("model", "layers", 0), {"permute": {"dims": [2, 1]}}, kind="insert"),))
    found = f"an example is {rows} x {columns}, and {first.where} reads it as {rows} steps of {columns} channels"
    return Finding(found, "consecutive values are never seen together", first.item, first.where, fix, confidence=0.3)


@rule("R20", "kernels-of-one", "warning", "probe", Cause.ARCHITECTURE)
def kernels_of_one(facts: Facts) -> Finding | None:
    """Convolutions that look at one place alone.

    What: every convolution has kernels of size 1, and the trial does better with kernels of 3.
    Why: a kernel of 1 x 1 mixes the channels of a pixel: edges and strokes, which lie between pixels, are never seen.
    Confirm: the trial beside it.
    Fix: `kernel_size: 3`, `padding: same`.
    Source: Lin et al. 2014, Network in Network, 3.1: kernels of 1 stand between larger ones.
    """
    layers = [layer for layer in facts.network.layers if layer.known.convolves]
    if not layers or any(not _is_one(layer) for layer in layers) or _is_told(facts):
        return None
    edits = [Edit((*layer.path, "kernel_size"), thresholds.USUAL_KERNEL) for layer in layers]
    edits += [Edit((*layer.path, "padding"), "same") for layer in layers]
    first, names = layers[0], ", ".join(layer.where for layer in layers)
    effect = "no layer relates a position to its neighbours"
    return Finding(f"kernels of 1 in {names}", effect, first.path, first.where, Fix(tuple(edits)), confidence=0.3)


def _is_told(facts: Facts) -> bool:
    """Whether held-out examples are told as well as can be asked."""
    return require_probe(facts).reference.score >= thresholds.TOLD_APART


def _pools_steps(layer: LayerFacts) -> bool:
    """Whether it makes one vector of all steps, and keeps the width of a step."""
    before, behind = layer.input, layer.output
    if layer.parameters or before is None or behind is None or len(before) != 2 or len(behind) != 1:
        return False
    return before[1] == behind[0] and before[0] != 1


def _looks_around(layer: LayerFacts) -> bool:
    """Whether a layer sees several steps together."""
    known = layer.known
    mixes = bool(known.convolves or known.states) or read_argument(layer.inner, "return_sequences") is not None
    return mixes or read_argument(layer.component, "num_heads") is not None or known.moves


def _is_one(layer: LayerFacts) -> bool:
    size = read_argument(layer.inner, "kernel_size")
    return all(each == 1 for each in (size if isinstance(size, list | tuple) else [size]))
