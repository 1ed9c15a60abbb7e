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
    runs: options.Runs = options.RUNS,
    json: options.Json = False,
) -> int:
    """Train the network of a spec and score it."""
    from nnctl.cli import terminal
    from nnctl.data import load, peek
    from nnctl.spec import load_spec

    flags = {"epochs": ("train.epochs", epochs), "subset": ("data.subset", subset), "seed": ("seed", seed)}
    overrides = options.overriding(settings, **flags, name=("name", name))
    read = load_spec(spec, overrides, peek)
    with terminal.reporting(terminal.notes()) as report:
        dataset = load(read.data, report)
        from nnctl.cli import live  # the spec is known good: now TensorFlow may take its seconds
        from nnctl.engine.train import Invocation, begin, prepare, run_to_end

        training = prepare(read, dataset)
    run = begin(training, Invocation(spec, runs, ["nnctl", *sys.argv[1:]], overrides))
    with live.watching(training, run) as observer:
        outcome = run_to_end(training, run, observer)
    return live.conclude(outcome, observer, json)
