"""What a network's outputs mean: probabilities or numbers, each with the name of a class, a label or a target."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnctl.spec.catalogue import traits
from nnctl.spec.sections import Spec

Outputs = NDArray[Any]


def name_answers(known: Sequence[str], task: str, units: int) -> tuple[str, ...]:
    """A name for each answer; those beyond the known ones are called by their index.

    Args:
        known: of the classes, labels or targets, as far as the data tell them.
        task: the task of the data; of `binary` two classes are told, however many outputs there are.
        units: how many outputs the network has.
    """
    count = 2 if task == "binary" else units
    return (*known[:count], *(str(index) for index in range(len(known), count)))


def make_answers(outputs: Outputs, spec: Spec, task: str) -> Outputs:
    """Outputs with one column a name: probabilities, of `binary` for both classes, or the numbers of a regression.

    Args:
        outputs: float32 of shape (n, units).
        spec: as `compute_probabilities` takes it.
        task: the task of the data.

    Returns:
        float32 of shape (n, k).
    """
    if task == "regression":
        return outputs
    found = compute_probabilities(outputs, spec, task)
    return np.hstack([1 - found, found]) if task == "binary" and found.shape[1] == 1 else found


def compute_probabilities(outputs: Outputs, spec: Spec, task: str) -> Outputs:
    """Outputs as probabilities, float32: (n, classes), (n, 1) for one output of two classes, (n, labels) for many labels.

    Logits go through softmax or sigmoid; single signed outputs, for hinge losses, from [-1, 1] to [0, 1]. Rows that are no
    distribution (a linear output trained with MSE) stay as they are: their order tells the class, and scores that need
    probabilities are undefined for them.

    Args:
        outputs: float32 of shape (n, units).
        spec: tells the loss, and whether it took logits.
        task: the task of the data.
    """
    logits = spec.train.loss.arguments.get("from_logits") is True
    signed = traits.get_loss(spec.train.loss.name).output == "signed"
    if task == "multilabel" or outputs.shape[1] == 1:
        outputs = (outputs + 1) / 2 if signed else outputs
        return _compute_sigmoid(outputs) if logits else np.clip(outputs, 0, 1)
    return _compute_softmax(outputs) if logits else outputs


def _compute_softmax(outputs: Outputs) -> Outputs:
    powers = np.exp(outputs - outputs.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), dtype=np.float32)


def _compute_sigmoid(outputs: Outputs) -> Outputs:
    """1 / (1 + exp(-x)), by way of tanh, which does not overflow."""
    return np.asarray(0.5 * (1 + np.tanh(outputs / 2)), dtype=np.float32)
