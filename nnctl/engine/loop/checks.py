"""What can be said of a spec only beside its loaded data, before anything is built."""

from nnctl.data import Dataset, find_data_reader
from nnctl.data.facts import find_label_problems
from nnctl.data.memory.afford import afford_network
from nnctl.engine.network.indices import IndexRange
from nnctl.errors import Problem, SpecError
from nnctl.spec.network.plan import Plan
from nnctl.spec.sections import Spec


def check(plan: Plan, dataset: Dataset) -> None:
    """Checks a plan against the loaded data, of which more is known now than a look at them could tell.

    Raises:
        SpecError: with everything that keeps the network from being built for these data, or fed with them.
    """
    spec = plan.spec
    problems = find_label_problems(plan, dataset.class_names, dataset.train.weight is not None)
    problems += _find_index_problems(spec, dataset)
    if problems:
        raise SpecError(*problems)
    afford_network(plan)


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
