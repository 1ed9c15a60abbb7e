"""`nnctl train --resume`, without the terminal: a run becomes the training that it was when it was last written down."""

import math
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from nnctl.data import Dataset, read_scales
from nnctl.engine.loop.observer import Observer, Silent
from nnctl.engine.loop.snapshot import Snapshot
from nnctl.engine.loop.training import Training
from nnctl.engine.network import schedules
from nnctl.engine.state import checkpoint
from nnctl.engine.state.fingerprints import Fingerprints, find_differences, make_fingerprints, read_fingerprints
from nnctl.engine.state.keeper import Keeper
from nnctl.engine.state.state_file import parse_facts
from nnctl.engine.train import Trained, prepare, run_to_end
from nnctl.errors import Problem, RunError
from nnctl.files import sweep, write_text
from nnctl.runs import RunDirectory, checkpoints, history
from nnctl.runs.lock import describe_process
from nnctl.spec import dump
from nnctl.spec.fingerprint import compute_fingerprint
from nnctl.spec.network.plan import Plan
from nnctl.spec.sections import Component, Spec

_KEPT = ("spec.yaml", "columns.json", "scaling.json")  # files that going on does not change
# Schedules that end with the training unless they are told a length.
_LENGTHS = ("decay_epochs",)
# What earlier versions called a file that was not finished: by the ids of its process and thread.
_UNFINISHED = re.compile(r"\..+-\d+-\d+\.\w+")


@dataclass(frozen=True, slots=True)
class Resumption:
    """A training that goes on.

    Attributes:
        training: the training, as it was when the checkpoint was written.
        keeper: writes its checkpoints.
        told: what the user should know: damaged checkpoints, what differs, what a schedule does.
        drift: what differs from how the run was begun.
    """

    training: Training
    keeper: Keeper
    told: tuple[str, ...]
    drift: tuple[str, ...]


def resume_run(
    run: RunDirectory, plan: Plan, dataset: Dataset, epochs: int, overrides: Sequence[tuple[str, str]], drift: bool,
    observer: Observer | None,
) -> Trained:  # fmt: skip
    """Goes on with the training of a run to its end.

    Args:
        run: the run, locked by the caller.
        plan: how its resolved spec is trained.
        dataset: its data.
        epochs: how long the run was to be before its spec said otherwise.
        overrides: the flags that make it longer, and their texts, as the run records them.
        drift: whether to go on although the bits will not be those of an unbroken training.
        observer: told, before training goes on, of what the user should know, and then of what happens, if there is one.

    Raises:
        RunError: something that the bits depend on differs, a file cannot be written, or the memory is used up.
        SpecError: the network cannot be built or fed.
    """
    resumption = resume(run, plan, dataset, epochs, drift)
    rewrite(run, resumption, overrides)
    watcher = observer or Silent()
    for line in (*resumption.told, *resumption.drift):
        watcher.said(line)
    return run_to_end(resumption.training, run, watcher, resumption.keeper)


def resume(
    run: RunDirectory, plan: Plan, dataset: Dataset, epochs: int | None = None, drift: bool = False
) -> Resumption:
    """The training of a run, restored from its newest sound checkpoint, or, without one, from its beginning.

    Nothing is written but the removal of what a process that died left half written.

    Args:
        run: the run, locked by the caller.
        plan: how its resolved spec is trained.
        dataset: its data.
        epochs: how long the run was to be before its spec said otherwise, or None.
        drift: whether to go on although the bits will not be those of an unbroken training.

    Raises:
        RunError: something that the bits depend on differs, and `drift` is False.
        SpecError: the network cannot be built or fed.
    """
    found = checkpoint.find_newest(run.checkpoints)
    told = list(found.told)
    facts = None if found.files is None else parse_facts(found.files)
    then = read_fingerprints(run.manifest) if facts is None else facts["fingerprints"]
    changed = _find_changes(then, plan.spec, dataset, drift)
    training = prepare(plan, replace(dataset, scales=read_scales(run.scaling)), fresh=facts is None)
    keeper = Keeper(training, run)
    if found.files is not None and found.path is not None:
        snapshot = checkpoint.unpack(found.files, training)
        training.restore(snapshot)
        if run.manifest.older is not None:
            told += _measure_best_anew(training)
        keeper = Keeper(training, run, found.path.name, _best(found.path, snapshot))
    elif found.told:
        told.append("no sound checkpoint is left: training begins again, and comes to the same bits")
    checkpoints.drop(run.checkpoints, found.damaged)
    with suppress(OSError):  # what a process that died left there takes space that the next checkpoint may need
        checkpoints.prune(run.checkpoints)
    return Resumption(training, keeper, (*told, *_describe_new_schedule(training, epochs)), tuple(changed))


