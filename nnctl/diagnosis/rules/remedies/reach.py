"""What is tried of layers that see too little of an example: of its extent, of its edges, of its width."""

from collections.abc import Iterator, Sequence

from nnctl.diagnosis import thresholds
from nnctl.diagnosis.facts.facts import Facts, require_dataset, require_probe
from nnctl.diagnosis.facts.network import LayerFacts, read_argument
from nnctl.diagnosis.finding import Edit, Finding, Fix
from nnctl.diagnosis.fixes import has_argument
from nnctl.diagnosis.rule import Cause, rule
from nnctl.diagnosis.success import stays_below


@rule("R21", "sees-too-little", "warning", "probe", Cause.ARCHITECTURE, remedy=True)
def sees_too_little(facts: Facts) -> Iterator[Finding]:
    """Convolutions that look at a small part of an example before a pooling makes one number of all places.

    What: what a unit in front of a global pooling depends on is less than half as long as an example, the trial falls short, and
        does better with pools between the convolutions, with dilated ones, or with larger kernels.
    Why: after a global pooling nobody knows where a pattern was. What lies further apart than a unit sees, such as two peaks and
        the distance between them, is told by no layer.
    Confirm: the trial beside it; the receptive field, which grows by (kernel - 1) x dilation x the strides so far.
    Fix: what the trial gained by; or `flatten` in the place of the pooling, where patterns have their place.
    Source: Yu and Koltun 2016, Multi-Scale Context Aggregation by Dilated Convolutions; Araujo et al. 2019, Computing Receptive
        Fields of Convolutional Neural Networks.
    """
    pool = next((layer for layer in facts.network.layers if layer.known.shape == "pool_globally"), None)
    if pool is None or not _falls_short(facts):
        return
    before = facts.network.layers[: pool.index]
    convolutions = [layer for layer in before if layer.known.convolves and has_argument(layer.inner, "dilation_rate")]
    seen, extent = _compute_field(before), convolutions[0].input[0] if convolutions and convolutions[0].input else None
    if seen is None or extent is None or seen >= thresholds.HALFWAY * extent:
        return
    found = f"after {pool.where} each number depends on {seen} of {extent} places"
    effect = "positions further apart are never seen together"
    # Three ways of mending one thing, of which one is enough: findings that say the same are mended together.
    ways = {
        "pooling brings distant positions together": _pool_between(convolutions),
        "dilated kernels reach further": _dilate(convolutions),
        "larger kernels reach further": _enlarge(convolutions, seen, extent),
    }
    for way, edits in ways.items():
        if edits:
            said = f"{effect}; {way}"
            yield Finding(found, said, convolutions[0].item, convolutions[0].where, Fix(edits), confidence=0.3)


@rule("R22", "cut-away", "warning", "probe", Cause.ARCHITECTURE, remedy=True)
def cut_away(facts: Facts) -> Finding | None:
    """Layers that leave a part of each example out.

    What: a layer crops, or takes steps that are longer than its kernel, so that places between are never read; the trial falls
        short, and does better without.
    Why: what no layer reads, nothing after it can know.
    Confirm: the trial beside it; `nnctl data show SPEC` draws an example.
    Fix: no cropping; strides of at most the kernel's size.
    Source: Zhang 2019, Making Convolutional Networks Shift-Invariant Again, 3, on what strides leave out.
    """
    layers = facts.network.layers
    crops = [layer for layer in layers if layer.known.shape == "crop"]
    leaps = [layer for layer in layers if _leaps(layer)]
    if not (crops or leaps) or not _falls_short(facts):
        return None
    edits = [Edit((*layer.path, "strides"), read_argument(layer.inner, _get_window(layer))) for layer in leaps]
    edits += [Edit(layer.item, kind="remove") for layer in reversed(crops)]
    first = min((*crops, *leaps), key=lambda layer: layer.index)
    found = f"{', '.join(layer.where for layer in (*crops, *leaps))} leaves out a part of each example"
    return Finding(
        found, "what is not read cannot be learned", first.item, first.where, Fix(tuple(edits)), confidence=0.3
    )


