"""Whether the labels fit the loss and the output: which form the loss gets them in, and how many outputs that takes.

The most common beginner's mismatch (integers for a categorical loss, one-hot rows for a sparse one) cannot happen, because
the form follows the loss.
"""

import math

from nnctl.errors import Problem
from nnctl.registry import nearest
from nnctl.spec.sections import Component, Data, Facts

# Losses that take class indices, and those whose formula is for labels in {0, 1} or in {-1, 1}; every other loss compares
# numbers with numbers. As the docstrings of keras.losses have it.
_INTEGER = {"sparse_categorical_crossentropy", "categorical_generalized_cross_entropy", "circle"}
_BINARY = {"binary_crossentropy", "binary_focal_crossentropy"}
_SIGNED = {"hinge", "squared_hinge"}
_ANY_WIDTH = {"circle"}  # compares embeddings: their width has nothing to do with the number of classes

# Losses that say that labels are classes, whatever type they are stored in.
_OF_CLASSES = {
    *_INTEGER,
    *_BINARY,
    *_SIGNED,
    "categorical_crossentropy",
    "categorical_focal_crossentropy",
    "categorical_hinge",
}

_CLASSES = ("multiclass", "binary")


def takes_classes(loss: str) -> bool:
    """Whether a loss says that labels are classes, even if they are stored as numbers."""
    return loss in _OF_CLASSES


def label_form(loss: str, data: Data, facts: Facts, units: int | None) -> str:
    """The form in which a loss gets its labels.

    Args:
        loss: the loss's name.
        data: the section whose `labels` may insist on a form.
        facts: what is known of the data.
        units: the width of the output, or None if it is not known.

    Returns:
        `integer`: int32 of shape (n,); `one_hot`: float32 of shape (n, classes); `binary`: float32 of shape (n, 1), 0 or 1;
        `signed`: float32, -1 or 1, of shape (n, 1) for one output and (n, classes) for more; `number`: float32 as they stand.
    """
    if data.labels != "auto":
        return {"integer": "integer", "one_hot": "one_hot", "raw": "number"}[data.labels]
    if loss in _INTEGER:
        return "integer"
    if loss in _SIGNED and facts.task != "regression":
        return "signed"
    if facts.task not in _CLASSES:
        return "number"
    return "binary" if units == 1 and facts.outputs == 2 else "one_hot"


def problems(
    loss: Component, data: Data, facts: Facts, head: Component, output: tuple[int | None, ...]
) -> list[Problem]:
    """What keeps the labels from being fed to the loss beside this output.

    Args:
        loss: the loss.
        data: the `data` section.
        facts: what is known of the data; nothing is said where the task is unknown.
        head: the last layer that sets the width of the output, where a mistake is shown.
        output: the shape of the output, without the batch axis.
    """
    if facts.task is None:
        return []
    if data.target_scale == "standard" and facts.task != "regression":
        message = f"target_scale is for numbers to predict, and the task is {facts.task}"
        return [Problem("contradiction", message, data.places.get("target_scale"), "leave it out")]
    if mismatch := _form_problem(loss, data, facts):
        return [mismatch]
    if len(output) != 1:
        return [_rank_problem(head, output, facts)]
    units = output[0]
    wanted = _width(loss.name, label_form(loss.name, data, facts, units), facts, units)
    if units is None or wanted is None or units == wanted or (_more_will_do(loss.name) and units > wanted):
        return []
    return [_width_problem(loss, facts, head, units, wanted)]


def _form_problem(loss: Component, data: Data, facts: Facts) -> Problem | None:
    if loss.name in _INTEGER and facts.task not in _CLASSES:
        other = {"multilabel": "binary_crossentropy", "regression": "mean_squared_error"}[str(facts.task)]
        labels = "several labels an example" if facts.task == "multilabel" else "numbers"
        message = f"{loss.name} takes the index of one class, and the data hold {labels}"
        hint = f"for these there is `{other}`; if whole numbers stand for classes, `data.labels: integer`"
        return Problem("loss-and-labels", message, loss.place, hint)
    given = data.labels
    if (given == "integer" and loss.name not in _INTEGER and facts.outputs != 1 and facts.task in _CLASSES) or (
        given == "one_hot" and loss.name in _INTEGER
    ):
        wanted = "class indices" if loss.name in _INTEGER else "a number for each output"
        message = f"labels is {given!r}, but {loss.name} takes {wanted}"
        sibling = nearest(
            loss.name.removeprefix("sparse_") if loss.name in _INTEGER else f"sparse_{loss.name}", _SIBLINGS
        )
        hint = "`labels: auto` follows the loss" + (f"; {sibling} takes them as they are" if sibling else "")
        return Problem("loss-and-labels", message, data.places.get("labels"), hint)
    return None


_SIBLINGS = ("categorical_crossentropy", "sparse_categorical_crossentropy")


def _rank_problem(head: Component, output: tuple[int | None, ...], facts: Facts) -> Problem:
    shape = f"({', '.join('?' if size is None else str(size) for size in output)})"
    message = f"the network's output has the shape {shape} an example, and the labels take one row of numbers"
    if len(output) < 2:
        hint = "end with a layer that gives one axis"
    elif math.prod(size or 0 for size in output) == facts.outputs:  # as at the end of an autoencoder of images
        hint = f"add `- flatten` after it: the data have {facts.outputs:,} targets"
    else:
        hint = "insert `- flatten` or a global pooling before it"
    return Problem("output-shape", message, head.place, hint)


def _width(loss: str, form: str, facts: Facts, units: int | None) -> int | None:
    """How many outputs the labels take; None where any number does or it is not known."""
    if loss in _ANY_WIDTH:
        return None
    if form in ("binary", "signed") and facts.task == "binary":
        return 2 if units == 2 and form == "signed" else 1
    if form == "number" and facts.task in _CLASSES:
        return 1
    return facts.outputs


def _more_will_do(loss: str) -> bool:
    """Whether outputs beyond the number of classes can be fed: an index just never names them."""
    return loss in _INTEGER


def _width_problem(loss: Component, facts: Facts, head: Component, units: int, wanted: int) -> Problem:
    noun = {"regression": "target", "multilabel": "label"}.get(str(facts.task), "class")
    plural = noun if wanted == 1 else {"class": "classes"}.get(noun, f"{noun}s")
    outputs = "output" if units == 1 else "outputs"
    message = f"the data have {wanted} {plural}, and {head.name} gives {units} {outputs} to {loss.name}"
    place = head.places.get("units") or head.places.get("filters") or head.place
    return Problem("outputs", message, place, f"units: {wanted}")
