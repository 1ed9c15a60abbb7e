"""What a metric takes of the network's output, and how it is computed, as `explain` tells it."""

from collections.abc import Iterator

from nnctl.spec.catalogue import Entry, traits

_YES = "above 0.5 of a probability, above 0 of a logit or a signed score, or above the threshold that is given"
_LOST = "An output that is not finite is no answer, and counts as wrong."

_TAKEN = {
    "answers": (
        "The answer: the largest of several outputs for one class each; else of each output a yes above 0.5 of a probability, above "
        f"0 of a logit or a signed score. {_LOST}"
    ),
    "classes": f"The largest of several outputs, the first of equals. {_LOST}",
    "ranks": f"The order of an example's outputs; of equals the first stands higher. {_LOST}",
    "decisions": (
        f"A yes or no of each output: {_YES}. Of two outputs for two classes it is what is said of the second class; of logits of "
        "several classes, the shares that softmax makes of them are compared."
    ),
    "order": (
        "The outputs as they are, never clipped: logits and scores as well as probabilities. Of two outputs for two classes, the "
        "share of the second class, or by how much it exceeds the first."
    ),
    "shares": "Probabilities of classes; it knows whether the loss takes logits. They are clipped at 1e-7, as Keras does, unless "
    "they come from a softmax or from logits.",
    "probabilities": "A probability of each output; it knows whether the loss takes logits. They are clipped at 1e-7, as Keras "
    "does, unless they come from a sigmoid or from logits.",
    "signed": "The outputs as they are, against labels of -1 and 1.",
    "scores": "The outputs as they are, one for each class, against one-hot labels.",
    "numbers": "Numbers: the outputs in the data's own unit, or for classes their probabilities, against 0 and 1.",
    "directions": "The outputs of an example as a vector, beside that of its targets.",
    "correlation": "Numbers. Of one target, or with `axis: 0`, it is computed over the examples; of several along the targets of an "
    "example, and then the mean.",
}  # fmt: skip

_WHOLE = {
    "area": "each output is a threshold of its own, as in scikit-learn, unless `thresholds` are given; what is shown while an epoch "
    "trains is Keras's value at `num_thresholds` of them",
    "best_at": "each output is a threshold of its own; what is shown while an epoch trains is Keras's value at `num_thresholds` of "
    "them",
    "determination": "in float64; what is shown while an epoch trains is Keras's sum in float32",
    "pearson": "in float64; what is shown while an epoch trains is the mean of the batches' values",
    "concordance": "in float64; what is shown while an epoch trains is the mean of the batches' values",
}  # fmt: skip


def list_sections(entry: Entry) -> Iterator[tuple[str, str]]:
    """What is told of a metric beside its prose; nothing of any other component."""
    if entry.family != "metric":
        return
    known = traits.get_metric(entry.name)
    yield "Takes", _TAKEN[known.takes]
    if "average" in entry.arguments:
        yield (
            "Averages",
            "Of several classes without a threshold the largest output is the answer. With `average: null` the values of the "
            "classes become their mean, as with `macro`; a class without examples and answers counts as 0.",
        )
    if known.whole is not None:
        yield "Computed", f"Of validation, and by `nnctl evaluate`, from all outputs: {_WHOLE[known.whole]}."
