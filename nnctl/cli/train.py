"""`nnctl train`: a spec becomes a run directory, or a run goes on."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nnctl.cli import options
from nnctl.cli.shell import completion

if TYPE_CHECKING:
    from nnctl.data import Dataset
    from nnctl.engine.train import Invocation, Trained
    from nnctl.spec.network.plan import Plan


def train(
    spec: Annotated[Path | None, options.argument("SPEC", "A YAML spec.", completion.specs)] = None,
    settings: options.Settings = None,
    epochs: Annotated[int | None, typer.Option(metavar="N", help="Train for N epochs.")] = None,
    subset: Annotated[int | None, typer.Option(metavar="N", help="Train on N examples, test on at most N.")] = None,
    seed: Annotated[int | None, typer.Option(metavar="N", help="The seed.")] = None,
    name: Annotated[str | None, typer.Option(metavar="NAME", help="What the run is called.")] = None,
    max_time: Annotated[str | None, typer.Option(metavar="TIME", help="End after `90s`, `10m` or `2h`.")] = None,
    max_memory: Annotated[str | None, typer.Option(metavar="SIZE", help="Refuse what takes more: `4GB`.")] = None,
    seeds: Annotated[int, typer.Option(metavar="N", min=1, help="Train N times, with seeds that follow on.")] = 1,
    smoke: Annotated[bool, typer.Option("--smoke", help="One epoch on 200 examples: does every stage work?")] = False,
    resume: Annotated[str | None, options.option("RUN", "Go on with a run, bit for bit.", completion.runs)] = None,
    allow_drift: Annotated[bool, typer.Option("--allow-drift", help="Resume though the bits will differ.")] = False,
    runs: options.Runs = options.RUNS,
    json: options.Json = False,
) -> int:
    """Train the network of a spec and score it, or go on with a run."""
    from nnctl.api import load_spec
    from nnctl.cli import resuming
    from nnctl.cli.shell import terminal
    from nnctl.cli.views import findings
    from nnctl.data import load
    from nnctl.data.memory.afford import afford_network

    settings = [*(settings or ()), *(("data.subset=200", "train.epochs=1") if smoke else ())]
    counts = {"epochs": ("train.epochs", epochs), "subset": ("data.subset", subset), "seed": ("seed", seed)}
    words = {"max-time": ("train.max_time", max_time), "name": ("name", name)}
    overrides, room = options.overriding(settings, {**counts, **words}), options.size(max_memory, "--max-memory")
    if resuming.asked(spec, resume, overrides, seeds, allow_drift):
        return resuming.resume(str(resume), runs, overrides, allow_drift, room, json)
    assert spec is not None
    read = load_spec(spec, overrides)
    with terminal.reporting(terminal.notes()) as report:
        dataset = load(read.data, report)
        plan = dataset.plan(read)
        afford_network(plan, room)
        findings.note(plan, () if not smoke else ("C02", "C03"))
        from nnctl.engine.train import Invocation  # the spec is known good: now TensorFlow may take its seconds
    return _train(plan, dataset, Invocation(spec, runs, ["nnctl", *sys.argv[1:]], overrides), seeds, json)


def _train(plan: "Plan", dataset: "Dataset", invocation: "Invocation", seeds: int, json: bool) -> int:
    """Trains with seeds that follow on from the spec's, each into a run of its own; ends where one is interrupted."""
    from nnctl.api import carry_out
    from nnctl.cli.views import ending, live

    outcomes, code, spec = list["Trained"](), 0, plan.spec
    for seed in range(spec.seed, spec.seed + seeds):
        flag = () if seeds == 1 else (("--seeds", f"seed={seed}"),)
        asked = replace(invocation, overrides=[*invocation.overrides, *flag])
        with live.Terminal() as shown:
            outcome = carry_out(replace(plan, spec=replace(spec, seed=seed)), dataset, asked, shown)
        code = max(code, ending.conclude(outcome, shown, json))
        outcomes.append(outcome)
        if outcome.manifest.status == "interrupted":
            break
    ending.summarise(outcomes, json)
    return code
