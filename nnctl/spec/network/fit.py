"""Whether the labels fit the loss and the output: which form the loss gets them in, and how many outputs that takes.

The most common beginner's mismatch (integers for a categorical loss, one-hot rows for a sparse one) cannot happen, because
the form follows the loss.
"""

import math
from collections.abc import Sequence

from nnctl.errors import Problem
from nnctl.spec.catalogue import traits
from nnctl.spec.network.meaning import find_head, find_last_activation
from nnctl.spec.outcomes import Shape
from nnctl.spec.sections import CLASS_TASKS, Component, Data, DataFacts

_TOLD = 8  # classes that a message names


def takes_classes(loss: str) -> bool:
    """Whether a loss says that labels are classes or shares of them, even if they are stored as numbers."""
    return traits.get_loss(loss).labels != "number" or traits.get_loss(loss).output == "shares"


def takes_yes(loss: str) -> bool:
    """Whether a loss says that a label from 0 to 1 is the share of a yes."""
    return traits.get_loss(loss).output == "probabilities"


def takes_numbers(loss: str, layers: Sequence[Component]) -> bool:
    """Whether whole numbers are numbers to predict: the loss compares numbers, and there is one output that nothing bounds.

    Classes would take an output each, or one from 0 to 1. What is not known of the last activation does not bound it.
    """
    head, taken = find_head(layers).arguments, traits.get_loss(loss)
    one = head.get("units", head.get("filters")) == 1
    free = not traits.get_activation(find_last_activation(layers)).bounded
    return one and free and (taken.labels, taken.output) == ("number", "numbers")


def choose_label_form(loss: str, data: Data, facts: DataFacts, units: int | None) -> str:
    """The form in which a loss gets its labels.

    Args:
        loss: the loss's name.
        data: the section whose `labels` may insist on a form.
        facts: what is known of the data.
        units: the width of the output, or None if it is not known.

    Returns:
        `integer`: int32 of shape (n,); `one_hot`: float32 of shape (n, classes); `binary`: float32 of shape (n, 1), 0 or 1;
        `signed`: float32, -1 or 1, of shape (n, 1) for one output and (n, classes) for more; `number`: float32 as they
        stand. Shares take the place of 0 and 1.
    """
    if data.labels not in ("auto", "multilabel"):
        return {"integer": "integer", "one_hot": "one_hot", "raw": "number"}[data.labels]
    taken = traits.get_loss(loss).labels
    if taken == "integer" or (taken == "signed" and facts.task != "regression"):
        return taken
    if facts.task not in CLASS_TASKS:
        return "number"
    return "binary" if units == 1 and facts.outputs == 2 else "one_hot"


def find_problems(loss: Component, data: Data, facts: DataFacts, head: Component, output: Shape) -> list[Problem]:
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
    if mismatch := _find_form_problem(loss, data, facts):
        return [mismatch]
    if len(output) != 1:
        return [_explain_rank(head, output, facts)]
    units = output[0]
    wanted = _count_outputs(loss.name, choose_label_form(loss.name, data, facts, units), facts, units)
    spare = traits.get_loss(loss.name).labels == "integer"  # an index just never names the outputs beyond the classes
    if units is None or wanted is None or units == wanted or (spare and units > wanted):
        return []
    return [_explain_width(loss, facts, head, units, wanted)]


def find_target_scale_problems(loss: Component, data: Data, facts: DataFacts) -> list[Problem]:
    """What keeps `target_scale` from meaning anything: a loss that asks for more than the difference of output and target.

    Such a loss takes its numbers as they are (counts, shares, logarithms, directions, signs), and standardised ones, half of
    which are below 0, are something else to it.

    Args:
        loss: the loss.
        data: the `data` section.
        facts: what is known of the data; of another task than regression `find_problems` says that nothing is scaled.
    """
    if data.target_scale != "standard" or facts.task not in (None, "regression"):
        return []
    if traits.get_loss(loss.name).difference:
        return []
    message = f"target_scale hands the loss standardised numbers, and {loss.name} takes them as they are in the data"
    hint = f"leave it out, or take a loss of differences: `{traits.get_usual_loss('regression')}`"
    return [Problem("contradiction", message, data.places.get("target_scale"), hint)]