@rule("R23", "squeezed", "warning", "probe", Cause.ARCHITECTURE, remedy=True)
def squeezed(facts: Facts) -> Finding | None:
    """A layer of fewer channels than what it is fed and what comes after it.

    What: an embedding, a convolution or a recurrent layer gives three numbers a place or fewer, the trial falls short, and does
        better where it gives more.
    Why: all that comes after it is told by these few numbers.
    Confirm: the trial beside it.
    Fix: more of them.
    Source: Szegedy et al. 2016, Rethinking the Inception Architecture, 2: avoid representational bottlenecks.
    """
    narrow = [
        (layer, key)
        for layer in facts.network.layers
        for key in ("output_dim", "filters", "units")
        if _is_narrow(layer, key)
    ]
    narrow = [
        (layer, key) for layer, key in narrow if layer.index < facts.network.head.index and layer.inner.name != "dense"
    ]
    if not narrow or not _falls_short(facts):
        return None
    first, names = narrow[0][0], ", ".join(f"{layer.where} gives {layer.inner.arguments[key]}" for layer, key in narrow)
    fix = Fix(tuple(Edit((*layer.path, key), thresholds.WIDE) for layer, key in narrow))
    return Finding(
        f"{names} a place",
        "everything after it depends on these few numbers",
        first.item,
        first.where,
        fix,
        confidence=0.3,
    )


def _falls_short(facts: Facts) -> bool:
    """Whether a trial stays below a linear model or neighbours, or is told less than half of what there is to tell."""
    trivial, score = require_dataset(facts).baselines.trivial, require_probe(facts).reference.score
    return stays_below(facts) or score < trivial + thresholds.HALFWAY * (1 - trivial)


def _compute_field(layers: Sequence[LayerFacts]) -> int | None:
    """How many places along the first axis a number after some layers depends on; None where a layer sees all of them."""
    seen, step = 1, 1
    for layer in layers:
        if layer.known.states or layer.known.moves or read_argument(layer.component, "num_heads") is not None:
            return None
        window = _read_first(layer, _get_window(layer))
        if window is not None:
            seen += (window - 1) * (_read_first(layer, "dilation_rate") or 1) * step
            step *= _read_first(layer, "strides") or (window if has_argument(layer.inner, "pool_size") else 1)
    return seen


def _get_window(layer: LayerFacts) -> str:
    return "pool_size" if has_argument(layer.inner, "pool_size") else "kernel_size"


def _read_first(layer: LayerFacts, argument: str) -> int | None:
    """An argument's number along the first axis."""
    value = read_argument(layer.inner, argument)
    value = value[0] if isinstance(value, list | tuple) and value else value
    return value if isinstance(value, int) else None


def _pool_between(convolutions: Sequence[LayerFacts]) -> tuple[Edit, ...]:
    """A pool of 2 after each convolution but the last, whose edges are kept."""
    pools = [
        Edit(("model", "layers", layer.index + 1), f"max_pooling{layer.known.convolves}d", "insert")
        for layer in reversed(convolutions[:-1])
    ]
    return (*_keep_edges(convolutions), *pools) if pools else ()


def _dilate(convolutions: Sequence[LayerFacts]) -> tuple[Edit, ...]:
    """Kernels whose places are 1, 3, 9 apart, layer by layer."""
    wide = [layer for layer in convolutions if (_read_first(layer, "strides") or 1) == 1]
    rates = [Edit((*layer.path, "dilation_rate"), thresholds.USUAL_KERNEL**place) for place, layer in enumerate(wide)]
    return (*_keep_edges(wide), *rates[1:]) if len(wide) > 1 else ()


def _enlarge(convolutions: Sequence[LayerFacts], seen: int, extent: int) -> tuple[Edit, ...]:
    """Kernels so many times larger that half of an example is seen."""
    times = thresholds.HALFWAY * extent / seen
    sizes = [(layer, _read_first(layer, "kernel_size") or 1) for layer in convolutions]
    edits = [Edit((*layer.path, "kernel_size"), 2 * int(max(size, 2) * times / 2) + 1) for layer, size in sizes]
    return (*_keep_edges(convolutions), *edits)


def _keep_edges(convolutions: Sequence[LayerFacts]) -> list[Edit]:
    """The padding with which larger kernels fit."""
    cut = [layer for layer in convolutions if read_argument(layer.inner, "padding") == "valid"]
    return [Edit((*layer.path, "padding"), "same") for layer in cut]


def _leaps(layer: LayerFacts) -> bool:
    """Whether a layer's steps are longer than its window."""
    window, step = _read_first(layer, _get_window(layer)), _read_first(layer, "strides")
    return window is not None and step is not None and step > window and layer.known.shape != "convolve_transposed"


def _is_narrow(layer: LayerFacts, key: str) -> bool:
    value = layer.inner.arguments.get(key)
    return has_argument(layer.inner, key) and isinstance(value, int) and value < thresholds.NARROW
