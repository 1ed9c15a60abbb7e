"""From a network's raw outputs to its answers: probabilities, decisions, and what examples are ranked by.

Throughout, `outputs` is float of shape (n, units), as the network gives them. An output that is not finite is no answer.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnctl.spec.network.meaning import Meaning

Outputs = NDArray[Any]
NO_ANSWER = -1


def compute_probabilities(outputs: Outputs, meaning: Meaning) -> NDArray[np.float32]:
    """Outputs as probabilities, float32 of shape (n, units): logits go through softmax or sigmoid, others stay as they are.

    Raises:
        ValueError: no probabilities can be made of them.
    """
    if not meaning.probable:
        raise ValueError(f"{meaning.kind} are no probabilities")
    made = _MADE.get(meaning.kind)
    return np.asarray(outputs if made is None else made(np.asarray(outputs, np.float64)), np.float32)


def spread_classes(values: Outputs, meaning: Meaning) -> Outputs:
    """Values with a column for each class, of shape (n, k): of one output for two classes what is told of both.

    Probabilities of the two sum to 1, and scores lie equally far on either side of the threshold.

    Args:
        values: probabilities, or the outputs themselves where there are none, float of shape (n, units).
        meaning: what the outputs are.
    """
    if not meaning.chooses or values.shape[1] > 1:
        return values
    return np.hstack([(1 if meaning.probable else 2 * meaning.threshold) - values, values])


def find_answered(outputs: Outputs, meaning: Meaning) -> NDArray[np.bool_]:
    """Where there is an answer: of shape (n,), or (n, units) where each output is one of its own."""
    finite: NDArray[np.bool_] = np.isfinite(outputs)
    return np.all(finite, axis=1) if meaning.chooses or meaning.kind == "embedding" else finite


def decide(outputs: Outputs, meaning: Meaning) -> NDArray[np.int32]:
    """The answers: int32 of shape (n,), the class of each example; or (n, units), 0 or 1 for each label.

    The class of the highest output, of equals the first; of one output, and of each label, yes above the threshold. `NO_ANSWER`
    where an output is not finite.

    Raises:
        ValueError: the outputs decide nothing.
    """
    if not meaning.decides:
        raise ValueError(f"{meaning.kind} decide nothing")
    if meaning.one_of_many:
        chosen = outputs.argmax(axis=1)
    else:
        chosen = outputs > meaning.threshold
        chosen = chosen[:, 0] if meaning.chooses else chosen
    return np.where(find_answered(outputs, meaning), chosen, NO_ANSWER).astype(np.int32)


def compute_ranking(outputs: Outputs, meaning: Meaning) -> Outputs:
    """What examples of two classes are ranked by, of shape (n,), higher for what looks like class 1; never clipped.

    The output itself where there is one; of two that are no shares, by how much the second exceeds the first, since the larger
    one is the answer.
    """
    if outputs.shape[1] == 1:
        return outputs[:, 0]
    return outputs[:, 1] if meaning.kind == "shares" else outputs[:, 1].astype(np.float64) - outputs[:, 0]


def compute_log_odds(outputs: Outputs) -> NDArray[np.float32]:
    """Of logits of one of many classes the log odds of each against all others, float32 of shape (n, units), units > 1.

    They stand in the order of the probabilities, of which many round to 0 or 1; rounded from float64, so that equals are equal.
    """
    logits, rows = np.asarray(outputs, np.float64), np.arange(len(outputs))
    top = logits.argmax(axis=1)
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    others = powers.sum(axis=1, keepdims=True) - powers
    below = logits.copy()
    below[rows, top] = -np.inf
    second = below.max(axis=1)
    found = logits - logits.max(axis=1, keepdims=True) - np.log(np.where(others > 0, others, 1))
    found[rows, top] = logits[rows, top] - second - np.log(np.exp(below - second[:, None]).sum(axis=1))
    return np.asarray(found, np.float32)


def _compute_softmax(outputs: NDArray[np.float64]) -> NDArray[np.float64]:
    with np.errstate(invalid="ignore"):  # of outputs that are not finite there are no shares
        powers = np.exp(outputs - outputs.max(axis=1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def _compute_sigmoid(outputs: NDArray[np.float64]) -> NDArray[np.float64]:
    """1 / (1 + exp(-x)) in a form that does not overflow, and keeps its digits where it is small."""
    with np.errstate(invalid="ignore"):  # of NaN there is no probability
        return np.asarray(np.exp(-np.logaddexp(0, -outputs)))


_MADE: dict[str, Callable[[NDArray[np.float64]], NDArray[np.float64]]] = {
    "logits": _compute_softmax,
    "log_odds": _compute_sigmoid,
}