def rewrite(run: RunDirectory, resumption: Resumption, overrides: Sequence[tuple[str, str]]) -> None:
    """Makes the run say that it is running, and its files what the checkpoint says.

    `resolved.yaml` gets the new length; `metrics.csv` is written anew from the checkpoint's history.

    Raises:
        OSError: a file cannot be written.
    """
    training, manifest = resumption.training, run.manifest
    state, best = training.state, training.best
    _sweep(run)
    sums = {name: sum for name, sum in manifest.checksums.items() if name in _KEPT}
    now = make_fingerprints(compute_fingerprint(training.resolve_spec()), training.dataset.fingerprint)
    begun = [state.epoch, state.step]
    run.update(
        status="running", ended=None, message=None, process=describe_process(), checksums=sums,
        epochs=len(state.history), best_epoch=best.epoch, best=best.measured,
        resumed=[*manifest.resumed, begun], overrides=[*manifest.overrides, *map(list, overrides)],
    )  # fmt: skip
    if resumption.drift:
        marked = [*manifest.drift, *(f"at epoch {begun[0] + 1}, step {begun[1]}: {text}" for text in resumption.drift)]
        data = {**manifest.data, "fingerprint": now["data"]}
        run.update(reading=manifest.reads_older)
        run.update(drift=marked, versions=now["versions"], platform=now["platform"], fingerprint=now["spec"], data=data)
    write_text(run.resolved, dump.dump(training.resolve_spec()))
    if state.history:
        history.write_history(state.history, run.metrics)
    else:
        run.metrics.unlink(missing_ok=True)
    run.renew_checksums(run.resolved)


def _find_changes(then: Fingerprints, spec: Spec, dataset: Dataset, drift: bool) -> list[str]:
    """What differs from how the run was begun.

    Raises:
        RunError: something does, and it must not.
    """
    changed = find_differences(then, make_fingerprints(compute_fingerprint(spec), dataset.fingerprint))
    if changed and not drift:
        hint = "`--allow-drift` goes on all the same, and marks the run"
        message = f"it would not be the training that was begun: {'; '.join(changed)}"
        raise RunError(Problem("drift", message, hint=hint))
    return changed


def _best(path: Path, snapshot: Snapshot) -> tuple[int, list[checkpoints.Reference]] | None:
    epoch = snapshot.best.epoch
    kept = [each for each in checkpoints.read_references(path) if each.path.startswith("../")]
    return (epoch, kept) if epoch is not None and kept else None


def _measure_best_anew(training: Training) -> list[str]:
    """Gives the best epoch of an older run the number that its weights have as validation measures it today.

    The older version may have computed it otherwise, or have kept the worse of two epochs: what comes is compared with this.

    Returns:
        What the user should know of it.
    """
    best, was = training.best, training.best.value
    if not training.measure_best():
        return []
    better = "larger" if best.mode == "max" else "smaller"
    told = f"epoch {best.epoch} stays the best until a {better} {best.monitor} comes: it is {best.value:.4g} as measured today"
    same = math.isclose(was, best.value, rel_tol=1e-5, abs_tol=1e-6)
    return [told if same else f"{told}, and was {was:.4g}"]


def _describe_new_schedule(training: Training, before: int | None) -> list[str]:
    """What a schedule that ends with the training does now that its end has moved."""
    train, rate = training.spec.train, training.spec.train.learning_rate
    if before is None or before == train.epochs or not isinstance(rate, Component):
        return []
    values = schedules.complete_arguments(rate)
    if rate.name != "one_cycle" and not any(name in values and values[name] is None for name in _LENGTHS):
        return []
    old = schedules.build_learning_rate(replace(train, epochs=before), training.steps.per_epoch)
    assert callable(old)  # a schedule with a length is no number
    was = float(old(schedules.count_steps(training.model.optimizer)))
    return [
        f"{rate.name} ends with the training: it now follows the curve of {train.epochs} epochs instead of {before}, and "
        f"the rate goes on at {training.learning_rate:.3g}, not {was:.3g}; one training of {train.epochs} epochs "
        "would have had another rate from the first step"
    ]


def _sweep(run: RunDirectory) -> None:
    """Removes the temporary files that a process that died left beside those that it was writing."""
    for folder in (run.path, run.plots, run.debug, *run.path.glob("eval/*/")):
        sweep(folder)
        for path in folder.glob(".*-*-*.*"):
            if _UNFINISHED.fullmatch(path.name) and path.is_file():
                path.unlink()
