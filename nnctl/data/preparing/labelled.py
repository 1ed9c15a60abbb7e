"""Examples with their labels told what they mean, and cut into splits: as training does it, and who looks at labels alone."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnctl.data.arrays.unlabelled import leave_out_unlabelled
from nnctl.data.dataset import decide_labels, describe_labels
from nnctl.data.facts import Glance, find_label_problems, find_test_share, plan_ahead, refuse_idle_split
from nnctl.data.memory.limit import Limit, PastLimitError
from nnctl.data.preparing import checks, labels, splits
from nnctl.data.preparing.row_keys import RowKeys, read_row_keys
from nnctl.data.preparing.stored import SplitLabels
from nnctl.data.selection import adapt_section, check_paths, replace_path, select_source
from nnctl.data.source import Arrays, DataSource, Pair, find_place, silent
from nnctl.errors import Place, SpecError
from nnctl.spec.network.plan import Plan, make_plan
from nnctl.spec.sections import CLASS_TASKS, Data, Spec

ReadSection = Callable[[Data], Arrays]
"""Reads what a section's path and options say."""

_UNREAD = "which pictures `skip` leaves out: training decodes them all"
_COLUMNS = (1_009, 1_013)  # two numbers of columns: what is the same for both is so for any


@dataclass(frozen=True, slots=True, eq=False)
class Labelled:
    """The examples of a section, those that shares are cut from and those from elsewhere.

    Attributes:
        asked: the section, of which the loss says no more than the source leaves open.
        pairs: the examples and stored labels of train and of each split that is not cut from it.
        found: what the labels mean; `answers` has them by split.
        class_names: the names of the classes or labels, or None.
        keys: what rows are cut by, or None.
        rows: the rows of the three splits: in the arrays of the split itself, or, if it is cut from training, in training's.
        said: what a user should be told of what was read and is not used.
    """

    asked: Data
    pairs: dict[str, Pair]
    found: SplitLabels
    class_names: tuple[str, ...] | None
    keys: RowKeys | None
    rows: dict[str, splits.Rows | None]
    said: tuple[str, ...]

    @property
    def answers(self) -> dict[str, NDArray[Any]]:
        """The labels of each pair, in the form that `found` tells of."""
        return dict(zip(self.pairs, self.found.values, strict=True))


def take_labels(
    arrays: Arrays, data: Data, source: DataSource, used: DataSource, read: ReadSection, limit: Limit | None = None
) -> Labelled:
    """What the labels of a section mean, and how its examples are cut.

    Args:
        arrays: what was read of its path.
        data: the section.
        source: the source that it names.
        used: the one that was read: another where it stands in for this.
        read: reads the files of validation and test.
        limit: of a look at labels: when it has taken too long to read what `data.split` cuts by.

    Raises:
        DataError: the examples cannot be trained on.
        PastLimitError: to read on would take too long.
    """
    held, said = _read_held_out(source, arrays, data, read)
    pairs = {"train": arrays.train, **held}
    if data.skips("unlabelled"):
        pairs = {key: leave_out_unlabelled(pair, find_split_place(data, key)) for key, pair in pairs.items()}
    pairs = _check_pairs(pairs, data)
    places = [find_split_place(data, key) for key in pairs]
    # What a source says of its labels, the loss need not guess; in a table texts are classes, and numbers are none.
    asked = data if used.facts.task is None else replace(data, classes=False, probabilities=False, numbers=False)
    whole = pairs["train"].columns is None
    found = labels.interpret_labels(list(pairs.values()), asked, _count_classes(arrays, used), places, whole)
    refuse_idle_split(data, "test" in pairs)
    if limit is not None and data.split is not None:
        limit.check(0.5)  # a table is read once more for it
    keys = read_row_keys(data, used, arrays.train)
    if keys is not None and arrays.train.kept is None:  # a table has left rows out before
        keys = keys.take(pairs["train"].kept)
    decided = [decide_labels(y, found.task) for y in found.values]
    rows = _split_rows(dict(zip(pairs, decided, strict=True)), data, keys)
    names = None if found.task == "regression" else found.class_names or arrays.class_names or used.class_names
    return Labelled(asked, pairs, found, names, keys, rows, tuple(said))


