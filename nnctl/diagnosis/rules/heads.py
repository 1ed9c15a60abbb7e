"""Heads, losses and labels that do not go together."""

from nnctl.diagnosis.facts import Facts
from nnctl.diagnosis.finding import Finding, Fix
from nnctl.diagnosis.rule import Cause, rule


@rule("H01", "softmax-on-one-unit", "error", "static", Cause.HEAD, sure=True)
def softmax_on_one_unit(facts: Facts) -> Finding | None:
    """Softmax over a single output.

    What: the last layer has one unit and its activation is softmax.
    Why: softmax divides each output by the sum of all; of one output that is always 1. The loss cannot change, and the
        network never learns.
    Confirm: the predictions are all 1.
    Fix: `sigmoid` for two classes, `linear` for a number.
    Source: NeuraLint (Nikanjam et al., TOSEM 2022); Keras warns of it, too.
    """
    head = facts.network.head
    if head.activation != "softmax" or head.output is None or head.output[-1] != 1:
        return None
    better = "linear" if facts.known.task == "regression" else "sigmoid"
    path = ("model", "layers", head.index, "activation")
    found = "softmax over one unit: its output is always 1"
    return Finding(found, "the loss cannot change", path, head.where, Fix.setting(path, better))
