"""`train.augment`: which layers may stand there, and what keeps them from changing these images and labels."""

from collections.abc import Iterator, Sequence

from nnctl.errors import Problem
from nnctl.spec.catalogue import traits
from nnctl.spec.network.fit import choose_label_form
from nnctl.spec.network.shapes import follow
from nnctl.spec.outcomes import Shape, ShapeError
from nnctl.spec.reader import Reader
from nnctl.spec.sections import Component, Data, DataFacts, Train


def augments(name: str) -> bool:
    """Whether a layer may stand in `train.augment`: it changes images, or makes room in front of one that does."""
    known = traits.get_layer(name)
    return known.augments or known.makes_room


def select_augmentations(reader: Reader, layers: Sequence[Component]) -> tuple[Component, ...]:
    """The layers of `train.augment`; each that is no augmentation is noted, and left out."""
    found = []
    for layer in layers:
        if augments(layer.name):
            found.append(layer)
        else:
            hint = "layers of the network stand in model.layers"
            reader.flag("no-augmentation", f"{layer.name} changes no images at random", layer.place, hint)
    return tuple(found)


def check_network(reader: Reader, layers: Sequence[Component]) -> None:
    """Notes each layer of the network, or inside one of its layers, whose place is `train.augment`."""
    for layer in layers:
        if layer.family == "layer" and (reason := traits.get_layer(layer.name).training_only):
            message = f"{layer.name!r} cannot stand here: it {reason}"
            reader.flag("excluded", message, layer.place, f"it can stand in `train.augment: [{layer.name}]`")
        check_network(reader, [value for value in layer.arguments.values() if isinstance(value, Component)])


def find_problems(train: Train, data: Data, facts: DataFacts) -> list[Problem]:
    """What keeps the layers from changing these images, or the loss from taking labels that are mixed."""
    found = [problem for layer in train.augment if (problem := _find_mixing_problem(layer, train.loss, data, facts))]
    return found or ([] if facts.shape is None else list(_find_shape_problems(train.augment, facts.shape)))


def _find_mixing_problem(layer: Component, loss: Component, data: Data, facts: DataFacts) -> Problem | None:
    """Labels that are mixed are shares of classes, which are neither one index nor -1 and 1."""
    form = choose_label_form(loss.name, data, facts, None)
    shared = form not in ("integer", "signed") and traits.get_loss(loss.name).output != "scores"
    if not traits.get_layer(layer.name).mixes or shared:
        return None
    taken = "the index of one class" if form == "integer" else "one class against the others"
    message = f"{layer.name} gives an example shares of two classes, and {loss.name} takes {taken}"
    hint = "`loss: categorical_crossentropy` takes shares, or `binary_crossentropy` with one output"
    return Problem("loss-and-labels", message, layer.place, hint)


def _find_shape_problems(layers: Sequence[Component], shape: Shape) -> Iterator[Problem]:
    """The first layer that cannot change such images, or the last if they do not keep their size."""
    given: Shape = (*shape, 1) if len(shape) == 2 else shape
    current: Shape | None = given
    for layer in layers:
        if current is not None and layer.name == "random_crop" and (problem := _find_crop_problem(layer, current)):
            yield problem
            return
        try:
            current = None if current is None else follow(layer, current)
        except ShapeError as error:
            place = layer.places.get(error.argument or "", layer.place)
            yield Problem("bad-augmentation", error.message, place, error.hint)
            return
    if current not in (None, given):
        yield _explain_resize(layers[-1], given, current)


def _find_crop_problem(layer: Component, shape: Shape) -> Problem | None:
    """Keras crops at random only what is larger in both directions; else it cuts the middle out, always the same."""
    height, width = layer.arguments["height"], layer.arguments["width"]
    if len(shape) != 3 or None in shape[:2] or (shape[0] > height and shape[1] > width):  # type: ignore[operator]
        return None
    message = f"random_crop takes {height} x {width} from images of {shape[0]} x {shape[1]}, which leaves it no choice"
    hint = "`- zero_padding2d: 4` in front of it makes room for 4 pixels in each direction"
    return Problem("bad-augmentation", message, layer.place, hint)


def _explain_resize(layer: Component, given: Shape, result: Shape | None) -> Problem:
    message = f"{layer.name} makes images of shape {result} of {given}; in the end they must have kept their size"
    hint = f"`- random_crop: {{height: {given[0]}, width: {given[1]}}}` behind it, if it makes them larger"
    return Problem("bad-augmentation", message, layer.place, hint)