def look_at_labels(spec: Spec, limit: Limit | None = None) -> Glance:
    """The plan of a spec by what its labels tell; of its examples no more is known than their shape and type.

    Args:
        spec: the spec, whose source looks.
        limit: how much is read; what `check` may take if left out.

    Raises:
        SpecError, DataError: the labels are not what can be trained on; as training says it.
    """
    data, limit = spec.data, limit or Limit()
    ahead, source = plan_ahead(spec), select_source(data)
    check_paths(data)
    try:
        arrays = source.read(data, silent, limit, **data.options)
        told = take_labels(
            arrays, data, source, source, lambda section: source.read(section, silent, limit, **section.options), limit
        )
    except PastLimitError as error:
        return Glance(ahead, (f"the labels: {error}",))
    train, validation = told.rows["train"], told.rows["validation"]
    assert train is not None
    task, outputs = told.found.task, told.found.outputs
    marks = describe_labels(told.answers["train"][train], task, outputs, told.class_names)
    unread = data.skips("unreadable")
    count = None if unread else len(train)
    known = replace(ahead.facts, task=task, outputs=outputs, train=count, validation=validation is not None, **marks)
    plan = make_plan(spec, known, count, 0 if validation is None or unread else len(validation))
    weighed = told.pairs["train"].weight is not None
    if problems := find_label_problems(_follow_columns(plan), told.class_names, weighed):
        raise SpecError(*problems)
    return Glance(plan, (_UNREAD,) if unread else ())


def _follow_columns(plan: Plan) -> Plan:
    """The plan of as many columns as there may be, where only training counts them and the output is the same for any number."""
    if plan.facts.shape is not None or plan.facts.dtype is None:
        return plan
    some = [make_plan(plan.spec, replace(plan.facts, shape=(count,))) for count in _COLUMNS]
    alike = len({each.network.output for each in some}) == 1 and not any(each.network.fault for each in some)
    return some[0] if alike else plan


def _check_pairs(pairs: dict[str, Pair], data: Data) -> dict[str, Pair]:
    """The pairs, each fit to be trained on and of the training examples' shape and type."""
    pairs = {key: checks.check_examples(pair, find_split_place(data, key)) for key, pair in pairs.items()}
    pairs["train"] = checks.check_weights(pairs["train"], find_split_place(data, "train"))
    for key, pair in pairs.items():
        checks.check_alike(pairs["train"], pair, find_split_place(data, key))
    return pairs


def _read_held_out(
    source: DataSource, arrays: Arrays, data: Data, read: ReadSection
) -> tuple[dict[str, Pair], list[str]]:
    """The examples of validation and test that are not cut from the training examples; and what is told of the rest."""
    held: dict[str, Pair] = {}
    said: list[str] = []
    for key, value, own in (("validation", data.validation, arrays.validation), ("test", data.test, arrays.test)):
        if isinstance(value, Path):
            found = read(_adapt_section(replace_path(data, key, value), source, arrays.train))
            pair = _choose_pair(found, key, data.older)
            held[key] = replace(pair, x_name=f"{key}'s {pair.x_name}", y_name=f"{key}'s {pair.y_name}")
            said += [note for note in found.notes if note not in (*arrays.notes, *said)]
        if value is None and own is not None:
            held[key] = own
        elif own is not None:
            said.append(f"the data's own {key} examples ({len(own.y):,}) are not used: the spec says `{key}: {value}`")
    return held, said


def _choose_pair(read: Arrays, key: str, older: bool) -> Pair:
    """What a file is named for: of several splits its own of that name, or what it holds out."""
    own = None if older else read.validation if key == "validation" else read.test
    return own or read.test or read.train


def _adapt_section(data: Data, source: DataSource, train: Pair) -> Data:
    """The section of another file, of which a table is taken for what it is in training."""
    columns = train.columns
    texts = None if columns is None else [column.name for column in columns if column.words is not None]
    return adapt_section(data, source.options, texts, train.y.dtype.kind == "f")


def _count_classes(arrays: Arrays, source: DataSource) -> int | None:
    """The number of classes, where the source tells it."""
    if arrays.class_names is not None:
        return len(arrays.class_names)
    return source.facts.outputs if source.facts.task in CLASS_TASKS else None


def find_split_place(data: Data, key: str) -> Place | None:
    """Where errors of a split's examples are shown."""
    return find_place(data, "path") if key == "train" else find_place(data, key, "path")


def _split_rows(y: dict[str, NDArray[Any]], data: Data, keys: RowKeys | None) -> dict[str, splits.Rows | None]:
    """The rows of the three splits: in the arrays of the split itself, or, if it is cut from training, in training's."""
    cut = splits.split_rows(y["train"], data, find_test_share(data, "test" in y), keys)
    rows: dict[str, splits.Rows | None] = {"train": cut.train, "validation": cut.validation, "test": cut.test}
    own = {key: _limit_rows(y[key], data, key) for key in rows if rows[key] is None and key in y}
    return {**rows, **own}


def _limit_rows(y: NDArray[Any], data: Data, key: str) -> splits.Rows:
    """The rows of a split that is not cut from training: all of them, or as many as the subset has."""
    rows = np.arange(len(y), dtype=np.int64)
    purpose = splits.SUBSET_OF_TEST if key == "test" else splits.SUBSET_OF_VALIDATION
    if data.subset is None:
        return rows
    return splits.sample(splits.find_strata(y), rows, data.subset, data.split_seed, purpose)
