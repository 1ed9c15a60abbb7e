"""Training from Python: a spec's data are loaded, its network is trained into a run, and a run goes on."""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from nnctl.api.runs import Run
from nnctl.api.specs import Written, take_spec
from nnctl.data import Dataset, Report, load, peek, silent
from nnctl.data.memory.afford import afford_network
from nnctl.data.tables import columns
from nnctl.errors import Problem, RunError, UsageError
from nnctl.runs import RunDirectory, find_root, hold_lock
from nnctl.runs.meaning import load_trained
from nnctl.runs.seeds import SeedSet
from nnctl.spec import Spec
from nnctl.spec.network.plan import Plan

if TYPE_CHECKING:
    from nnctl.engine.loop.observer import Observer
    from nnctl.engine.train import Trained


@dataclass(frozen=True, slots=True)
class Loaded:
    """A spec whose data are loaded, so that it can be trained several times.

    Attributes:
        plan: how it is trained on them; `plan.spec` is the spec.
        dataset: the data, checked and split.
    """

    plan: Plan
    dataset: Dataset

    def with_seed(self, seed: int) -> "Loaded":
        """The same with another seed of weights, order and whatever else a training draws; the splits stay."""
        return replace(self, plan=replace(self.plan, spec=replace(self.plan.spec, seed=seed)))


def load_data(spec: Spec | Written, report: Report | None = None, memory: int | None = None) -> Loaded:
    """Loads the data of a spec, and makes sure that memory would do for its training. TensorFlow is not loaded.

    What is downloaded is written into `$NNCTL_DATA_DIR` or Keras's cache.

    Args:
        spec: the spec, or what `load_spec` takes.
        report: told of a download.
        memory: the most bytes that training may take beside the data; what the machine has if left out.

    Raises:
        DataError: the data cannot be had, read or trained on.
        SpecError: the spec cannot be read, or memory would not do; the layer that takes most is named.
    """
    spec = take_spec(spec)
    dataset = load(spec.data, report or silent)
    plan = dataset.plan(spec)
    afford_network(plan, memory)
    return Loaded(plan, dataset)


def train(
    spec: Spec | Loaded | Written, runs: str | Path | None = None, observer: "Observer | None" = None,
    report: Report | None = None, *, command: Sequence[str] = (), overrides: Sequence[tuple[str, str]] = (),
    seeds: SeedSet | None = None,
) -> Run:  # fmt: skip
    """Trains a spec into a new run directory, and scores its best model.

    A training that diverges or that the observer stops leaves a run as well: `manifest.status` tells.

    Args:
        spec: the spec; `dataclasses.replace(spec, seed=4)` is another one. Or what `load_spec` takes, or what `load_data` made.
        runs: the folder of the run directories; `$NNCTL_RUNS` or `runs` if left out.
        observer: told when training begins and of each epoch, and asked whether to stop.
        report: told of a download.
        command: the command line that asked for it, which the run records.
        overrides: the flags that changed the spec, and their texts, which the run records.
        seeds: the set that it is one of, of `begin_seeds`, which the run records.

    Returns:
        The run, which also holds what its best model scored.

    Raises:
        SpecError, DataError: the spec cannot be read, the network cannot be built or fed, the data cannot be had, or memory would
            not do.
        RunError: the run cannot be written; it says how to go on.
        KeyboardInterrupt: it was interrupted; the run is kept and can be resumed.
    """
    loaded = spec if isinstance(spec, Loaded) else load_data(spec, report)
    from nnctl.engine.train import Invocation, train_plan  # the spec is known good: now TensorFlow may take its seconds

    among = {} if seeds is None else seeds.document()
    asked = Invocation(Path(loaded.plan.spec.source.name), find_root(runs), command, overrides, among)
    return finish(train_plan(loaded.plan, loaded.dataset, asked, observer), observer)


