"""The layers of a starter: convolutions for images, dense layers for everything else, a head that fits the task."""

import math
from collections.abc import Iterator

from nnctl.starters.findings import DataProfile, Recipe

Line = tuple[str, str]
"""A line of YAML and its comment, which may be empty."""

SMALLEST = 12  # pixels: below it there is nothing left to pool
_CHANNELS = (1, 3, 4)  # of images: grey, RGB, RGBA
_NAMED = 6  # classes that a comment has room for


def make_layers(found: DataProfile, convolutions: bool, recipe: Recipe | None = None) -> list[Line]:
    """The lines of `model.layers`, from the input to the output; the hidden ones are the recipe's where there is one."""
    if recipe is not None:
        hidden = _make_given(found, recipe)
    else:
        hidden = _make_convolutions(found) if convolutions else _make_dense(found)
    return [*hidden, *_make_head(found)]


def fits_convolutions(found: DataProfile) -> bool:
    """Whether the examples are images large enough for convolutions."""
    return found.pixels and min(found.shape[:2]) >= SMALLEST


def _make_convolutions(found: DataProfile) -> Iterator[Line]:
    """Blocks that halve the image until it is about 7 pixels high, at most four."""
    size = min(found.shape[:2])
    blocks = max(1, min(4, round(math.log2(size / 7))))
    for block in range(blocks):
        comment = "each filter learns one pattern of 3 x 3 pixels" if block == 0 else ""
        yield (
            f"- conv2d: {{filters: {32 * 2 ** min(block, 2)}, kernel_size: 3, padding: same, activation: relu}}",
            comment,
        )
        yield "- max_pooling2d", "halves height and width" if block == 0 else ""
    large = size / 2**blocks > 8
    yield ("- global_average_pooling2d", "the mean of each filter") if large else ("- flatten", "")
    yield "- dropout: 0.5", "against overfitting; less if train and validation stay close"


def _make_given(found: DataProfile, recipe: Recipe) -> Iterator[Line]:
    """A recipe's hidden layers."""
    if len(found.shape) > 1:
        yield "- flatten", f"{' x '.join(map(str, found.shape))} values become one row of {math.prod(found.shape):,}"
    comment = "each unit weighs all values of the row; relu makes 0 of what is negative"
    for width in recipe.widths:
        yield f"- dense: {{units: {width}, activation: relu}}", comment
        comment = ""


def _make_dense(found: DataProfile) -> Iterator[Line]:
    """Two dense layers, wider for images, narrower for small tables."""
    if len(found.shape) > 1:
        yield "- flatten", _suggest_instead(found)
    width = 256 if math.prod(found.shape) > 100 else 64 if found.examples >= 1000 else 32
    yield f"- dense: {{units: {width}, activation: relu}}", "more units can learn more, and overfit more"
    yield f"- dense: {{units: {width // 2}, activation: relu}}", ""
    if found.examples < 10_000 and found.task != "regression":
        yield "- dropout: 0.2", "against overfitting; more if train is much better than validation"


def _suggest_instead(found: DataProfile) -> str:
    """What may stand in the place of a flattening: examples of two axes may be series, of three channels and pixels."""
    if not found.pixels and len(found.shape) == 2:
        return "for a series try `lstm: 64` or `conv1d` in its place"
    channels, *size = found.shape
    if len(size) == 2 and channels in _CHANNELS and min(size) >= SMALLEST:
        return "for images, channels first: `permute: {dims: [2, 3, 1]}`, conv2d and so on"
    return ""


def _make_head(found: DataProfile) -> Iterator[Line]:
    if found.task == "binary":
        yield "- dense: {units: 1, activation: sigmoid}", _describe_binary(found)
    elif found.task == "multiclass":
        yield f"- dense: {{units: {found.outputs}, activation: softmax}}", _describe_classes(found)
    elif found.task == "multilabel":
        yield f"- dense: {{units: {found.outputs}, activation: sigmoid}}", "the probability of each label, on its own"
    else:
        yield f"- dense: {found.outputs}", "no activation: any number can come out"
    if found.spread:
        scale, offset = (_format_numbers(values) for values in (found.spread, found.offset))
        yield (
            f"- rescaling: {{scale: {scale}, offset: {offset}}}",
            "the target's deviation and mean: back to its own unit",
        )


def _describe_binary(found: DataProfile) -> str:
    names = found.class_names or ("0", "1")
    return f"the probability of {names[-1]!r}"


def _describe_classes(found: DataProfile) -> str:
    names = found.class_names
    return f"one output a class: {', '.join(names)}" if names and len(names) <= _NAMED else "one output a class"


def _format_numbers(values: object) -> str:
    texts = [f"{value:.6g}" for value in values]  # type: ignore[attr-defined]
    return texts[0] if len(texts) == 1 else f"[{', '.join(texts)}]"
