"""What `nnctl debug RUN` reads and leaves: a run, its verdict, and `findings.json` and the picture of its layers in it."""

import json
import math
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rich.markup import escape

from nnctl import plots
from nnctl.cli.shell import terminal
from nnctl.cli.views import findings
from nnctl.diagnosis import Diagnosis, Facts, Selection
from nnctl.diagnosis.facts.facts import run_of
from nnctl.diagnosis.success import run_scores
from nnctl.errors import Problem, UsageError
from nnctl.files import write_text
from nnctl.runs import RunDirectory, find

if TYPE_CHECKING:
    from nnctl.diagnosis.facts.baselines import Baselines


@dataclass(frozen=True, slots=True)
class Standing:
    """What became of a run, as it is told beside its verdict; as JSON its attributes.

    Attributes:
        run: the path.
        status: the run's status.
        epochs: how many have ended.
        scores: the score of each split in the metric of the baselines.
        baselines: the scores that need no network; None where the data are gone.
    """

    run: str
    status: str
    epochs: int
    scores: Mapping[str, float]
    baselines: "Baselines | None"


@dataclass(frozen=True, slots=True)
class Debugged:
    """What `nnctl debug` says.

    Attributes:
        diagnosis: what was found.
        facts: what it was found in.
        path: the spec that a mended one is written beside.
        trained: what became of the run; None for a spec.
    """

    diagnosis: Diagnosis
    facts: Facts
    path: Path
    trained: Standing | None = None

    def document(self) -> dict[str, object]:
        """It as JSON has it."""
        trained = {} if self.trained is None else asdict(self.trained)
        return {**trained, **findings.told(self.diagnosis, self.facts.spec.source)}


def refuse(settings: list[str] | None, rates: bool, write: bool) -> None:
    """Refuses the flags that ask for something of a spec.

    Raises:
        UsageError: one was given.
    """
    flags = {"--set": bool(settings), "--lr": rates, "--write": write}
    if given := [flag for flag, there in flags.items() if there]:
        hint = "`nnctl debug RUN/resolved.yaml` takes it"
        raise UsageError(Problem("usage", f"{given[0]} is about a spec, and a run is done with", hint=hint))


def diagnosed(argument: str, root: Path, chosen: Selection) -> Debugged:
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

        diagnosis, facts = debug_run(run, chosen, said)
    trained = _trained(run, facts)
    verdict = Debugged(diagnosis, facts, run.debug / "resolved.yaml", trained)
    _write(run, verdict)
    for line in (_headline(trained), *notes):
        terminal.notes().print(escape(line), highlight=False)
    return verdict


def _trained(run: RunDirectory, facts: Facts) -> Standing:
    left = run_of(facts)
    base = None if facts.dataset is None else facts.dataset.baselines
    scores = {name: score for name, score in run_scores(facts).items() if math.isfinite(score)}  # JSON has no other
    return Standing(str(run.path), left.status, len(left.history), scores, base)


def _headline(trained: Standing) -> str:
    """The run, what became of it, and its scores beside those that need no network."""
    parts = [f"{name} {score:.3f}" for name, score in trained.scores.items()]
    if (base := trained.baselines) is not None:
        numbers = f"trivial {base.trivial:.3f}, linear {base.linear:.3f}, neighbour {base.neighbour:.3f}"
        parts.append(f"without a network: {numbers} ({base.metric})")
    return f"{trained.run}: {trained.status} after {trained.epochs} epochs; {'; '.join(parts)}"


def _write(run: RunDirectory, verdict: Debugged) -> None:
    """A run that cannot be written to is diagnosed all the same."""
    checks = run_of(verdict.facts).checks
    with suppress(OSError):
        write_text(run.debug / "findings.json", json.dumps(verdict.document(), indent=2) + "\n")
        if checks:
            plots.draw_layers(checks, run.debug / "layers.png", verdict.facts.spec.name)
