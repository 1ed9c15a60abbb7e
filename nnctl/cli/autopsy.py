"""What `nnctl debug RUN` reads and leaves: a run, its verdict, and `findings.json` and the picture of its layers in it."""

import json
import math
from contextlib import suppress
from pathlib import Path
from typing import Any

from rich.markup import escape

from nnctl import plots
from nnctl.cli import findings, terminal
from nnctl.diagnosis import Diagnosis, Facts, Selection
from nnctl.diagnosis.outcome import run_scores
from nnctl.errors import Problem, UsageError
from nnctl.files import write_text
from nnctl.runs import Run, find

Diagnosed = tuple[Diagnosis, Facts, Path, dict[str, Any]]
"""The verdict, the facts, the path beside which a mended spec is written, and what is told of the run as JSON."""


def refuse(settings: list[str] | None, rates: bool, write: bool) -> None:
    """Refuses the flags that ask for something of a spec.

    Raises:
        UsageError: one was given.
    """
    flags = {"--set": bool(settings), "--lr": rates, "--write": write}
    if given := [flag for flag, there in flags.items() if there]:
        hint = "`nnctl debug RUN/resolved.yaml` takes it"
        raise UsageError(Problem("usage", f"{given[0]} is about a spec, and a run is done with", hint=hint))


def diagnosed(argument: str, root: Path, chosen: Selection) -> Diagnosed:
    """The verdict over a run, which is written into the run's `debug/` if that can be written to.

    Raises:
        RunError, SpecError: there is no such run, or it cannot be read.
    """
    run = find(argument, root)
    with terminal.reporting(terminal.notes()) as report:
        from nnctl.engine.debug import debug_run  # the run is found: now TensorFlow may take its seconds

        notes: list[str] = []

        def said(label: str, share: float | None) -> None:
            if label.startswith("the run's data"):
                notes.append(label)
            report(label, share)

        verdict, facts = debug_run(run, chosen, said)
    about = _about(run, facts)
    _write(run, {**about, **findings.told(verdict, facts.spec.source)}, facts)
    for line in (_headline(about), *notes):
        terminal.notes().print(escape(line), highlight=False)
    return verdict, facts, run.debug / "resolved.yaml", about


def _about(run: Run, facts: Facts) -> dict[str, Any]:
    assert facts.run is not None
    return {"run": str(run.path), "status": facts.run.status, "epochs": len(facts.run.history), **_scores(facts)}


def _scores(facts: Facts) -> dict[str, Any]:
    base = None if facts.dataset is None else facts.dataset.baselines
    known = None if base is None else {name: getattr(base, name) for name in base.__slots__}
    scores = {name: score for name, score in run_scores(facts).items() if math.isfinite(score)}  # JSON has no other
    return {"scores": scores, "baselines": known}


def _headline(about: dict[str, Any]) -> str:
    """The run, what became of it, and its scores beside those that need no network."""
    parts = [f"{name} {score:.3f}" for name, score in about["scores"].items()]
    if (base := about["baselines"]) is not None:
        numbers = [f"{name} {base[name]:.3f}" for name in ("trivial", "linear", "neighbour")]
        parts.append(f"without a network: {', '.join(numbers)} ({base['metric']})")
    return f"{about['run']}: {about['status']} after {about['epochs']} epochs; {'; '.join(parts)}"


def _write(run: Run, verdict: dict[str, Any], facts: Facts) -> None:
    """A run that cannot be written to is diagnosed all the same."""
    assert facts.run is not None
    with suppress(OSError):
        write_text(run.debug / "findings.json", json.dumps(verdict, indent=2) + "\n")
        if facts.run.checks:
            plots.layers(facts.run.checks, run.debug / "layers.png", facts.spec.name)
