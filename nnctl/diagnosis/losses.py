"""What losses ask of the network's output, and which activations give it."""

from nnctl.diagnosis.facts import Facts
from nnctl.spec.sections import Component

# Losses of one class among several, and those of a yes or no for each output. As the docstrings of keras.losses have it.
CATEGORICAL = {
    *("categorical_crossentropy", "sparse_categorical_crossentropy", "categorical_focal_crossentropy"),
    *("categorical_generalized_cross_entropy", "kl_divergence"),
}
BINARY = {"binary_crossentropy", "binary_focal_crossentropy"}
SPARSE = {"sparse_categorical_crossentropy", "categorical_generalized_cross_entropy"}
# Losses that compare numbers by their distance; of these the ones whose gradient does not grow with the error.
DISTANCES = {
    *("mean_squared_error", "mean_absolute_error", "mean_absolute_percentage_error", "huber", "log_cosh"),
    "mean_squared_logarithmic_error",
}
ABSOLUTE = {"mean_absolute_error", "mean_absolute_percentage_error"}
HINGES = {"hinge", "squared_hinge"}

# Activations by what they give: shares that sum to 1; anything from 0 to 1; what is bounded; nothing below 0.
SHARES = {"softmax", "sparsemax"}
PROBABILITIES = {"sigmoid", "hard_sigmoid", "sparse_sigmoid"}
BOUNDED = {*SHARES, *PROBABILITIES, "tanh", "hard_tanh", "softsign"}
POSITIVE = {*PROBABILITIES, "exponential", "softplus", "squareplus", "sparse_plus"}
CLIPPED = {"relu", "relu6"}

CLASSES = ("multiclass", "binary")


def logits(loss: Component) -> bool:
    """Whether a loss applies softmax or sigmoid itself."""
    return loss.arguments.get("from_logits") is True


def units(facts: Facts) -> int | None:
    """The width of the network's output, where it has one axis."""
    output = facts.network.output
    return output[-1] if output is not None and len(output) == 1 else None


def proper(loss: Component) -> str:
    """The activation that turns outputs into the probabilities that a loss compares."""
    return "softmax" if loss.name in CATEGORICAL else "sigmoid"


def crossentropy(facts: Facts) -> str:
    """The loss that fits the task's labels and the width of the output; a squared error for numbers."""
    if facts.known.task == "regression":
        return "mean_squared_error"
    if facts.known.task == "multilabel" or units(facts) == 1:
        return "binary_crossentropy"
    return "categorical_crossentropy"


def reconstructs(facts: Facts) -> bool:
    """Whether the network gives as many numbers as it gets: an autoencoder, as far as one can tell."""
    shape, many = facts.known.shape, facts.known.outputs
    size = 1
    for each in shape or ():
        size *= each
    return facts.known.task == "regression" and shape is not None and size > 1 and many == size
