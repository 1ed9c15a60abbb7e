"""What losses ask of the network's output, and which activations give it."""

import math

from nnctl.diagnosis.facts.facts import Facts
from nnctl.spec.catalogue import traits
from nnctl.spec.sections import Component


def is_categorical(loss: Component) -> bool:
    """Whether a loss takes the output for shares of one of many classes."""
    return traits.get_loss(loss.name).output == "shares"


def is_binary(loss: Component) -> bool:
    """Whether a loss takes each output for the probability of a yes."""
    return traits.get_loss(loss.name).output == "probabilities"


def takes_logits(loss: Component) -> bool:
    """Whether a loss applies softmax or sigmoid itself."""
    return loss.arguments.get("from_logits") is True


def find_width(facts: Facts) -> int | None:
    """The width of the network's output, where it has one axis."""
    output = facts.network.output
    return output[-1] if output is not None and len(output) == 1 else None


def find_activation(loss: Component) -> str:
    """The activation that turns outputs into the probabilities that a loss compares."""
    return "softmax" if is_categorical(loss) else "sigmoid"


def find_loss(facts: Facts) -> str:
    """The loss that fits the task's labels and the width of the output; a squared error for numbers."""
    task = facts.known.task
    if task in ("regression", "multilabel"):
        return traits.get_usual_loss(task)
    return traits.get_usual_loss("binary" if find_width(facts) == 1 else "multiclass")


def reconstructs(facts: Facts) -> bool:
    """Whether the network gives as many numbers as it gets: an autoencoder, as far as one can tell."""
    shape, many = facts.known.shape, facts.known.outputs
    size = math.prod(shape or ())
    return facts.known.task == "regression" and shape is not None and size > 1 and many == size