def resume(
    run: Run, epochs: int | None = None, max_time: str | None = None, allow_drift: bool = False,
    observer: "Observer | None" = None, report: Report | None = None, memory: int | None = None,
) -> Run:  # fmt: skip
    """Goes on with a run as if nothing had happened, bit for bit, and scores its best model.

    A run that is done, and is not made longer, is returned as it is, and the observer is told of nothing. Threads and oneDNN
    are set to what the run was begun with, if TensorFlow is not loaded yet: in `$NNCTL_THREADS` and `$TF_ENABLE_ONEDNN_OPTS`.

    Args:
        run: the run.
        epochs: how long the whole training is to be; as before if left out.
        max_time: the most time it may take (`90s`, `10m`); as before if left out.
        allow_drift: whether to go on although the bits will not be those of an unbroken training; the run is marked.
        observer: told when training goes on and of each epoch, and asked whether to stop; before that, of what differs.
        report: told of a download.
        memory: the most bytes that training may take beside the data; what the machine has if left out.

    Raises:
        UsageError: fewer epochs are asked for than have run.
        RunError: it diverged and would again, something that the bits depend on differs, another process trains it, or it
            cannot be read or written.
        SpecError, DataError: as `train`.
        KeyboardInterrupt: it was interrupted; it can be resumed again.
    """
    directory = run.directory
    overrides = list_lengths(epochs, max_time)
    directory.confine(grows=True)
    said = report or silent
    spec = load_trained(directory, overrides, peek, said)
    before = load_trained(directory).train.epochs
    if _is_finished(directory, spec, bool(overrides), allow_drift):
        return run
    if (begin := spec.train.init_from) is not None:
        said(f"the run names the weights that it began with: reading {begin} if no sound checkpoint is left", None)
    with hold_lock(directory.path):
        settle(directory.manifest.platform)
        dataset = load(spec.data, said, columns.read_columns(directory.columns))
        plan = dataset.plan(spec)
        afford_network(plan, memory)
        from nnctl.engine.resume import resume_run  # now TensorFlow may take its seconds

        return finish(resume_run(directory, plan, dataset, before, overrides, allow_drift, observer), observer)


def list_lengths(epochs: int | None, max_time: str | None) -> list[tuple[str, str]]:
    """The flags that make a run longer, and their texts."""
    lengths = (("--epochs", "train.epochs", epochs), ("--max-time", "train.max_time", max_time))
    return [(flag, f"{key}={value}") for flag, key, value in lengths if value is not None]


def finish(trained: "Trained", observer: "Observer | None") -> Run:
    """The run of a training; one that a Ctrl-C broke off, and not its observer, is an interrupt to the caller as well."""
    if trained.manifest.status == "interrupted" and (observer is None or not observer.interrupted()):
        raise KeyboardInterrupt
    return Run(trained.run, trained.evaluation)


def _is_finished(run: RunDirectory, spec: Spec, longer: bool, drift: bool) -> bool:
    """Whether a run has come to its end, and nothing asks for more.

    Raises:
        UsageError: fewer epochs are asked for than it has.
        RunError: it diverged, and would again.
    """
    manifest = run.manifest
    if manifest.status == "diverged" and not drift:
        hint = "train it anew with a smaller learning rate; `--allow-drift` replays it all the same"
        raise RunError(Problem("diverged", f"{run.path} diverged, and would again: {manifest.message}", hint=hint))
    if spec.train.epochs < manifest.epochs:
        message = f"the run has {manifest.epochs} epochs, and --epochs asks for {spec.train.epochs}"
        raise UsageError(Problem("bad-value", message, hint="epochs that have run are not taken back"))
    return manifest.status == "done" and (not longer or manifest.epochs == spec.train.epochs)


def settle(platform: dict[str, object]) -> None:
    """Sets what TensorFlow reads while it is loaded to what the run was begun with: threads and oneDNN."""
    if "nnctl.engine" in sys.modules:
        return  # it has been read; what differs is told when the run is compared with what is here
    threads, onednn = platform.get("threads"), platform.get("onednn")
    if isinstance(threads, int) and not isinstance(threads, bool) and 1 <= threads <= 1024:
        os.environ["NNCTL_THREADS"] = str(threads)
    if isinstance(onednn, bool):
        os.environ["TF_ENABLE_ONEDNN_OPTS"] = str(int(onednn))
