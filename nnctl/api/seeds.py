"""Trainings with several seeds from Python: which runs are of one set, and how one that was not begun is trained."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from nnctl.api.runs import Run
from nnctl.api.training import finish, list_lengths, load_data, settle
from nnctl.data import Report, peek
from nnctl.errors import Problem, RunError, Source
from nnctl.files import read_text
from nnctl.runs import Manifest, RunDirectory
from nnctl.runs.meaning import load_trained
from nnctl.runs.seeds import SeedSet, begin_set, find_members, list_open, read_set
from nnctl.spec import Spec

if TYPE_CHECKING:
    from nnctl.engine.loop.observer import Observer

_LARGEST = 2**20  # bytes of a spec

__all__ = ["SeedSet", "begin_set", "list_members", "list_unfinished", "read_set", "train_sibling"]


def list_members(run: Run) -> list[tuple[int, Run | None]]:
    """The seeds of a run's set in order, each with its run, or None where that has not begun.

    A run that stands alone is its only member.
    """
    manifest = run.manifest
    asked = read_set(manifest)
    found = find_members(asked, run.directory.root) if asked.id else {}
    runs = {seed: Run(each.run) for seed, each in found.items() if each is not None} | {manifest.seed: run}
    return [(seed, runs.get(seed)) for seed in asked.seeds]


def list_unfinished(listed: Iterable[tuple[Run, Manifest]]) -> list[tuple[Run, int, int]]:
    """The sets of seeds among runs that are not at their end and that nobody trains.

    Args:
        listed: the runs of a folder, as `list_manifests` lists them.

    Returns:
        The newest run of each, which resumes it; how many seeds are still to be trained, and of how many.
    """
    return list_open(listed)


def train_sibling(
    run: Run, seed: int, epochs: int | None = None, max_time: str | None = None, allow_drift: bool = False,
    observer: "Observer | None" = None, report: Report | None = None, memory: int | None = None,
) -> Run:  # fmt: skip
    """Trains what a run was trained on with another seed of its set, beside it, and scores its best model.

    Its bits are those that it would have had if the set had been trained without a break: spec, data and versions are compared
    with the run's. Threads and oneDNN are set to the run's, as `resume` does.

    Args:
        run: a run of the set.
        seed: the seed.
        epochs: how long the training is to be; as the run if left out.
        max_time: the most time it may take (`90s`, `10m`); as the run if left out.
        allow_drift: whether to train although data, versions or machine are others now.
        observer: told when training begins and of each epoch, and asked whether to stop.
        report: told of a download.
        memory: the most bytes that training may take beside the data; what the machine has if left out.

    Raises:
        RunError: something that the bits depend on differs, or the run cannot be written.
        SpecError, DataError, KeyboardInterrupt: as `train`.
    """
    directory, lengths = run.directory, list_lengths(epochs, max_time)
    directory.confine()
    manifest = directory.manifest
    spec = _as_written(load_trained(directory, lengths, peek), directory, manifest)
    settle(manifest.platform)
    loaded = load_data(spec, report, memory).with_seed(seed)
    from nnctl.engine.state.fingerprints import find_differences, make_fingerprints, read_fingerprints
    from nnctl.engine.train import Invocation, train_plan  # now TensorFlow may take its seconds

    then = read_fingerprints(manifest)
    changed = find_differences(then, make_fingerprints(str(then["spec"]), loaded.dataset.fingerprint))
    if changed and not allow_drift:
        message = f"seed {seed} would not be trained as those before it: {'; '.join(changed)}"
        raise RunError(Problem("drift", message, hint="`--allow-drift` goes on all the same"))
    kept = [(flag, text) for flag, text in manifest.overrides if flag != "--seeds"]
    overrides = [*kept, *lengths, ("--seeds", f"seed={seed}")]
    among = read_set(manifest).document()
    asked = Invocation(Path(manifest.spec), directory.root, manifest.command, overrides, among, manifest.commit)
    return finish(train_plan(loaded.plan, loaded.dataset, asked, observer), observer)


def _as_written(spec: Spec, run: RunDirectory, manifest: Manifest) -> Spec:
    """The resolved spec of a run with the user's own text, where that can be read, which its siblings keep as it does."""
    try:
        text = read_text(run.spec, _LARGEST)
    except OSError:
        return spec
    marked = text.startswith("\ufeff")
    return replace(spec, source=Source(manifest.spec, text.removeprefix("\ufeff"), marked))
