"""What is known of the data that a starter is written for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from nnctl.spec.sections import CLASS_TASKS, Value


@dataclass(frozen=True, slots=True)
class SourceOptions:
    """How the user's data are laid out, as far as a source has to be told.

    Attributes:
        options: the source's arguments.
        facts: why they are so, in sentences.
        validation: whether there are validation examples of their own.
        undecided: what the user has to decide before there is a training, or None.
        several: the labels that one column holds several of in a row, for each of which there is to be a column.
    """

    options: Mapping[str, Value] = field(default_factory=dict)
    facts: Sequence[str] = ()
    validation: bool = False
    undecided: str | None = None
    several: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recipe:
    """A network whose sizes are given, and how it is trained, whatever the data; only its head goes by them.

    Attributes:
        widths: of its hidden dense layers, with `relu`.
        optimizer: by its name.
        learning_rate: constant.
        batch_size: examples a step, where there are many.
        epochs: likewise.
    """

    widths: tuple[int, ...]
    optimizer: str
    learning_rate: float
    batch_size: int
    epochs: int


@dataclass(frozen=True, slots=True)
class DataProfile:
    """The data of a starter.

    Attributes:
        source: the name of the data source.
        shape: the shape of one example, without the batch axis.
        task: `multiclass`, `binary`, `multilabel` or `regression`.
        outputs: the number of classes, of labels, or of targets.
        examples: how many there are to train on, before validation and test are cut from them.
        options: the source's arguments.
        path: the user's file or folder, or None.
        offline: the source to fall back on, or None.
        own_test: whether the data come with test examples.
        own_validation: whether the data come with validation examples.
        split: the column of dates that rows are cut by, or None.
        labels: `data.labels`.
        scale: `data.scale`.
        pixels: whether the examples are images.
        class_names: the names of the classes, or None.
        offset: the mean of each target of a regression over the training examples, where targets are to be scaled.
        spread: the deviation of each target, where targets are to be scaled.
        imbalance: how many times as many examples the commonest class has as the rarest, or None.
        facts: what was found, a line each, for the comment at the top.
        undecided: what the user has to decide before there is a training, or None.
    """

    source: str
    shape: tuple[int, ...]
    task: str
    outputs: int
    examples: int
    options: Mapping[str, Value] = field(default_factory=dict)
    path: Path | None = None
    offline: str | None = None
    own_test: bool = False
    own_validation: bool = False
    split: str | None = None
    labels: str = "auto"
    scale: str = "auto"
    pixels: bool = False
    class_names: tuple[str, ...] | None = None
    offset: Sequence[float] = ()
    spread: Sequence[float] = ()
    imbalance: float | None = None
    facts: Sequence[str] = ()
    undecided: str | None = None

    @property
    def classes(self) -> bool:
        """Whether each example is of one class."""
        return self.task in CLASS_TASKS
