"""`nnctl.train` and `nnctl.resume`: those of `nnctl.api`, which show how far they are to whoever waits for them."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nnctl.api import training
from nnctl.api.runs import Run
from nnctl.api.specs import Written
from nnctl.api.training import Loaded
from nnctl.cli.views.notebook import Script, choose_view
from nnctl.data import Report
from nnctl.errors import Problem, UsageError
from nnctl.runs.seeds import SeedSet
from nnctl.spec import Spec

if TYPE_CHECKING:
    from nnctl.engine.loop.observer import Observer

__all__ = ["resume", "train"]


def train(
    spec: Spec | Loaded | Written, runs: str | Path | None = None, observer: "Observer | None" = None,
    report: Report | None = None, *, progress: bool | None = None, command: Sequence[str] = (),
    overrides: Sequence[tuple[str, str]] = (), seeds: SeedSet | None = None,
) -> Run:  # fmt: skip
    """Trains a spec into a new run directory, and scores its best model.

    A training that diverges or that the observer stops leaves a run as well: `manifest.status` tells.

    Args:
        spec: the spec; `dataclasses.replace(spec, seed=4)` is another one. Or what `load_spec` takes (a path or a map), or what
            `nnctl.api.load_data` made.
        runs: the folder of the run directories; `$NNCTL_RUNS` or `runs` if left out.
        observer: told when training begins and of each epoch, and asked whether to stop; nothing else is shown then.
        report: told of a download.
        progress: whether to show what `nnctl train` shows, in a notebook in the output of its cell, elsewhere on stderr, and to
            keep it in the run's `train.log`. If left out, in a notebook and where stderr is a terminal.
        command: the command line that asked for it, which the run records.
        overrides: the flags that changed the spec, and their texts, which the run records.
        seeds: the set that it is one of, of `begin_seeds`, which the run records.

    Returns:
        The run, which also holds what its best model scored.

    Raises:
        UsageError: an observer is given, and progress is asked for.
        SpecError, DataError: the spec cannot be read, the network cannot be built or fed, the data cannot be had, or memory would
            not do.
        RunError: the run cannot be written; it says how to go on.
        KeyboardInterrupt: it was interrupted; the run is kept and can be resumed.
    """
    asked = {"command": command, "overrides": overrides, "seeds": seeds}
    shown = _choose_view(observer, progress, "w")
    if shown is None:
        return training.train(spec, runs, observer, report, **asked)  # type: ignore[arg-type]
    with shown:
        run = training.train(spec, runs, shown, report or shown.report, **asked)  # type: ignore[arg-type]
        shown.conclude(run)
    return run


def resume(
    run: Run, epochs: int | None = None, max_time: str | None = None, allow_drift: bool = False,
    observer: "Observer | None" = None, report: Report | None = None, memory: int | None = None, *,
    progress: bool | None = None,
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
        progress: whether to show what `nnctl train --resume` shows, as `train` has it.

    Raises:
        UsageError: fewer epochs are asked for than have run, or an observer is given and progress is asked for.
        RunError: it diverged and would again, something that the bits depend on differs, another process trains it, or it
            cannot be read or written.
        SpecError, DataError: as `train`.
        KeyboardInterrupt: it was interrupted; it can be resumed again.
    """
    shown = _choose_view(observer, progress, "a")
    if shown is None:
        return training.resume(run, epochs, max_time, allow_drift, observer, report, memory)
    with shown:
        longer = training.resume(run, epochs, max_time, allow_drift, shown, report or shown.report, memory)
        if shown.run is not None:  # else there was nothing to do
            shown.conclude(longer)
    return longer


def _choose_view(observer: "Observer | None", progress: bool | None, mode: str) -> Script | None:
    """What shows the training; None where nothing does, or the caller's observer."""
    if observer is None:
        return choose_view(progress, mode)
    if progress:
        hint = "leave `progress` out: the observer shows it"
        raise UsageError(Problem("contradiction", "progress=True and an observer ask for two views", hint=hint))
    return None
