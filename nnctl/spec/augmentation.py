"""`train.augment`: which layers may stand there, and what keeps them from changing these images and labels."""

from collections.abc import Iterator, Sequence

from nnctl.errors import Problem
from nnctl.spec.fit import label_form
from nnctl.spec.reader import Reader
from nnctl.spec.sections import Component, Data, Facts, Train
from nnctl.spec.shapes import Shape, ShapeError, follow

# Mix each example with another one of its batch, images and labels: Zhang et al. 2018, arXiv:1710.09412 (mix_up), and Yun et
# al. 2019, arXiv:1905.04899 (cut_mix).
MIXING = ("mix_up", "cut_mix")
# Keras's layers that change images at random and whose names do not begin with `random_`.
_CHANGING = {
    *(*MIXING, "aug_mix", "rand_augment", "auto_contrast", "equalization", "solarization"),
    "contrast_limited_adaptive_histogram_equalization",
}
# What makes room for `random_crop` in front of it.
_ROOM = {"zero_padding2d", "resizing"}
# What may stand in `train.augment` beside the `random_` layers.
AUGMENTING = _CHANGING | _ROOM
# What has no place in a network, and why.
_TRAINING_ONLY = {
    **dict.fromkeys(MIXING, "mixes labels as well as images, and inside a network it would see only the images"),
    "random_crop": "crops in training only, and the layers after it would see images of two sizes",
}


def fitting(reader: Reader, layers: Sequence[Component]) -> tuple[Component, ...]:
    """The layers of `train.augment`; each that is no augmentation is noted, and left out."""
    found = []
    for layer in layers:
        if layer.name.startswith("random_") or layer.name in AUGMENTING:
            found.append(layer)
        else:
            hint = "layers of the network stand in model.layers"
            reader.problem("no-augmentation", f"{layer.name} changes no images at random", layer.place, hint)
    return tuple(found)


def check_network(reader: Reader, layers: Sequence[Component]) -> None:
    """Notes each layer of the network, or inside one of its layers, whose place is `train.augment`."""
    for layer in layers:
        if reason := _TRAINING_ONLY.get(layer.name):
            message = f"{layer.name!r} cannot stand here: it {reason}"
            reader.problem("excluded", message, layer.place, f"it can stand in `train.augment: [{layer.name}]`")
        check_network(reader, [value for value in layer.arguments.values() if isinstance(value, Component)])


def problems(train: Train, data: Data, facts: Facts) -> list[Problem]:
    """What keeps the layers from changing these images, or the loss from taking labels that are mixed."""
    found = [problem for layer in train.augment if (problem := _mixing_problem(layer, train.loss, data, facts))]
    return found or ([] if facts.shape is None else list(_shape_problems(train.augment, facts.shape)))


def _mixing_problem(layer: Component, loss: Component, data: Data, facts: Facts) -> Problem | None:
    """Labels that are mixed are shares of classes, which are neither one index nor -1 and 1."""
    form = label_form(loss.name, data, facts, None)
    if layer.name not in MIXING or (form not in ("integer", "signed") and loss.name != "categorical_hinge"):
        return None
    taken = "the index of one class" if form == "integer" else "one class against the others"
    message = f"{layer.name} gives an example shares of two classes, and {loss.name} takes {taken}"
    hint = "`loss: categorical_crossentropy` takes shares, or `binary_crossentropy` with one output"
    return Problem("loss-and-labels", message, layer.place, hint)


def _shape_problems(layers: Sequence[Component], shape: Shape) -> Iterator[Problem]:
    """The first layer that cannot change such images, or the last if they do not keep their size."""
    given: Shape = (*shape, 1) if len(shape) == 2 else shape
    current: Shape | None = given
    for layer in layers:
        if current is not None and layer.name == "random_crop" and (problem := _crop_problem(layer, current)):
            yield problem
            return
        try:
            current = None if current is None else follow(layer, current)
        except ShapeError as error:
            yield Problem(
                "bad-augmentation", error.message, layer.places.get(error.argument or "", layer.place), error.hint
            )
            return
    if current not in (None, given):
        yield _resized(layers[-1], given, current)


def _crop_problem(layer: Component, shape: Shape) -> Problem | None:
    """Keras crops at random only what is larger in both directions; else it cuts the middle out, always the same."""
    height, width = layer.arguments["height"], layer.arguments["width"]
    if len(shape) != 3 or None in shape[:2] or (shape[0] > height and shape[1] > width):  # type: ignore[operator]
        return None
    message = f"random_crop takes {height} x {width} from images of {shape[0]} x {shape[1]}, which leaves it no choice"
    hint = "`- zero_padding2d: 4` in front of it makes room for 4 pixels in each direction"
    return Problem("bad-augmentation", message, layer.place, hint)


def _resized(layer: Component, given: Shape, result: Shape | None) -> Problem:
    message = f"{layer.name} makes images of shape {result} of {given}; in the end they must have kept their size"
    hint = f"`- random_crop: {{height: {given[0]}, width: {given[1]}}}` behind it, if it makes them larger"
    return Problem("bad-augmentation", message, layer.place, hint)
