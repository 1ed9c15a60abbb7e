"""What was measured on the data: ranges, balance, order, what stands twice, and the baselines."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnctl.data import Dataset, Split, decide_labels, decide_scaling, find_data_reader, scale_examples
from nnctl.diagnosis import thresholds
from nnctl.diagnosis.facts.baselines import Baselines, Yardstick, compute_baselines
from nnctl.diagnosis.facts.classes import compute_purity, count_classes, weigh_classes
from nnctl.diagnosis.facts.columns.look import NO_COLUMNS, ColumnFacts, look_at_columns
from nnctl.diagnosis.facts.columns.tails import score_ranked
from nnctl.diagnosis.facts.columns.targets import FarTargets, find_far_targets
from nnctl.diagnosis.facts.columns.units import Units, find_units
from nnctl.diagnosis.facts.leakage import Telling, find_telling_feature
from nnctl.diagnosis.facts.order import AxisOrder, find_reading, gather_file, is_scrambled
from nnctl.diagnosis.facts.overlap import Overlap, measure_overlap
from nnctl.diagnosis.facts.ranges import (
    Features,
    Range,
    find_commonest,
    find_few_values,
    measure_features,
    measure_range,
)
from nnctl.diagnosis.facts.slips import Order, Shift, Slip
from nnctl.spec.catalogue import traits
from nnctl.spec.sections import CLASS_TASKS, Spec

MOST_ROWS = 10_000  # of each split that are looked at


@dataclass(frozen=True, slots=True)
class DatasetFacts:
    """What was measured on at most 10,000 examples of each split.

    Attributes:
        train: the number of training examples, all of them.
        task: `multiclass`, `binary`, `multilabel` or `regression`.
        outputs: the number of classes, labels or targets.
        image: whether an example is an image: bytes, or two axes and more that a convolution reads.
        tokens: whether an example is a sequence of indices.
        scaling: the kind of scaling in front of the network.
        stored: the training inputs as they are stored.
        inputs: the training inputs as the network gets them.
        features: how its features differ, as the network gets them.
        zeros: whether some of them are 0 in every one of these examples.
        test_inputs: the test inputs as the network gets them, or None.
        targets: the range of numbers to predict, or None for classes and labels.
        commonest: the number that most targets are, and the share that is it; None for classes and labels.
        class_counts: how many training examples each class has, or each label is set in; None for numbers. Of labels that are
            shares their sum, rounded, but 1 where there is any: how often a share is the largest says less of what is learned.
        test_counts: the same of test; None without test, too.
        names: the classes by name, as far as they have one.
        purity: how far batches, in the stored order, are ruled by one class: 0 as in a random order, 1 for one class only.
        overlap: what stands twice.
        telling: the feature that tells much more of the labels in train than in test, or None where this is not asked.
        baselines: how far one gets without a network.
        columns: of a table, what its columns hold that a network does not take for what it is.
        shift: how far labels stand from their examples, or None; looked for where little can be told as they stand.
        slip: a stretch of the file whose labels are not those of its examples, or None; looked for where not all can be told.
        far: a few numbers to predict far from all others, without which a model tells much more; else None.
        rounded: of sequences of numbers, the few whole numbers that all of them are; None of any others.
        scrambled: whether examples are pictures of whole channels that are called otherwise.
        reading: the order in which the numbers of the file were made, or None; looked for where little can be told as they stand.
        padding: of sequences, the mean share of an example after its last number that is not 0; else 0.
        class_weights: the mean weight of the training examples of each class, 0 without any; None without weights.
    """

    train: int
    task: str
    outputs: int
    image: bool
    tokens: bool
    scaling: str
    stored: Range
    inputs: Range
    features: Features
    zeros: bool
    test_inputs: Range | None
    targets: Range | None
    class_counts: tuple[int, ...] | None
    test_counts: tuple[int, ...] | None
    names: tuple[str, ...]
    purity: float
    overlap: Overlap
    telling: Telling | None
    baselines: Baselines
    columns: ColumnFacts = NO_COLUMNS
    padding: float = 0.0
    shift: Shift | None = None
    slip: Slip | None = None
    commonest: tuple[float, float] | None = None
    far: FarTargets | None = None
    rounded: tuple[int, ...] | None = None
    scrambled: bool = False
    reading: AxisOrder | None = None
    class_weights: tuple[float, ...] | None = None

    @property
    def classes(self) -> bool:
        """Whether each example has one class."""
        return self.task in CLASS_TASKS

    @property
    def weighed(self) -> bool:
        """Whether the data say how much each training example counts, beside which no classes can be weighed."""
        return self.class_weights is not None

    @property
    def blurred(self) -> bool:
        """Whether rounding of the inputs made examples equal that are not."""
        return self.rounded is not None and self.overlap.conflicting > thresholds.BLURRED_SHARE

    @property
    def one_class(self) -> bool:
        """Whether all training examples have the same class."""
        return self.classes and self.class_counts is not None and sum(count > 0 for count in self.class_counts) == 1

    def name_class(self, index: int) -> str:
        """What a class is called."""
        return self.names[index] if index < len(self.names) else str(index)


def collect_dataset_facts(spec: Spec, dataset: Dataset) -> DatasetFacts:
    """Measures the data; nothing is written, and what is drawn (which rows) is the same each time.

    Raises:
        DataError: an image cannot be decoded.
    """
    reader = find_data_reader(spec.data, dataset, spec.layers)
    tokens, how = reader is not None and not reader.masks, decide_scaling(spec.data, dataset, spec.layers)
    stored, labels = _sample_decided(dataset, dataset.train)
    tested = None if dataset.test is None else _sample_decided(dataset, dataset.test)
    test = None if tested is None else tested[0]
    validation = None if dataset.validation is None else sample(dataset.validation)[0]
    inputs = scale_examples(stored, how, reader)
    columns = () if dataset.columns is None else dataset.columns.names
    image, task, outputs = _is_image(spec, stored), dataset.task, dataset.outputs
    yardstick, table = Yardstick(labels, task, outputs), not tokens and stored.ndim == 2 and not image
    found = look_at_columns(stored, yardstick, columns) if table else NO_COLUMNS
    ranked = score_ranked(stored, found.tails, yardstick)
    baselines = compute_baselines(inputs, labels, task, outputs, tokens)
    shift, slip = (None, None) if tokens else _find_moved(dataset, stored, baselines)
    return DatasetFacts(
        train=len(dataset.train),
        task=dataset.task,
        outputs=dataset.outputs,
        image=image,
        tokens=tokens,
        scaling=how.kind,
        stored=measure_range(stored),
        inputs=measure_range(inputs),
        features=measure_features(inputs),
        zeros=bool((inputs == 0).all(axis=0).any()),
        test_inputs=None if test is None else measure_range(scale_examples(test, how, reader)),
        targets=measure_range(labels) if dataset.task == "regression" else None,
        class_counts=count_classes(dataset, dataset.train),
        test_counts=count_classes(dataset, dataset.test),
        names=dataset.class_names or (),
        purity=compute_purity(dataset, spec.train.batch_size),
        overlap=measure_overlap((stored, labels), validation, test),
        telling=None
        if tokens
        else find_telling_feature((stored, labels), tested, dataset.classes is not None, columns),
        baselines=replace(baselines, ranked=ranked, coded=found.best),
        columns=found if task != "regression" else replace(found, units=(*found.units, *_find_target_units(labels))),
        shift=shift,
        slip=slip,
        commonest=find_commonest(labels) if task == "regression" else None,
        far=find_far_targets(inputs, labels, baselines.reachable) if task == "regression" and not tokens else None,
        rounded=find_few_values(stored) if stored.ndim == 3 and not (tokens or image) else None,
        scrambled=is_scrambled(stored) and image,
        reading=None if tokens or not _is_poor(baselines) or shift else _find_reading(dataset),
        padding=_measure_padding(stored) if tokens or (stored.ndim == 3 and not image) else 0.0,
        class_weights=weigh_classes(dataset),
    )


def _find_target_units(targets: NDArray[Any]) -> tuple[Units, ...]:
    """Targets that hold one quantity in two units."""
    found = find_units(targets.reshape(len(targets), -1))
    return tuple(replace(one, feature=one.feature.replace("feature", "target")) for one in found)


def _is_poor(baselines: Baselines) -> bool:
    """Whether less than half of what there is to tell can be told without a network."""
    return baselines.learnable < thresholds.HALFWAY * (1 - baselines.trivial)


def _find_reading(dataset: Dataset) -> AxisOrder | None:
    """The order in which the numbers of the file were made of which train is, where all of it is there."""
    whole = None if dataset.columns else gather_file((dataset.train, dataset.validation, dataset.test))
    if whole is None or min(whole[0].shape) == 0 or whole[0].ndim < 2:
        return None
    return find_reading(whole[0], decide_labels(whole[1], dataset.task), dataset.task, dataset.outputs)


def _find_moved(dataset: Dataset, stored: NDArray[Any], baselines: Baselines) -> tuple[Shift | None, Slip | None]:
    """How far labels stand from their examples in a sample of train, in the order of the file, and over which stretch of it."""
    if baselines.reachable > thresholds.TOLD_APART:
        return None, None
    chosen, rows = choose_rows(dataset.train), dataset.train.rows
    some = rows if chosen is None else rows[chosen]
    ordered = np.argsort(some, kind="stable")
    order = Order(stored[ordered], some[ordered], dataset.decide(dataset.train), rows, dataset.task, dataset.outputs)
    if not order.asked:
        return None, None
    shift = order.find_shift() if _is_poor(baselines) else None
    return shift, order.find_slip(shift.rows if shift else 0, bool(shift) or baselines.linear >= baselines.neighbour)


def sample(split: Split, most: int = MOST_ROWS) -> tuple[NDArray[Any], NDArray[Any]]:
    """At most so many examples of a split and their labels, in the order of the split; the same each time."""
    rows = choose_rows(split, most)
    return (split.x, split.y) if rows is None else (np.asarray(split.x[rows]), split.y[rows])


def choose_rows(split: Split, most: int = MOST_ROWS) -> NDArray[np.int64] | None:
    """Which of its examples `sample` takes, int64 of shape (n,), ascending; None for all of them."""
    if len(split) <= most and isinstance(split.x, np.ndarray):
        return None
    # Images on disk take a millisecond each.
    most = most if isinstance(split.x, np.ndarray) else min(most, 1_000)
    return np.sort(np.random.Generator(np.random.Philox(0)).permutation(len(split))[:most])


def _sample_decided(dataset: Dataset, split: Split) -> tuple[NDArray[Any], NDArray[Any]]:
    """Some examples, as `sample` takes them, and what their labels are counted as."""
    x, y = sample(split)
    return x, decide_labels(y, dataset.task)


def _measure_padding(x: NDArray[Any]) -> float:
    """The mean share of an example after its last index that is not 0."""
    flat = x.reshape(len(x), -1)
    behind = np.argmax(flat[:, ::-1] != 0, axis=1)
    return float(np.where((flat == 0).all(axis=1), flat.shape[1], behind).mean() / flat.shape[1])


def _is_image(spec: Spec, x: NDArray[Any]) -> bool:
    convolves = any(traits.get_layer(layer.name).convolves == 2 for layer in spec.layers)
    return x.dtype == np.uint8 or (x.ndim > 2 and convolves)
