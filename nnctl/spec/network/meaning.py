"""What a network's output is, by its loss and its last activation: probabilities, logits, signed scores, numbers, an embedding.

This is known once, and every number that is computed from an output, while training and afterwards, goes by it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from nnctl.spec import catalogue
from nnctl.spec.catalogue import traits
from nnctl.spec.sections import CLASS_TASKS, Component

Kind = Literal["shares", "probabilities", "logits", "log_odds", "signed", "scores", "numbers", "embedding"]


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an output is.

    Attributes:
        task: `multiclass`, `binary`, `multilabel` or `regression`: what the labels ask for.
        units: how many outputs there are.
        kind: `shares`, probabilities of one of many classes, which sum to 1; `probabilities`, one of a yes for each output by
            itself; `logits`, of which softmax makes shares; `log_odds`, of which sigmoid makes probabilities; `signed`, whose
            sign is the answer; `scores`, of which the largest is the answer, or which are compared with 0 and 1; `numbers`;
            `embedding`, a place and no answer.
        head: the activation that the outputs come from, None where it is not known.
    """

    task: str
    units: int
    kind: Kind
    head: str | None = field(default=None, compare=False)

    @property
    def chooses(self) -> bool:
        """Whether each example has one class, and the output one answer."""
        return self.task in CLASS_TASKS and self.kind != "embedding"

    @property
    def one_of_many(self) -> bool:
        """Whether the largest of several outputs is the answer."""
        return self.chooses and self.units > 1

    @property
    def decides(self) -> bool:
        """Whether each output stands for a yes or no, or for one of many classes."""
        return self.kind != "embedding" and self.task != "regression"

    @property
    def threshold(self) -> float:
        """The output from which on, not at it, the answer is yes: 0 of log odds or a signed score, else 0.5.

        So `keras.metrics.BinaryAccuracy` has it of probabilities. Logits of one of many classes are compared as shares, since the
        same number may be added to all of them.
        """
        return 0.0 if self.kind in ("signed", "log_odds") else 0.5

    @property
    def probable(self) -> bool:
        """Whether probabilities can be made of the output."""
        return self.kind in ("shares", "probabilities", "logits", "log_odds")


def find_meaning(loss: Component, layers: Sequence[Component], task: str, units: int) -> Meaning:
    """What the output of a network is.

    What the loss takes it for comes first; a loss that compares numbers leaves it to the last activation.

    Args:
        loss: the loss.
        layers: the network's layers.
        task: the task of the data.
        units: how many outputs there are.
    """
    head = find_last_activation(layers)
    # What they give is no less a probability if a loss was told otherwise.
    logits = loss.arguments.get("from_logits") is True and not is_looked_behind(layers)
    return Meaning(task, units, _find_kind(loss.name, head, task, units, logits), head)


def is_looked_behind(layers: Sequence[Component]) -> bool:
    """Whether a cross-entropy finds the logits of these layers by itself, whatever it was told of them."""
    return traits.get_activation(find_last_activation(layers[-1:])).looked_behind


def _find_kind(loss: str, last: str | None, task: str, units: int, logits: bool) -> Kind:
    taken, head = traits.get_loss(loss).output, traits.get_activation(last)
    if taken == "embedding":
        return "embedding"
    if task == "regression" and taken not in ("shares", "probabilities"):
        return "numbers"
    if logits:
        return "logits" if taken == "shares" and units > 1 else "log_odds"
    if taken == "signed":
        return "signed"
    if units > 1 and task != "multilabel" and (taken == "shares" or head.shares):
        return "shares"
    if taken in ("shares", "probabilities") or head.probability or head.shares:
        return "probabilities"
    return "scores"


def find_last_activation(layers: Sequence[Component]) -> str | None:
    """The activation that the outputs come from, `linear` for none; None where a layer does something else to them."""
    for layer in map(unwrap, reversed(layers)):
        known, entry = traits.get_layer(layer.name), catalogue.get_entry("layer", layer.name)
        if "activation" in entry.arguments:
            given = layer.arguments.get("activation", entry.arguments["activation"].default)
            named = given.name if isinstance(given, Component) else str(given or "linear")
            return named if known.gates < 2 else None  # a gate multiplies what the activation gives
        if known.activates:
            return layer.name
        if not (known.moves or known.drops or known.adds_noise):
            return None
    return None


def find_head(layers: Sequence[Component]) -> Component:
    """The last layer that sets the width of the output: a mistake in the width is shown there."""
    return next((layer for layer in reversed(layers) if not traits.get_layer(layer.name).keeps_width), layers[-1])


def unwrap(layer: Component) -> Component:
    """The layer inside a wrapper, which does the work; any other layer itself."""
    inner = layer.arguments.get("layer") if traits.is_wrapper(layer.name) else None
    return inner if isinstance(inner, Component) else layer
