"""What can be said of a spec only beside its loaded data, before anything is built."""

from dataclasses import replace

from nnctl.data import Dataset, find_data_reader
from nnctl.data.memory.afford import afford_network
from nnctl.data.tables.words import describe_lookalikes
from nnctl.engine.network.indices import IndexRange
from nnctl.errors import Problem, SpecError
from nnctl.spec.catalogue import traits
from nnctl.spec.network import trace
from nnctl.spec.network.class_keys import match_keys
from nnctl.spec.network.plan import Plan
from nnctl.spec.sections import CLASS_TASKS, Spec


def check(plan: Plan, dataset: Dataset) -> None:
    """Checks a plan against the loaded data, of which more is known now than a look at them could tell.

    Raises:
        SpecError: with everything that keeps the network from being built for these data, or fed with them.
    """
    spec = plan.spec
    problems = trace.find_problems(plan.network, spec.train, spec.data, plan.facts, spec.trained)
    problems = [_tell_lookalikes(each, dataset) for each in problems]
    problems += _find_class_weight_problems(spec, dataset)
    problems += _find_sample_weight_problems(spec, dataset)
    problems += _find_index_problems(spec, dataset)
    if problems:
        raise SpecError(*problems)
    afford_network(plan)


def _tell_lookalikes(problem: Problem, dataset: Dataset) -> Problem:
    """A number of outputs that does not fit, with the names that may be one class written in two ways."""
    alike = describe_lookalikes(dataset.class_names or (), "classes") if problem.code == "outputs" else None
    return replace(problem, hint=f"{problem.hint}; {alike}") if alike else problem


def _find_index_problems(spec: Spec, dataset: Dataset) -> list[Problem]:
    """What keeps a layer that reads integers from reading the data: a scale, or an index that it does not hold."""
    reader = find_data_reader(spec.data, dataset, spec.layers)
    if reader is None or reader.masks:
        return []
    first = reader.layer
    if dataset.columns is not None and dataset.columns.embedded:
        message = f"{first.name} reads whole numbers, and `embed` hands it the vectors of {dataset.columns.embedded[0].name!r}"
        return [Problem("contradiction", message, first.place, "leave out one of them")]
    if spec.data.scale not in ("auto", "none"):
        message = f"{first.name} reads whole numbers, and scale is {spec.data.scale!r}"
        return [Problem("contradiction", message, spec.data.places.get("scale"), "`scale: none`")]
    held = [split.x for split in (dataset.train, dataset.validation, dataset.test) if split is not None]
    bounds = IndexRange(reader, dataset.train.x.shape[1:], dataset.train.x.dtype)
    return [] if (problem := bounds.find_problem(held)) is None else [problem]


def _find_class_weight_problems(spec: Spec, dataset: Dataset) -> list[Problem]:
    given, places = spec.train.class_weight, spec.train.places
    place = places.get("class_weight")
    if given is None:
        return []
    if dataset.task not in CLASS_TASKS:
        rows = "if each row holds shares of classes" if dataset.outputs > 1 else "if whole numbers stand for classes"
        hint = f"{rows}: `labels: one_hot`" if dataset.task == "regression" else None
        return [Problem("class-weight", f"class_weight needs classes, and the task is {dataset.task}", place, hint)]
    faults = () if isinstance(given, str) else match_keys(given, dataset.names, spec.data.older).faults
    return [
        Problem("class-weight", f"class_weight: {message}", places.get(f"class_weight.{key}", place), hint)
        for key, message, hint in faults
    ]


def _find_sample_weight_problems(spec: Spec, dataset: Dataset) -> list[Problem]:
    """What cannot stand beside weights of the examples: Keras refuses those of classes, and mixed examples have none."""
    if dataset.train.weight is None:
        return []
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
