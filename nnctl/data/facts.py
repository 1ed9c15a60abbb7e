"""What is known of the data without loading them, as far as the spec's checker needs it."""

import math
from collections.abc import Sequence
from dataclasses import replace

from nnctl.data.selection import check_paths, select_source
from nnctl.data.tables.words import Known
from nnctl.spec.network.plan import Plan, make_plan
from nnctl.spec.sections import CLASS_TASKS, Data, DataFacts, Spec

TEST_SHARE = 0.2  # of a source without test examples of its own: the share of most textbooks


def peek(data: Data) -> DataFacts:
    """What is known of the data without loading them; of a file, what its headers say.

    Raises:
        DataError: the source or an option is unknown, a path is missing, or its file is not what the source reads.
    """
    source = select_source(data)
    check_paths(data)
    facts, own_test = source.facts, source.own_test
    if source.peek is not None and (data.path is not None or data.options):
        facts, own_test = source.peek(data)
    return replace(apply_label_form(facts, data.labels), train=_count_trained(facts.train, data, own_test))


def plan_ahead(spec: Spec) -> Plan:
    """The plan of a spec whose data are not loaded, by what is known of them."""
    facts = spec.facts or peek(spec.data)
    return make_plan(spec, facts, *count_examples(spec.data, facts))


def find_test_share(data: Data, own_test: bool) -> float | None:
    """The share of the training examples that is cut for test, or None if the test examples come from elsewhere."""
    if isinstance(data.test, (int, float)):
        return float(data.test)
    return TEST_SHARE if data.test is None and not own_test else None


def count_examples(data: Data, facts: DataFacts) -> tuple[int | None, int]:
    """How many examples an epoch trains on, None where that is not known, and how many of them are cut for validation."""
    if facts.train is None or not isinstance(data.validation, (int, float)):
        return facts.train, 0
    held = count_portion(facts.train, data.validation)
    return facts.train - held, held


def count_portion(count: int, share: float) -> int:
    """How many of `count` examples a share is; halves are rounded up."""
    return math.floor(count * share + 0.5)


def count_left(count: int, share: float | None) -> int:
    """How many of `count` training examples are left once a share is cut for test."""
    return count if share is None else count - count_portion(count, share)


def find_class(key: int | str, names: Sequence[str]) -> int | None:
    """The index of the class that a key of `train.class_weight` means, or None if there is no such class.

    Classes called "1", "2", "3" are what a user means by 1, 2, 3: a name comes before an index.

    Args:
        key: the name or the index.
        names: the names of all classes, by index.
    """
    if (index := Known(names).find(str(key))) >= 0:
        return index
    return key if isinstance(key, int) and 0 <= key < len(names) else None


def apply_label_form(facts: DataFacts, labels: str) -> DataFacts:
    """The facts as `data.labels` has the labels taken: `raw` makes numbers of classes, `integer` classes of numbers."""
    if labels == "raw":
        return replace(facts, task="regression", outputs=1 if facts.task in CLASS_TASKS else facts.outputs)
    if labels in ("integer", "one_hot") and facts.task not in CLASS_TASKS:
        # One column of numbers does not tell how many classes it holds; of several columns each is a class.
        outputs = None if facts.outputs == 1 else facts.outputs
        return replace(facts, task="binary" if outputs == 2 else "multiclass", outputs=outputs)
    return facts


def _count_trained(count: int | None, data: Data, own_test: bool) -> int | None:
    if count is None:
        return None
    left = count_left(count, find_test_share(data, own_test))
    return left if data.subset is None else min(left, data.subset)
