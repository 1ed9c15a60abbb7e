"""What outputs of a network are, said once more from Keras's documentation, and examples of them to score."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
View = Literal["shares", "yes", "many logits", "log odds", "signed", "scores", "numbers", "embedding"]

# What a loss reads: a distribution over the classes, or a yes of each output.
DISTRIBUTIONS = (
    "categorical_crossentropy", "sparse_categorical_crossentropy", "categorical_focal_crossentropy",
    "categorical_generalized_cross_entropy", "kl_divergence",
)  # fmt: skip
YES_OR_NO = ("binary_crossentropy", "binary_focal_crossentropy")
SIGNED = ("hinge", "squared_hinge")
# Of an index, outputs may be to spare.
INDEXED = ("sparse_categorical_crossentropy", "categorical_generalized_cross_entropy")
SHARES, SHARE = ("softmax", "sparsemax"), ("sigmoid", "hard_sigmoid", "sparse_sigmoid")


@dataclass(frozen=True, eq=False)
class Situation:
    """A task, what the network ends with, and some examples.

    Attributes:
        task: `binary`, `multiclass`, `multilabel` or `regression`.
        count: how many classes, labels or targets there are.
        loss: the loss.
        logits: whether it was told `from_logits`.
        head: the activation that the outputs come from.
        labels: as they are stored: indices int32 of (n,), shares of classes float32 of (n, classes), 0 and 1 of (n, labels),
            numbers float32 of (n,) or (n, targets).
        outputs: float32 of shape (n, units).
    """

    task: str
    count: int
    loss: str
    logits: bool
    head: str
    labels: NDArray[Any]
    outputs: NDArray[np.float32]

    @property
    def units(self) -> int:
        return int(self.outputs.shape[1])

    @property
    def exclusive(self) -> bool:
        """Whether each example has one class."""
        return self.task in ("binary", "multiclass")

    @property
    def largest(self) -> bool:
        """Whether the class of the largest output is the answer."""
        return self.exclusive and self.units > 1

    @cached_property
    def view(self) -> View:
        """What the outputs are."""
        if self.loss == "circle":
            return "embedding"
        distribution, yes = self.loss in DISTRIBUTIONS, self.loss in YES_OR_NO
        if self.logits:
            return "many logits" if distribution and self.units > 1 else "log odds"
        if self.task == "regression" and not (distribution or yes):
            return "numbers"
        if self.loss in SIGNED:
            return "signed"
        if self.exclusive and self.units > 1 and (distribution or self.head in SHARES):
            return "shares"
        if distribution or yes or self.head in SHARE + SHARES:
            return "yes"
        return "scores"

    @cached_property
    def exact(self) -> Numbers:
        """The outputs in float64."""
        return self.outputs.astype(np.float64)

    @property
    def probable(self) -> bool:
        """Whether there are probabilities, one an output."""
        return self.view in ("shares", "yes", "many logits", "log odds")

    @cached_property
    def probabilities(self) -> Numbers:
        """Probabilities of the outputs, where these stand for some; else the outputs."""
        with np.errstate(all="ignore"):
            if self.view == "many logits":
                powers = np.exp(self.exact - self.exact.max(axis=1, keepdims=True))
                return np.asarray(powers / powers.sum(axis=1, keepdims=True))
            return 1 / (1 + np.exp(-self.exact)) if self.view == "log odds" else self.exact

    @property
    def cut(self) -> float:
        """Above what an output is a yes."""
        return 0.0 if self.view in ("signed", "log odds") else 0.5

    @cached_property
    def index(self) -> NDArray[np.int64]:
        """The class of each example: of shares the one with the largest."""
        return (self.labels.argmax(axis=1) if self.labels.ndim == 2 else self.labels).astype(np.int64)

    @cached_property
    def rows(self) -> NDArray[np.int64]:
        """What is true, 0 or 1, of shape (n, units): of one output for two classes, whether it is class 1."""
        if not self.exclusive:
            return (self.labels >= 0.5).astype(np.int64).reshape(self.outputs.shape)
        return self.index[:, None] if self.units == 1 else np.eye(self.units, dtype=np.int64)[self.index]

    @cached_property
    def numbers(self) -> Numbers:
        """What outputs are compared with as numbers, of shape (n, units)."""
        labels = self.labels.astype(np.float64)
        if not self.exclusive:
            found = labels.reshape(self.outputs.shape)
        elif labels.ndim == 1:
            found = self.rows.astype(np.float64)
        elif self.units == 1:
            found = labels[:, 1:]
        else:
            found = np.pad(labels, [(0, 0), (0, self.units - labels.shape[1])])
        return found

    @cached_property
    def answered(self) -> NDArray[np.bool_]:
        """Which outputs belong to an answer, of shape (n, units): all of an example's are finite where they are one answer."""
        finite = np.isfinite(self.outputs)
        return finite & (finite.all(axis=1, keepdims=True) | (not self.exclusive))

    @cached_property
    def chosen(self) -> NDArray[np.int64]:
        """The class of each example, the first of equal outputs; -1 for none."""
        if self.units == 1:
            found = (self.exact[:, 0] > self.cut).astype(np.int64)
        else:
            found = np.array([max(range(self.units), key=lambda j: (row[j], -j)) for row in self.exact], np.int64)
        return np.where(self.answered.all(axis=1), found, -1)

    @cached_property
    def ranking(self) -> Numbers:
        """Of two classes, what examples are ranked by."""
        if self.units == 1:
            return self.exact[:, 0]
        return self.exact[:, 1] if self.view == "shares" else self.exact[:, 1] - self.exact[:, 0]
