"""What a spec says, section by section: frozen values, complete and valid once `load_spec` has returned them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Union

from nnctl.errors import Place, Source
from nnctl.spec.outcomes import Outcome, Shape, ShapeError

Value = Union[None, bool, int, float, str, list["Value"], dict[str, "Value"], "Component"]
Places = Mapping[str, Place]

CLASS_TASKS = ("binary", "multiclass")
"""The tasks whose examples have one class each."""

ROWS = "rows"
"""What `data.split: {time: rows}` says: the rows stand in the order of time."""


@dataclass(frozen=True, slots=True)
class Component:
    """A layer, optimizer, loss, metric, schedule, activation, initializer, regularizer or constraint with its arguments.

    Attributes:
        family: which of these it is, the catalogue's own word (`layer`).
        name: its name in YAML (`conv2d`), whatever spelling the user chose.
        arguments: the arguments that the user gave, checked; what is left out takes the catalogue's default.
        place: where its name stands.
        places: where each given argument's value stands.
    """

    family: str
    name: str
    arguments: Mapping[str, Value]
    place: Place | None = field(default=None, compare=False, repr=False)
    places: Places = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Data:
    """The `data` section: which examples there are and how they are split, scaled and labelled.

    Attributes:
        source: the name of a data source.
        options: the source's own arguments, from the one-key form `source: {csv: {label: species}}`.
        path: the file or folder to read, absolute or relative to the working directory, or None for the usual places.
        offline: the source to fall back on when `source` is neither on disk nor reachable, or None.
        validation: a share of the training examples, a path, or None for no validation.
        test: a share of the training examples, a path, or None for the source's own.
        split: what shares are cut by: `time` or `group`, and the column that tells it, by its name or number; None for chance.
        skip: what is left out in place of being refused: `unlabelled` rows, `unreadable` pictures; None for nothing.
        split_seed: the seed that the shares are cut with.
        scale: `auto`, `unit`, `standard` or `none`.
        target_scale: `none`, or `standard`: the loss compares standardised numbers, and the model still answers in the data's.
        labels: `auto`, `integer`, `one_hot`, `multilabel` or `raw`.
        subset: train on this many examples (validation is cut from them) and at most as many of test, or None for all.
        classes: whether the loss takes classes or shares of them, so that whole numbers stored as floats, and rows that sum to
            1, stand for them.
        probabilities: whether the loss takes each output for the probability of a yes, so that a number from 0 to 1 is a share
            of one.
        numbers: whether the loss compares numbers and the network gives one that nothing bounds, so that whole numbers, other
            than 0 and 1, are numbers to predict.
        older: whether it is of a run that was trained before data were read, scaled and labelled as they are now: it goes on
            with the reading that it was trained with.
        places: where the value of each key stands, for the keys that the user wrote; of an option of the source its value
            (`source.label`) and its name (`source.label:`).
    """

    source: str
    options: Mapping[str, Value]
    path: Path | None = None
    offline: str | None = None
    validation: float | Path | None = None
    test: float | Path | None = None
    split: Mapping[str, str | int] | None = None
    skip: Mapping[str, bool] | None = None
    split_seed: int = 0
    scale: str = "auto"
    target_scale: str = "none"
    labels: str = "auto"
    subset: int | None = None
    classes: bool = False
    probabilities: bool = False
    numbers: bool = False
    older: bool = field(default=False, compare=False, repr=False)
    places: Places = field(default_factory=dict, compare=False, repr=False)

    def skips(self, lack: str) -> bool:
        """Whether what is `unlabelled` or `unreadable` is left out."""
        return bool((self.skip or {}).get(lack))


@dataclass(frozen=True, slots=True)
class DataFacts:
    """What is known of a data set before it is loaded; None stands for what is not known.

    Attributes:
        shape: the shape of one example, without the batch axis: (28, 28) for MNIST.
        dtype: the NumPy name of the type the examples are stored in.
        task: `multiclass`, `binary`, `multilabel` or `regression`: what the labels, by themselves, ask for.
        outputs: the number of classes (multiclass, binary), of labels (multilabel) or of targets (regression).
        train: the number of training examples, before validation is cut from them; of data that are loaded, of those left.
        validation: whether the data bring validation examples of their own.
        shares: whether the labels are known to be shares of classes, and no indices.
        absent: the classes without a name that no training example has: labels that begin with 1, or have a gap.
        zeros: whether some inputs are known to be 0 in every example, as the border of a drawing is.
        dates: the columns of a table that hold dates, whether the network gets them or not.
    """

    shape: tuple[int, ...] | None = None
    dtype: str | None = None
    task: str | None = None
    outputs: int | None = None
    train: int | None = None
    validation: bool = False
    shares: bool = False
    absent: tuple[int, ...] = ()
    dates: tuple[str, ...] = ()
    zeros: bool = False

    def is_validated(self, data: Data) -> bool:
        """Whether there are validation examples: a share or a path that the section names, or those that the data bring."""
        return self.validation or data.validation is not None


@dataclass(frozen=True, slots=True)
class Network:
    """Layers followed from their input to their output, for examples of one shape.

    Attributes:
        layers: the layers.
        shape: of one example as it is stored, without the batch axis; None if it is not known.
        input: what the first layer gets: images without a channel axis get one where a layer insists on it.
        outcomes: what each layer makes of what the one before it gives; behind a layer that cannot take its input, or whose
            output is not followed, nothing is known.
        fault: the layer that cannot take its input, with the reason, or None.
    """

    layers: tuple[Component, ...]
    shape: Shape | None
    input: Shape | None
    outcomes: tuple[Outcome, ...]
    fault: tuple[Component, ShapeError] | None = None

    @property
    def output(self) -> Shape | None:
        """The shape of what the last layer gives, without the batch axis; None if it is not known."""
        return self.outcomes[-1].shape

    @property
    def width(self) -> int | None:
        """The number of outputs, where the output has one axis."""
        return self.output[0] if self.output is not None and len(self.output) == 1 else None


@dataclass(frozen=True, slots=True)
class EarlyStopping:
    """When to stop before the last epoch; the model that is saved is the best epoch's in any case.

    Attributes:
        patience: epochs without an improvement after which training ends.
        min_delta: the least change of the monitored number that counts as an improvement.
        start_from_epoch: epochs to wait before the first comparison.
        baseline: what the first epochs must beat to count as an improvement, or None.
    """

    patience: int = 5
    min_delta: float = 0.0
    start_from_epoch: int = 0
    baseline: float | None = None


@dataclass(frozen=True, slots=True)
class Train:
    """The `train` section: what is minimised, how, for how long, and what is watched.

    Attributes:
        loss: the loss.
        optimizer: the optimizer; its learning rate stands on its own.
        learning_rate: a number, a schedule, or None for the optimizer's own default.
        batch_size: examples a step; a batch larger than the data is one full batch.
        epochs: passes over the training examples.
        shuffle: whether each epoch visits the examples in an order of its own.
        metrics: what is watched while training; None for accuracy (classes) or mean absolute error (numbers).
        monitor: the number that tells which epoch is best; None for `val_loss`, or `loss` without validation.
        mode: whether a smaller (`min`) or larger (`max`) monitored number is better; `auto` goes by what is monitored.
        early_stopping: when to stop early, or None.
        augment: layers that change the training images at random, in front of the network; empty for none.
        precision: the type of the products: `float32`, `mixed_bfloat16` or `mixed_float16` with weights in float32, or `auto`.
        init_from: a run or a `.keras` file to take the weights of the first layers from, or None.
        max_seconds: training ends at the first opportunity after so many seconds, or None.
        every_seconds: of training between two checkpoints; 0 for one after each call.
        tensorboard: whether to write scalars and histograms of the weights for TensorBoard, each epoch.
        class_weight: `balanced`, a factor for each class (by index or name), or None.
        xla: True to compile whole steps with XLA, `update` for the optimizer's update alone, False for neither, None for what
            is faster.
        places: where the value of each key stands, for the keys that the user wrote.
    """

    loss: Component
    optimizer: Component
    learning_rate: float | Component | None = None
    batch_size: int = 32
    epochs: int = 10
    shuffle: bool = True
    metrics: tuple[Component, ...] | None = None
    monitor: str | None = None
    mode: str = "auto"
    early_stopping: EarlyStopping | None = None
    augment: tuple[Component, ...] = ()
    precision: str = "float32"
    init_from: Path | None = None
    max_seconds: float | None = None
    every_seconds: float = 60.0
    tensorboard: bool = False
    class_weight: str | Mapping[int | str, float] | None = None
    xla: bool | Literal["update"] | None = None
    places: Places = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Spec:
    """A whole spec.

    Attributes:
        name: what its runs are called.
        seed: the seed of the weights, of the order of the examples, and of all that is drawn while training.
        data: the `data` section.
        layers: the layers of the Sequential model, in order.
        train: the `train` section.
        source: the file's text, byte for byte but for its encoding.
        places: where the value of each key above the sections stands, for those that the user wrote.
        facts: what was known of the data when the spec was read, or None if nobody looked.
        network: the layers as they were followed last; `nnctl.spec.network.trace.followed` tells whether they still are these.
        trained: whether it is the spec of a run, which goes on with what has become a mistake since then.
    """

    name: str
    seed: int
    data: Data
    layers: tuple[Component, ...]
    train: Train
    source: Source = field(compare=False, repr=False)
    places: Places = field(default_factory=dict, compare=False, repr=False)
    facts: DataFacts | None = field(default=None, compare=False, repr=False)
    network: Network | None = field(default=None, compare=False, repr=False)
    trained: bool = field(default=False, compare=False, repr=False)
