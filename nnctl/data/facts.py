"""What is known of the data without loading them, as far as the spec's checker needs it; and whether the spec fits that."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from nnctl.data.selection import check_paths, select_source
from nnctl.data.source import find_place
from nnctl.data.tables.words import describe_lookalikes
from nnctl.errors import DataError, Problem
from nnctl.spec.catalogue import traits
from nnctl.spec.network import trace
from nnctl.spec.network.class_keys import match_keys
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
    refuse_idle_split(data, own_test)
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


def refuse_idle_split(data: Data, own_test: bool) -> None:
    """Refuses a `split` where no share is cut from the training examples.

    Raises:
        DataError: validation and test come from elsewhere, or there is none.
    """
    if data.split is None or isinstance(data.validation, float) or find_test_share(data, own_test) is not None:
        return
    message = "neither validation nor test is a share of the training examples, so `split` has nothing to cut"
    raise DataError(Problem("contradiction", message, find_place(data, "split"), "say a share: `validation: 0.1`"))


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


def apply_label_form(facts: DataFacts, labels: str) -> DataFacts:
    """The facts as `data.labels` has the labels taken: `raw` makes numbers of classes, `integer` classes of numbers."""
    if labels == "raw":
        return replace(facts, task="regression", outputs=1 if facts.task in CLASS_TASKS else facts.outputs)
    if labels == "multilabel":
        return replace(facts, task="multilabel")
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


@dataclass(frozen=True, slots=True)
class Glance:
    """What a look at data has shown that are not loaded.

    Attributes:
        plan: how the spec is trained on them, as far as it is known.
        not_checked: what training may refuse and was not looked at, each with the reason.
    """

    plan: Plan
    not_checked: tuple[str, ...] = ()


def find_label_problems(plan: Plan, class_names: Sequence[str] | None, weighed: bool) -> list[Problem]:
    """What keeps a plan from being trained with the labels that its facts tell of.

    Args:
        plan: the plan.
        class_names: the names of the classes, or None where these are their indices.
        weighed: whether the data say how much each example counts.
    """
    spec, facts = plan.spec, plan.facts
    problems = trace.find_problems(plan.network, spec.train, spec.data, facts, spec.trained)
    problems = [_tell_lookalikes(each, class_names or ()) for each in problems]
    problems += _find_class_weight_problems(spec, facts, class_names)
    return problems + (_find_sample_weight_problems(spec) if weighed else [])


def _tell_lookalikes(problem: Problem, class_names: Sequence[str]) -> Problem:
    """A number of outputs that does not fit, with the names that may be one class written in two ways."""
    alike = describe_lookalikes(class_names, "classes") if problem.code == "outputs" else None
    return replace(problem, hint=f"{problem.hint}; {alike}") if alike else problem


def _find_class_weight_problems(spec: Spec, facts: DataFacts, class_names: Sequence[str] | None) -> list[Problem]:
    given, places, outputs = spec.train.class_weight, spec.train.places, facts.outputs or 0
    place = places.get("class_weight")
    if given is None:
        return []
    if facts.task not in CLASS_TASKS:
        rows = "if each row holds shares of classes" if outputs > 1 else "if whole numbers stand for classes"
        hint = f"{rows}: `labels: one_hot`" if facts.task == "regression" else None
        return [Problem("class-weight", f"class_weight needs classes, and the task is {facts.task}", place, hint)]
    names = class_names or tuple(map(str, range(outputs)))
    faults = () if isinstance(given, str) else match_keys(given, names, spec.data.older).faults
    return [
        Problem("class-weight", f"class_weight: {message}", places.get(f"class_weight.{key}", place), hint)
        for key, message, hint in faults
    ]


def _find_sample_weight_problems(spec: Spec) -> list[Problem]:
    """What cannot stand beside weights of the examples: Keras refuses those of classes, and mixed examples have none."""
    hint = "to count all examples alike: `source: {npz: {sample_weight: none}}`"
    problems = []
    if spec.train.class_weight is not None:
        message = "the data say how much each example counts (sample_weight), and class_weight says it, too"
        place = spec.train.places.get("class_weight")
        problems = [
            Problem("contradiction", message, place, f"leave class_weight out, or multiply it into them; {hint}")
        ]
    for layer in spec.train.augment:
        if traits.get_layer(layer.name).mixes:
            message = f"{layer.name} mixes examples, and the data say how much each of them counts (sample_weight)"
            problems.append(Problem("contradiction", message, layer.place, hint))
    return problems
