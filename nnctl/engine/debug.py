"""`nnctl debug`, without the terminal: facts are gathered stage by stage, and suspicions tried."""

from collections.abc import Callable
from dataclasses import replace

from nnctl.data import Dataset
from nnctl.diagnosis import Facts, Finding, find, static_facts
from nnctl.diagnosis.confirm import Confirmation
from nnctl.diagnosis.dataset_facts import dataset_facts
from nnctl.diagnosis.probe_facts import RateRange
from nnctl.engine.probes import Bench, measure
from nnctl.engine.probes.measure import asked
from nnctl.engine.probes.rates import rate_range
from nnctl.engine.probes.trial import trial_data
from nnctl.spec.sections import Facts as Known
from nnctl.spec.sections import Spec

Said = Callable[[str, float | None], None]
"""Is told what is being looked at, and how much of it is done."""


def debug_spec(spec: Spec, dataset: Dataset, said: Said = lambda label, share: None) -> tuple[list[Finding], Facts]:
    """Looks at a spec, its data and its network, and tries what might mend it. Nothing is written.

    Args:
        spec: the spec.
        dataset: its data, loaded.
        said: is told what is being looked at.

    Returns:
        What was found, each confirmed or dropped to information by a trial of its fix; and the facts.

    Raises:
        SpecError: the network cannot be built or fed.
    """
    said("looking at the data", None)
    facts = replace(loaded_facts(spec, dataset), dataset=dataset_facts(spec, dataset))
    said("looking at the network", None)
    bench = Bench(spec, dataset, facts)
    facts = replace(facts, probe=measure(bench, facts))
    said("trying what might mend it", None)
    assert bench.data.validation is not None
    return Confirmation(facts, bench.try_edits, len(bench.data.validation)).judged(find(facts)), facts


def debug_rates(spec: Spec, dataset: Dataset, said: Said = lambda label, share: None) -> RateRange:
    """The learning-rate range test of a spec. Nothing is written.

    Raises:
        SpecError: the network cannot be built or fed.
    """
    said("trying learning rates", None)
    return rate_range(spec, trial_data(dataset), asked(spec))


def loaded_facts(spec: Spec, dataset: Dataset) -> Facts:
    """The facts of the first stage, with what loading the data has told of them."""
    known = Known(
        dataset.shape,
        dataset.train.x.dtype.name,
        dataset.task,
        dataset.outputs,
        len(dataset.train),
        dataset.validation is not None,
    )
    return static_facts(spec, known)
