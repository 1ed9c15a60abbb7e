"""`nnctl train`: a spec becomes a run directory."""

import sys
from typing import Annotated

import typer

from nnctl.cli import options


def train(
    spec: options.SpecPath,
    settings: options.Settings = None,
    epochs: Annotated[int | None, typer.Option(metavar="N", help="Train for N epochs.")] = None,
    subset: Annotated[int | None, typer.Option(metavar="N", help="Train on N examples, test on at most N.")] = None,
    seed: Annotated[int | None, typer.Option(metavar="N", help="The seed.")] = None,
    name: Annotated[str | None, typer.Option(metavar="NAME", help="What the run is called.")] = None,
    max_time: Annotated[str | None, typer.Option(metavar="TIME", help="End after `90s`, `10m` or `2h`.")] = None,
    seeds: Annotated[int, typer.Option(metavar="N", min=1, help="Train N times, with seeds that follow on.")] = 1,
    smoke: Annotated[bool, typer.Option("--smoke", help="One epoch on 200 examples: does every stage work?")] = False,
    runs: options.Runs = options.RUNS,
    json: options.Json = False,
) -> int:
    """Train the network of a spec and score it."""
    from nnctl.cli import terminal
    from nnctl.data import load, peek
    from nnctl.spec import load_spec

    settings = [*(settings or ()), *(("data.subset=200", "train.epochs=1") if smoke else ())]
    counts = {"epochs": ("train.epochs", epochs), "subset": ("data.subset", subset), "seed": ("seed", seed)}
    words = {"max-time": ("train.max_time", max_time), "name": ("name", name)}
    overrides = options.overriding(settings, {**counts, **words})
    read = load_spec(spec, overrides, peek)
    with terminal.reporting(terminal.notes()) as report:
        dataset = load(read.data, report)
        from nnctl.cli import ending, live  # the spec is known good: now TensorFlow may take its seconds
        from nnctl.engine.train import Invocation
    invocation = Invocation(spec, runs, ["nnctl", *sys.argv[1:]], overrides)
    return ending.conclude(live.trained(read, dataset, invocation, seeds), json)
