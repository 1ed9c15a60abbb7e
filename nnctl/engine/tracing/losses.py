"""The loss of one example, written out: the formula, the numbers in it, and what comes of it."""

import math
from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from nnctl.diagnosis.facts.network import read_argument
from nnctl.engine.network.labels import FormedLoss
from nnctl.engine.tracing.values import TracedLoss
from nnctl.spec.catalogue import traits
from nnctl.spec.sections import Component
from nnctl.topics.formulas import find_formula

_MOST = 4  # outputs whose terms are all written
_CLOSE = 1e-3  # what is written may differ from the engine's loss by float32's rounding, and by no more


def trace_loss(
    component: Component, loss: FormedLoss, y: Any, answer: Any, value: float, penalty: float, weight: float = 1.0
) -> TracedLoss:
    """The loss of one example, with its numbers in the formula where these are few.

    Args:
        component: the loss in the spec.
        loss: the engine's.
        y: the label as it is loaded, with the batch axis.
        answer: the output, with the batch axis.
        value: what the engine's loss gives.
        penalty: what regularizers add.
        weight: how much the example counts.
    """
    target = np.asarray(keras.ops.convert_to_numpy(loss.scale(loss.convert(keras.ops.convert_to_tensor(y)))))[0]
    output = np.asarray(loss.scale(answer)).astype(np.float64)[0]
    steps, computed = _write(component, target, output)
    if weight != 1.0 and steps:
        steps, computed = [f"{weight:.5g} * {step}" for step in (f"({steps[0]})", *steps[1:])], weight * computed
    # What a clip, a smoothing or a draw makes of it is not in the formula, and is not written.
    right = bool(steps) and math.isclose(computed, value, rel_tol=_CLOSE, abs_tol=1e-6)
    formula = find_formula("loss", component.name)
    told = (*steps, f"{value:.5g}") if right else ()
    return TracedLoss(component.name, formula, told, target, output, value, penalty)


def _write(component: Component, target: np.ndarray, output: np.ndarray) -> tuple[Sequence[str], float]:
    """The formula with its numbers, step by step, and what they come to; nothing where they would be too many."""
    known, logits = traits.get_loss(component.name), bool(read_argument(component, "from_logits"))
    if known.entropy and known.output == "shares":
        return _write_shares(target, output, logits)
    p, y = output.reshape(-1), np.asarray(target, np.float64).reshape(-1)
    if len(p) > _MOST or len(p) != len(y):
        return (), math.nan
    if known.entropy and set(y) <= {0.0, 1.0}:
        return _join([_write_answer(*each, logits) for each in zip(y, p, strict=True)])
    if known.difference and known.distance == "squared":
        return _join([(f"({_format(a, b)})**2", (a - b) ** 2) for a, b in zip(y, p, strict=True)])
    if known.difference and known.distance == "absolute":
        return _join([(f"abs({_format(a, b)})", abs(a - b)) for a, b in zip(y, p, strict=True)])
    return (), math.nan


def _write_shares(target: np.ndarray, output: np.ndarray, logits: bool) -> tuple[Sequence[str], float]:
    if output.ndim != 1 or not (target.ndim == 0 or ((np.sort(target)[:-1] == 0).all() and target.max() == 1)):
        return (), math.nan
    right = int(target) if target.ndim == 0 else int(target.argmax())
    if not logits:
        p = float(output[right])
        return (f"-log p[{right}]", f"-log {p:.7g}"), -math.log(p) if p > 0 else math.nan
    spread = float(np.log(np.exp(output - output.max()).sum()) + output.max())
    written = (f"log(sum(exp(z))) - z[{right}]", f"{spread:.7g} - {_wrap(float(output[right]))}")
    return written, spread - float(output[right])


def _write_answer(y: float, p: float, logits: bool) -> tuple[str, float]:
    """The cross-entropy of one yes or no."""
    if logits:
        sign = "-" if y else ""
        return f"log(1 + exp({sign}{_wrap(p) if y else f'{p:.7g}'}))", float(np.logaddexp(0, -p if y else p))
    held = p if y else 1 - p
    return (f"-log {p:.7g}" if y else f"-log(1 - {p:.7g})"), -math.log(held) if held > 0 else math.nan


def _join(terms: Sequence[tuple[str, float]]) -> tuple[Sequence[str], float]:
    """Terms of the outputs as their mean."""
    mean = sum(value for _, value in terms) / len(terms)
    if len(terms) == 1:
        return (terms[0][0],), mean
    return (f"mean({', '.join(text for text, _ in terms)})",), mean


def _format(y: float, p: float) -> str:
    return f"{y:.7g} - {_wrap(p)}"


def _wrap(value: float) -> str:
    """A number behind a minus."""
    return f"({value:.7g})" if value < 0 else f"{value:.5g}"
