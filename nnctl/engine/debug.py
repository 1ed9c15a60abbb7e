"""`nnctl debug`, without the terminal: facts are gathered stage by stage, and suspicions tried."""

from dataclasses import replace

from nnctl.data import Dataset, Report, load, peek, read_scales, silent
from nnctl.data.tables import columns
from nnctl.diagnosis import Diagnosis, Facts, Selection, apply_rules, collect_facts, make_diagnosis, select_findings
from nnctl.diagnosis.confirm import Confirmation
from nnctl.diagnosis.facts.dataset import collect_dataset_facts
from nnctl.diagnosis.facts.probes import RateRange
from nnctl.diagnosis.facts.run import collect_run_facts
from nnctl.diagnosis.repair import complete_fix
from nnctl.diagnosis.rules.index import RULES
from nnctl.diagnosis.success import fell_short, find_shortfall, is_memorised
from nnctl.engine.probes.measure import Bench, find_asked_rate, measure
from nnctl.engine.probes.rates import measure_rate_range
from nnctl.engine.probes.trial import prepare_data
from nnctl.errors import NnctlError
from nnctl.runs import RunDirectory
from nnctl.runs.meaning import load_trained, load_written
from nnctl.spec.network.plan import make_plan
from nnctl.spec.sections import DataFacts, Spec


def debug_spec(spec: Spec, dataset: Dataset, chosen: Selection, said: Report = silent) -> tuple[Diagnosis, Facts]:
    """Looks at a spec, its data and its network, and tries what might mend it. Nothing is written.

    Args:
        spec: the spec.
        dataset: its data, loaded.
        chosen: which findings are told.
        said: is told what is being looked at.

    Returns:
        The verdict, its findings confirmed or dropped to information by a trial of their fixes; and the facts.

    Raises:
        SpecError: the network cannot be built or fed; a comment of the spec names no rule's code.
    """
    said("looking at the data", None)
    facts = replace(collect_facts(dataset.plan(spec)), dataset=collect_dataset_facts(spec, dataset))
    return _probe_and_try(facts, dataset, chosen, said)


def debug_run(run: RunDirectory, chosen: Selection, said: Report = silent) -> tuple[Diagnosis, Facts, tuple[str, ...]]:
    """Looks at what a run left, and at its data and network too where it is much worse than it might be. Nothing is written.

    A run whose model came to something is not held to suspicions: of these only what is proved is told.

    Args:
        run: a run, whatever became of it.
        chosen: which findings are told.
        said: is told what is being looked at.

    Returns:
        The verdict; the facts, without those of the data where they are gone or are no longer the run's; and why they are
        without, in a sentence.

    Raises:
        RunError, SpecError: the run cannot be read.
    """
    run.confine()
    facts, dataset, notes = _collect_what_is_left(run, said)
    facts = replace(facts, run=collect_run_facts(run), written=load_written(run, said))
    for note in notes:
        said(note, None)
    if dataset is not None:
        said("looking at the data", None)
        facts = replace(facts, dataset=collect_dataset_facts(facts.spec, dataset))
    short = fell_short(facts)
    if dataset is not None and (short or find_shortfall(facts) is not None or is_memorised(facts)):
        if (begin := facts.spec.train.init_from) is not None:
            said(f"the run names the weights that it began with: reading {begin}", None)
        return *_probe_and_try(facts, dataset, chosen, said), notes
    found = apply_rules(facts)
    if not short:
        found = [one if RULES[one.code].sure or not one.loud else one.replace(level="info") for one in found]
    return make_diagnosis(select_findings(facts.as_written, found, chosen)), facts, notes


def _collect_what_is_left(run: RunDirectory, said: Report) -> tuple[Facts, Dataset | None, tuple[str, ...]]:
    """The facts of a run's spec, and its data if they are still there and the same, else a sentence that says so."""
    manifest = run.manifest
    spec = load_trained(run)
    try:
        spec = load_trained(run, peek=peek, said=said)
        dataset = load(spec.data, said, columns.read_columns(run.columns))
        dataset = replace(dataset, scales=read_scales(run.scaling))
    except NnctlError as error:
        note = f"the run's data cannot be read, so there are no baselines: {error.problems[0].message}"
    else:
        if dataset.fingerprint == manifest.data.get("fingerprint"):
            return collect_facts(dataset.plan(spec)), dataset, ()
        note = "the run's data have changed, so there are no baselines"
    data = manifest.data
    task, outputs, sizes = data.get("task"), data.get("outputs"), data.get("examples")
    train, held = (sizes.get(key) if isinstance(sizes, dict) else None for key in ("train", "validation"))
    known = DataFacts(
        task=task if isinstance(task, str) else None,
        outputs=outputs if isinstance(outputs, int) else None,
        validation=bool(held),
    )
    return collect_facts(make_plan(spec, known, train if isinstance(train, int) else None)), None, (note,)


def _probe_and_try(facts: Facts, dataset: Dataset, chosen: Selection, said: Report) -> tuple[Diagnosis, Facts]:
    """The verdict once the network was looked at too, and what might mend it was tried."""
    said("looking at the network", None)
    bench = Bench(facts.spec, dataset, facts)
    facts = replace(facts, probe=measure(bench, facts))
    said("trying what might mend it", None)
    assert bench.data.validation is not None
    found, trials = apply_rules(facts), Confirmation(facts, bench.try_edits, len(bench.data.validation))
    verdict = make_diagnosis(select_findings(facts.as_written, trials.judge_findings(found), chosen))
    bench.allow_more()
    verdict = complete_fix(verdict, select_findings(facts.as_written, found, chosen), trials)
    return replace(
        verdict,
        shortfall=find_shortfall(facts),
        tried=tuple(f"{code} {RULES[code].name}" for code in dict.fromkeys(trials.vain)),
    ), facts


def debug_rates(spec: Spec, dataset: Dataset, said: Report = silent) -> RateRange:
    """The learning-rate range test of a spec. Nothing is written.

    Raises:
        SpecError: the network cannot be built or fed.
    """
    said("trying learning rates", None)
    return measure_rate_range(spec, prepare_data(dataset), find_asked_rate(spec))
