"""Layers that read their input otherwise than it is meant: padding as steps, channels as rows."""

from collections.abc import Iterator

from nnctl.diagnosis import thresholds
from nnctl.diagnosis.facts.facts import Facts, require_dataset
from nnctl.diagnosis.facts.network import LayerFacts, read_argument
from nnctl.diagnosis.finding import Edit, Finding, Fix
from nnctl.diagnosis.fixes import has_argument
from nnctl.diagnosis.rule import Cause, rule


@rule("A20", "mask-lost", "warning", "static", Cause.ARCHITECTURE)
def mask_lost(facts: Facts) -> Iterator[Finding]:
    """A layer that does not pass on the mask of a sequence's padding.

    What: after `masking`, or `embedding` with `mask_zero`, and before a layer that leaves the masked steps out stands one that
        knows no masks: a convolution, a pooling, `flatten`, `reshape`.
    Why: from there on padding counts as if it were part of the sequence, so that an answer depends on how much of it there is.
        Keras warns of it ("will therefore destroy the mask information") where nobody sees it.
    Confirm: the same sequence with more padding gets another answer.
    Fix: a recurrent layer or `global_average_pooling1d` directly after what makes the mask; or no mask, where padding may count.
    Source: keras.layers.Masking, and the warning of keras.layers.Layer.
    """
    maker: LayerFacts | None = None
    for layer in facts.network.layers:
        if _makes_mask(layer):
            maker = layer
        elif maker is not None and layer.known.mask is None:
            yield Finding(
                f"{layer.where} loses the mask of {maker.where}",
                "from there on padding is read as data, and the output depends on how much of it there is",
                layer.item,
                layer.where,
            )
            return
        elif _ends_mask(layer):
            maker = None


@rule("A21", "channels-first", "warning", "static", Cause.ARCHITECTURE)
def channels_first(facts: Facts) -> Finding | None:
    """Pictures whose channels stand first, read as rows of pixels.

    What: an example has 1, 3 or 4 rows and many more lines and columns, and a layer for images reads it as it stands.
    Why: layers for images take height, width and channels, in this order. Of (3, 32, 32) they see three rows of pixels with 32
        channels: neighbouring pixels of a column are never seen together.
    Confirm: `nnctl data show SPEC` gives the shape of an example.
    Fix: `permute: [2, 3, 1]` as the first layer puts the channels last.
    Source: keras.config.image_data_format.
    """
    shape = facts.known.shape
    if shape is None or len(shape[1:]) != 2 or None in shape:
        return None
    first, *others = (int(size) for size in shape if size is not None)
    if first not in thresholds.CHANNELS or min(others) < thresholds.LEAST_SIDE or others[1] in thresholds.CHANNELS:
        return None
    readers = (one for one in facts.network.layers if one.known.moves or has_argument(one.inner, "data_format"))
    reader = next(readers, None)
    if reader is None or reader.known.moves or read_argument(reader.inner, "data_format") == "channels_first":
        return None
    found = f"an example is {first} x {others[0]} x {others[1]}, and {reader.where} takes its last axis as the channels"
    fix = Fix((Edit(("model", "layers", 0), {"permute": {"dims": list(thresholds.CHANNELS_LAST)}}, kind="insert"),))
    return Finding(found, f"pictures are read as {first} rows of pixels", reader.item, reader.where, fix)


@rule("A22", "padding-read", "warning", "data", Cause.ARCHITECTURE)
def padding_read(facts: Facts) -> Finding | None:
    """A recurrent layer that reads padding after every sequence.

    What: a third and more of each sequence is 0 at its end, nothing makes a mask of it, and a recurrent layer gives its last
        state.
    Why: the last state is that after many steps of padding, behind which little is left of the sequence.
    Confirm: the trial beside it.
    Fix: `mask_zero: true` on the embedding, a `masking` layer in front of numbers, so that the layer stops at the sequence's
        end; or padding in front.
    Source: keras.layers.Masking; Dwarampudi and Reddy 2019, Effects of Padding on LSTMs and CNNs.
    """
    dataset, layers = require_dataset(facts), facts.network.layers
    maker = next((layer for layer in layers if layer.known.mask == "makes"), None)
    recurrent = next((layer for layer in layers if read_argument(layer.inner, "return_sequences") is False), None)
    if recurrent is None or dataset.padding < thresholds.PADDED or (maker is not None and _makes_mask(maker)):
        return None
    found = f"{dataset.padding:.0%} of a sequence are padding zeros after its end, and nothing masks them"
    effect = "a recurrent layer forgets the sequence while it reads the padding"
    if maker is not None:
        path = (*maker.item, "mask_zero")
        return Finding(found, effect, path, maker.where, Fix.set(path, True), confidence=0.8)
    if dataset.tokens:
        return None  # indices reach the layer as numbers, which is the fault
    masks = Fix((Edit(("model", "layers", 0), {"masking": {"mask_value": 0.0}}, kind="insert"),))
    return Finding(found, effect, recurrent.item, recurrent.where, masks, confidence=0.8)


def _makes_mask(layer: LayerFacts) -> bool:
    return layer.known.mask == "makes" and read_argument(layer.component, "mask_zero") is not False


def _ends_mask(layer: LayerFacts) -> bool:
    """Whether nothing after a layer needs the mask any more: it left the masked steps out."""
    return layer.known.mask == "ends" or read_argument(layer.inner, "return_sequences") is False
