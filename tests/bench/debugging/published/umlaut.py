"""UMLAUT's heuristics, with the thresholds of its source.

Schoop, Huang and Hartmann, UMLAUT: Debugging Deep Learning Programs using Program Structure and Model Behavior, CHI 2021,
table 1. Read generously: the activation is resolved wherever it stands, a sigmoid is good for binary cross-entropy, and the
inputs are those behind the spec's own scaling. Rules about an image's axes and the input's type cannot fail here.
"""

import itertools
import math
from collections.abc import Callable, Iterator

from tests.bench.debugging.published.facts import Facts, Symptom, activations

RATE_HIGH, RATE_LOW = 0.01, 1e-7
DROPOUT = 0.5
SUSPICIOUS, EARLIEST = 0.95, 3

NO_SOFTMAX = Symptom("missing softmax before the loss", ("H02",))
NO_ACTIVATION = Symptom("missing activation", ("A01",))
DROPPED = Symptom("high dropout rate", ("A10",))
UNSCALED = Symptom("input outside [-1, 1]", ("X02",))
NOT_A_NUMBER = Symptom("NaN loss", ("X01", "D01"))
FAST = Symptom("high learning rate", ("C01",))
SLOW = Symptom("low learning rate", ("C01",))
OVERFIT = Symptom("overfitting", ("D10",))
TOO_GOOD = Symptom("high validation accuracy", ("D13", "X08", "D14"))


def symptoms(facts: Facts) -> list[Symptom]:
    """Every message, in the tool's order: before training first."""
    rules: tuple[Callable[[Facts], Symptom | None], ...] = (
        *(_softmax, _activation, _dropout, _inputs, _loss, _rate, _overfitting, _too_good),
    )
    return [found for rule in rules if (found := rule(facts))]


def _softmax(facts: Facts) -> Symptom | None:
    loss, layers = facts.spec.train.loss, activations(facts.spec)
    if "crossentropy" not in loss.name or loss.arguments.get("from_logits") is True or not layers:
        return None
    fitting = ("softmax", "sigmoid") if loss.name.startswith("binary") else ("softmax",)
    return None if layers[-1][1] in fitting else NO_SOFTMAX


def _activation(facts: Facts) -> Symptom | None:
    return NO_ACTIVATION if any(name == "linear" for _, name in activations(facts.spec)[:-1]) else None


def _dropout(facts: Facts) -> Symptom | None:
    rates = [layer.arguments.get("rate") for layer in facts.spec.layers if layer.name == "dropout"]
    return DROPPED if any(isinstance(rate, (int, float)) and rate > DROPOUT for rate in rates) else None


def _inputs(facts: Facts) -> Symptom | None:
    return UNSCALED if abs(facts.inputs).max() > 1 else None


def _loss(facts: Facts) -> Symptom | None:
    lost = facts.status == "diverged" or any(not math.isfinite(row["loss"]) for row in facts.history)
    return NOT_A_NUMBER if lost else None


def _rate(facts: Facts) -> Symptom | None:
    if facts.rate > RATE_HIGH:
        return FAST
    return SLOW if facts.rate < RATE_LOW else None


def _overfitting(facts: Facts) -> Symptom | None:
    """One epoch whose validation loss rises while the training loss does not."""
    rows = [row for row in facts.history if "val_loss" in row]
    return OVERFIT if any(_parted(before, after) for before, after in itertools.pairwise(rows)) else None


def _parted(before: dict[str, float], after: dict[str, float]) -> bool:
    return after["val_loss"] > before["val_loss"] and after["loss"] <= before["loss"]


def _too_good(facts: Facts) -> Symptom | None:
    return TOO_GOOD if any(_suspicious(facts)) else None


def _suspicious(facts: Facts) -> Iterator[bool]:
    for row in facts.history[EARLIEST:]:
        if "val_accuracy" in row and "accuracy" in row:
            yield row["val_accuracy"] > SUSPICIOUS or row["val_accuracy"] > row["accuracy"]
