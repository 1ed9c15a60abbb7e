"""`nnctl train`: a spec becomes a run directory, or a run goes on."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nnctl.cli import options
from nnctl.cli.shell import completion, subjects
from nnctl.errors import Problem, UsageError

if TYPE_CHECKING:
    from nnctl.api import Loaded, Run
    from nnctl.cli.views.live import Terminal

_MOST_SEEDS = 10_000  # as a manifest has it (`nnctl.runs.manifest`), which a start does not wait for
_KEPT = ("--epochs", "--max-time")  # what a run may be given anew


def train(
    spec: Annotated[Path | None, options.argument("SPEC", "A YAML spec.", completion.list_specs)] = None,
    settings: options.Settings = None,
    epochs: Annotated[int | None, typer.Option(metavar="N", help="Train for N epochs.")] = None,
    subset: Annotated[int | None, typer.Option(metavar="N", help="Train on N examples, test on at most N.")] = None,
    seed: Annotated[int | None, typer.Option(metavar="N", help="The seed.")] = None,
    name: Annotated[str | None, typer.Option(metavar="NAME", help="The name of the run.")] = None,
    max_time: Annotated[str | None, typer.Option(metavar="TIME", help="Stop after `90s`, `10m` or `2h`.")] = None,
    max_memory: Annotated[
        str | None, typer.Option(metavar="SIZE", help="Refuse to train if it takes more: `4GB`.")
    ] = None,
    seeds: Annotated[int, typer.Option(metavar="N", min=1, help="Train N times, with consecutive seeds.")] = 1,
    smoke: Annotated[bool, typer.Option("--smoke", help="One epoch on 200 examples: does every stage work?")] = False,
    resume: Annotated[str | None, options.option("RUN", "Go on with a run, bit for bit.", completion.list_runs)] = None,
    allow_drift: Annotated[bool, typer.Option("--allow-drift", help="Resume even if the bits will differ.")] = False,
    runs: options.Runs = options.RUNS,
    json: options.Json = False,
) -> int:
    """Train the network of a spec and score it, or go on with a run."""
    from nnctl.api.checking import check, parse_selection
    from nnctl.api.training import load_data
    from nnctl.cli.shell import terminal
    from nnctl.cli.views import findings

    settings = [*(settings or ()), *(("data.subset=200", "train.epochs=1") if smoke else ())]
    counts = {"epochs": ("train.epochs", epochs), "subset": ("data.subset", subset), "seed": ("seed", seed)}
    words = {"max-time": ("train.max_time", max_time), "name": ("name", name)}
    overrides = options.merge_overrides(settings, {**counts, **words})
    room = options.parse_size(max_memory, "--max-memory")
    if _resumes(spec, resume, overrides, seeds, allow_drift):
        return _go_on(subjects.load_run(str(resume), runs), epochs, max_time, allow_drift, room, json)
    assert spec is not None
    read = subjects.load_spec(spec, overrides)
    with terminal.report_progress(terminal.notes()) as report:
        loaded = load_data(read, report, room)
    chosen = parse_selection(ignore=("C02", "C03") if smoke else ())
    findings.note(check(loaded.plan, chosen), read.source)  # once what shows progress has left the line
    return _train(loaded, runs, overrides, seeds, json)


def _resumes(spec: Path | None, run: str | None, overrides: Sequence[tuple[str, str]], seeds: int, drift: bool) -> bool:
    """Whether a run is to be resumed, not a spec trained.

    Raises:
        UsageError: it is neither or both, or flags change what a run was begun with.
    """
    if run is None and drift:
        raise UsageError(Problem("contradiction", "--allow-drift works only with --resume", hint="`--resume RUN`"))
    if seeds > _MOST_SEEDS:
        raise UsageError(Problem("bad-value", f"--seeds is {seeds:,}", hint=f"expected at most {_MOST_SEEDS:,}"))
    if run is None and spec is None:
        raise UsageError(Problem("usage", "there is nothing to train", hint="`nnctl train SPEC` or `--resume RUN`"))
    if run is None:
        return False
    if spec is not None:
        message = f"--resume takes only the run, and {spec} is given, too"
        raise UsageError(Problem("contradiction", message, hint="leave one of them out"))
    changed = [flag for flag, _ in overrides if flag not in _KEPT] + (["--seeds"] if seeds > 1 else [])
    if changed:
        message = f"{', '.join(dict.fromkeys(changed))} would change the training"
        hint = "a run resumes as it began; --epochs and --max-time make it longer"
        raise UsageError(Problem("contradiction", message, hint=hint))
    return True


def _train(loaded: "Loaded", runs: Path, overrides: Sequence[tuple[str, str]], seeds: int, json: bool) -> int:
    """Trains with consecutive seeds from the spec's on, each into a run of its own; ends where one is interrupted."""
    from nnctl.api.seeds import begin_set
    from nnctl.api.training import train
    from nnctl.cli.views import ending, live

    trained, code, command = list["Run"](), 0, ["nnctl", *sys.argv[1:]]
    asked = begin_set(loaded.plan.spec.seed, seeds)
    with asked.hold(runs):
        for seed in asked.seeds:
            given = [*overrides, *(() if seeds == 1 else (("--seeds", f"seed={seed}"),))]
            with live.Terminal() as shown:
                run = train(loaded.with_seed(seed), runs, shown, command=command, overrides=given, seeds=asked)
            code = max(code, ending.conclude(run, shown, json))
            trained.append(run)
            if run.status == "interrupted":
                break
    ending.summarise(trained, json)
    return code


def _go_on(found: "Run", epochs: int | None, time: str | None, drift: bool, room: int | None, json: bool) -> int:
    """Goes on with a run, or with all of its set, and shows how that ends, or that there was nothing left to do."""
    from nnctl.api.seeds import list_members, read_set
    from nnctl.cli.views import ending

    reached, code, alone = list["Run"](), 0, not read_set(found.manifest).id
    with read_set(found.manifest).hold(found.directory.root):
        for seed, member in list_members(found):
            run, shown = _train_member(found, seed, member, (epochs, time, drift, room))
            if shown.log is None and alone:  # it never began
                ending.show_finished(run, json)
                return 0
            begun = shown.log is not None
            if not begun:
                ending.record(run)
            code = max(code, ending.conclude(run, shown, json) if begun else int(run.manifest.status != "done"))
            reached.append(run)
            if begun and run.manifest.status == "interrupted":
                break
    ending.summarise(reached, json)
    return code


def _train_member(
    found: "Run", seed: int, member: "Run | None", given: tuple[int | None, str | None, bool, int | None]
) -> "tuple[Run, Terminal]":
    """Goes on with the run of a seed, or begins it; what is at its end is left as it is.

    Args:
        found: a run of its set.
        seed: the seed.
        member: the run, or None if there is none yet.
        given: how long it is to be, in epochs and time, whether its bits may be others, and the room in memory.
    """
    from nnctl.api.seeds import read_set, train_sibling
    from nnctl.api.training import resume
    from nnctl.cli.views import live

    epochs, time, drift, room = given
    with live.Terminal("w" if member is None else "a") as shown:
        if member is None:
            return train_sibling(found, seed, epochs, time, drift, shown, shown.report, room), shown
        if member.status == "diverged" and not drift and read_set(found.manifest).id:
            return member, shown  # and would again; its siblings may not
        return resume(member, epochs, time, drift, shown, shown.report, room), shown
