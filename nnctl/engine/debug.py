"""`nnctl debug`, without the terminal: facts are gathered stage by stage, and suspicions tried."""

from collections.abc import Callable
from dataclasses import replace

from nnctl.data import Dataset
from nnctl.diagnosis.confirm import Confirmation
from nnctl.diagnosis.dataset_facts import dataset_facts
from nnctl.diagnosis.diagnose import Diagnosis, diagnose, find
from nnctl.diagnosis.facts import Facts
from nnctl.diagnosis.network_facts import network_facts
from nnctl.engine.probes import Bench, measure
from nnctl.spec.sections import Facts as Known
from nnctl.spec.sections import Spec

Said = Callable[[str], None]
"""Is told what is being looked at."""


def debug_spec(spec: Spec, dataset: Dataset, said: Said = lambda text: None) -> tuple[Diagnosis, Facts]:
    """Looks at a spec, its data and its network.

    Args:
        spec: the spec.
        dataset: its data, loaded.
        said: is told what is being looked at.

    Returns:
        The verdict, and the facts that it was made from.

    Raises:
        SpecError: the network cannot be built or fed.
    """
    said("the spec and the data")
    facts = static_facts(spec, dataset)
    facts = replace(facts, dataset=dataset_facts(spec, dataset))
    said("the network, with a few examples")
    bench = Bench(spec, dataset, facts)
    facts = replace(facts, probe=measure(bench, facts))
    said("what might mend it")
    assert bench.data.validation is not None
    found = Confirmation(facts, bench.try_edits, len(bench.data.validation)).judged(find(facts))
    return diagnose(found), facts


def static_facts(spec: Spec, dataset: Dataset) -> Facts:
    """What is known of a spec whose data are loaded, before anything is measured."""
    x = dataset.train.x
    known = Known(x.shape[1:], x.dtype.name, dataset.task, dataset.outputs, len(x))
    return Facts(spec, known, network_facts(spec.layers, x.shape[1:]))
