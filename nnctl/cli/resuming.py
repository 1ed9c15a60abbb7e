"""`nnctl train --resume RUN`: a run goes on as if nothing had happened."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nnctl.errors import Problem, RunError, UsageError

if TYPE_CHECKING:
    from nnctl.cli.views.live import Terminal
    from nnctl.data import Dataset
    from nnctl.engine.train import Trained
    from nnctl.runs import RunDirectory
    from nnctl.spec import Spec
    from nnctl.spec.network.plan import Plan

_KEPT = ("--epochs", "--max-time")  # what a run may be given anew


def asked(spec: Path | None, run: str | None, overrides: Sequence[tuple[str, str]], seeds: int, drift: bool) -> bool:
    """Whether a run is to be resumed, not a spec trained.

    Raises:
        UsageError: it is neither or both, or flags change what a run was begun with.
    """
    if run is None:
        if drift:
            raise UsageError(
                Problem("contradiction", "--allow-drift is for a run that is resumed", hint="`--resume RUN`")
            )
        if spec is None:
            raise UsageError(Problem("usage", "there is nothing to train", hint="`nnctl train SPEC` or `--resume RUN`"))
        return False
    if spec is not None:
        message = f"--resume needs nothing but the run, and {spec} is given, too"
        raise UsageError(Problem("contradiction", message, hint="leave one of them out"))
    changed = [flag for flag, _ in overrides if flag not in _KEPT] + (["--seeds"] if seeds > 1 else [])
    if changed:
        message = f"{', '.join(dict.fromkeys(changed))} would make it another training"
        hint = "a run is resumed as it was begun; --epochs and --max-time make it longer"
        raise UsageError(Problem("contradiction", message, hint=hint))
    return True


def resume(
    name: str, root: Path, overrides: Sequence[tuple[str, str]], drift: bool, room: int | None, json: bool
) -> int:
    """Goes on with a run, and shows how it ends; returns the exit code."""
    from nnctl.cli.shell import terminal
    from nnctl.data import load, peek
    from nnctl.data.memory.afford import afford_network
    from nnctl.data.tables import columns
    from nnctl.runs import find, locked
    from nnctl.spec import load_spec

    run = find(name, root)
    run.confine()
    spec = load_spec(run.resolved, overrides, peek)
    before = load_spec(run.resolved).train.epochs
    if _nothing_left(run, spec, overrides, drift):
        return _said(run, json)
    with locked(run.path):
        _settle(run.manifest.platform)
        with terminal.reporting(terminal.notes()) as report:
            dataset = load(spec.data, report, columns.read(run.columns))
            plan = dataset.plan(spec)
            afford_network(plan, room)
            from nnctl.cli.views import ending, live  # now TensorFlow may take its seconds
        with live.Terminal("a") as shown:
            outcome = _resume(run, plan, dataset, before, overrides, drift, shown)
        code = ending.conclude(outcome, shown, json)
        ending.summarise([outcome], json)
    return code


def _resume(
    run: "RunDirectory",
    plan: "Plan",
    dataset: "Dataset",
    before: int,
    overrides: Sequence[tuple[str, str]],
    drift: bool,
    shown: "Terminal",
) -> "Trained":
    """Goes on with the training of a run to its end."""
    from rich.markup import escape

    from nnctl.engine.resume import resume, rewrite
    from nnctl.engine.train import run_to_end

    resumption = resume(run, plan, dataset, before, drift)
    rewrite(run, resumption, overrides)
    training = resumption.training
    shown.told += [f"[warn]{escape(line)}[/]" for line in (*resumption.told, *resumption.drift)]
    place = f"epoch {training.state.epoch + 1}, step {training.state.step} of {training.steps.per_epoch}"
    shown.told.append("resumed  at its end" if training.over else f"resumed  in {place}")
    return run_to_end(training, run, shown, resumption.keeper)


def _nothing_left(run: "RunDirectory", spec: "Spec", overrides: Sequence[tuple[str, str]], drift: bool) -> bool:
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
    return manifest.status == "done" and (not overrides or manifest.epochs == spec.train.epochs)


def _said(run: "RunDirectory", json: bool) -> int:
    """Says that a run is finished."""
    from nnctl.cli.shell import terminal

    manifest = run.manifest
    if json:
        told = {name: getattr(manifest, name) for name in ("id", "name", "status", "epochs", "best_epoch", "scores")}
        terminal.print_json({"run": str(run.path), **told})
        return 0
    why = f" ({manifest.message})" if manifest.message else ""
    terminal.results().print(f"{run.path} is finished: {manifest.epochs} epochs{why}", markup=False)
    terminal.results().print("`--epochs N` makes it longer", style="quiet", markup=False)
    return 0


def _settle(platform: dict[str, object]) -> None:
    """Sets what TensorFlow reads while it is loaded to what the run was begun with: threads and oneDNN."""
    threads, onednn = platform.get("threads"), platform.get("onednn")
    if isinstance(threads, int) and not isinstance(threads, bool) and 1 <= threads <= 1024:
        os.environ["NNCTL_THREADS"] = str(threads)
    if isinstance(onednn, bool):
        os.environ["TF_ENABLE_ONEDNN_OPTS"] = str(int(onednn))