def _find_form_problem(loss: Component, data: Data, facts: DataFacts) -> Problem | None:
    taken = traits.get_loss(loss.name)
    indices = taken.labels == "integer"
    if indices and facts.task not in CLASS_TASKS:
        other = traits.get_usual_loss(str(facts.task))
        labels = "several labels an example" if facts.task == "multilabel" else "numbers"
        message = f"{loss.name} takes the index of one class, and the data hold {labels}"
        hint = f"for these there is `{other}`; if whole numbers stand for classes, `data.labels: integer`"
        return Problem("loss-and-labels", message, loss.place, hint)
    if indices and facts.shares:
        message = f"{loss.name} takes the index of one class, and the data hold shares of {facts.outputs} classes"
        hint = f"`{taken.sibling or traits.get_usual_loss('multiclass')}` takes shares"
        return Problem("loss-and-labels", message, loss.place, hint)
    given = data.labels
    if (given == "integer" and not indices and facts.outputs != 1 and facts.task in CLASS_TASKS) or (
        given == "one_hot" and indices
    ):
        wanted = "class indices" if indices else "a number for each output"
        message = f"labels is {given!r}, but {loss.name} takes {wanted}"
        other = f"; {taken.sibling} takes them as they are" if taken.sibling else ""
        hint = f"`labels: auto` follows the loss{other}"
        return Problem("loss-and-labels", message, data.places.get("labels"), hint)
    return None


def _explain_rank(head: Component, output: Shape, facts: DataFacts) -> Problem:
    shape = f"({', '.join('?' if size is None else str(size) for size in output)})"
    message = f"the network's output has the shape {shape} an example, and the labels take one row of numbers"
    if len(output) < 2:
        hint = "end with a layer that gives one axis"
    elif math.prod(size or 0 for size in output) == facts.outputs:  # as at the end of an autoencoder of images
        hint = f"add `- flatten` after it: the data have {facts.outputs:,} targets"
    else:
        hint = "insert `- flatten` or a global pooling before it"
    return Problem("output-shape", message, head.place, hint)


def _count_outputs(loss: str, form: str, facts: DataFacts, units: int | None) -> int | None:
    """How many outputs the labels take; None where any number does or it is not known."""
    if traits.get_loss(loss).output == "embedding":  # its width has nothing to do with the number of classes
        return None
    if form in ("binary", "signed") and facts.task == "binary":
        return 2 if units == 2 and form == "signed" else 1
    if form == "number" and facts.task in CLASS_TASKS:
        return 1
    return facts.outputs


def _explain_width(loss: Component, facts: DataFacts, head: Component, units: int, wanted: int) -> Problem:
    noun = {"regression": "target", "multilabel": "label"}.get(str(facts.task), "class")
    held = facts.outputs or wanted  # of two classes one output tells both
    numbers = units == 1 and noun == "class" and traits.get_loss(loss.name).output == "numbers"
    other = "; if the labels are numbers to predict, `data.labels: raw`" if numbers else ""
    plural = noun if held == 1 else {"class": "classes"}.get(noun, f"{noun}s")
    outputs = "output" if units == 1 else "outputs"
    message = f"the data have {held} {plural}, and {head.name} gives {units} {outputs} to {loss.name}"
    place = head.places.get("units") or head.places.get("filters") or head.place
    hint = f"units: {wanted}{other}"
    sure = not other and not facts.absent and place is not head.place
    if facts.absent:
        message, hint = (
            f"{message}; {describe_absent(facts.absent)}",
            f"{hint}; or number the classes 0, 1, 2, ... without a gap",
        )
    return Problem("outputs", message, place, hint, str(wanted) if sure else None)


def describe_absent(absent: Sequence[int]) -> str:
    """Says which classes no training example has: at most eight of them."""
    more = f" and {len(absent) - _TOLD:,} more" if len(absent) > _TOLD else ""
    noun = "class" if len(absent) == 1 else "the classes"
    return f"no training example has {noun} {', '.join(map(str, absent[:_TOLD]))}{more}"
