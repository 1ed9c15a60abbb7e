"""What keeps a network from learning, from Python: the verdict over a spec or a run, and the edit that mends it."""

import json
import math
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from nnctl import data, plots
from nnctl.api.checking import EVERYTHING, document_diagnosis
from nnctl.api.fixing import write_mended
from nnctl.api.runs import Run
from nnctl.api.specs import Written, take_spec
from nnctl.data import Report, silent
from nnctl.diagnosis import Diagnosis, Facts, Fix, Selection, select_findings
from nnctl.diagnosis.facts.facts import require_run
from nnctl.diagnosis.success import find_scores
from nnctl.files import write_text
from nnctl.runs import RunDirectory
from nnctl.spec import Spec
from nnctl.spec.edits import apply

if TYPE_CHECKING:
    from nnctl.diagnosis.facts.baselines import Baselines
    from nnctl.diagnosis.facts.probes import RateRange


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
    """What keeps a network from learning.

    Attributes:
        diagnosis: what was found.
        facts: what it was found in: of the spec, the data, the network and the run.
        path: the spec that a mended one is written beside.
        standing: what became of the run; None for a spec.
        notes: what kept the run's data from being looked at; empty where they were.
    """

    diagnosis: Diagnosis
    facts: Facts
    path: Path
    standing: Standing | None = None
    notes: tuple[str, ...] = ()

    def document(self) -> dict[str, object]:
        """It as JSON has it."""
        standing = {} if self.standing is None else asdict(self.standing)
        short = self.diagnosis.shortfall
        return {
            **standing,
            **document_diagnosis(self.diagnosis, self.facts.as_written.source),
            "shortfall": None if short is None else asdict(short),
            "tried": list(self.diagnosis.tried),
        }


def debug(subject: Spec | Written | Run, chosen: Selection = EVERYTHING, report: Report | None = None) -> Debugged:
    """Finds what keeps the network of a spec or a run from learning, and tries what might mend it.

    Of a spec nothing is written. The verdict over a run is written into its `debug/findings.json` and, where layers were
    recorded, they are drawn in its `plots/layers.png`; a run that cannot be written to is diagnosed all the same.

    Args:
        subject: the spec, or what `load_spec` takes; or the run, whatever became of it.
        chosen: which findings are told, as `parse_selection(select=["H"])` says it.
        report: told of what is being looked at.

    Raises:
        SpecError: the spec cannot be read, the network cannot be built or fed, a comment of the spec names no rule's code, or
            the run's spec is damaged.
        DataError: the spec's data cannot be had.
        RunError: the run cannot be read.
    """
    report, spec = report or silent, None if isinstance(subject, Run) else take_spec(subject)
    if spec is not None:
        select_findings(spec, (), chosen)  # refuses a comment that names no code before anything is loaded
        dataset = data.load(spec.data, report)
    from nnctl.engine.debug import debug_run, debug_spec  # the spec is known good: now TensorFlow may take its seconds

    if isinstance(subject, Run):
        return _conclude(subject.directory, *debug_run(subject.directory, chosen, report))
    assert spec is not None
    return Debugged(*debug_spec(spec, dataset, chosen, report), Path(spec.source.name))


def find_rate(spec: Spec | Written, plot: Path | None = None, report: Report | None = None) -> "RateRange":
    """The learning-rate range test of a spec: how the loss moves while the rate grows with each step.

    Args:
        spec: the spec, or what `load_spec` takes.
        plot: a PNG to draw the test into; nothing is written if it is left out.
        report: told of what takes a while.

    Raises:
        SpecError: the spec cannot be read, or the network cannot be built or fed.
        DataError: the data cannot be had.
    """
    spec = take_spec(spec)
    dataset = data.load(spec.data, report or silent)
    from nnctl.engine.debug import debug_rates

    found = debug_rates(spec, dataset, report or silent)
    if plot is not None:
        plots.draw_rates(found.rates, found.losses, found.asked, found.suggested, plot, spec.name)
    return found


def write_fixed(spec: Spec, fix: Fix, path: Path) -> Path:
    """Writes the spec with a fix made beside it, its comments kept: `NAME.fixed.yaml` beside `NAME.yaml`.

    Beside a spec that comes with nnctl nothing is written: that of such a one goes into the current folder.

    Args:
        spec: the spec.
        fix: the edits.
        path: the spec's file, or where it would lie.

    Returns:
        The path of what was written.

    Raises:
        SpecError: an edit names what is not written in this file.
        UsageError: what stands there is something else, or the folder cannot be written to.
    """
    return write_mended(apply(spec.source.text, fix.edits), path)


def write_rate(spec: Spec, rate: float, path: Path) -> Path:
    """Writes the spec with another learning rate beside it, as `write_fixed` does, and returns the path."""
    return write_fixed(spec, Fix.set(("train", "learning_rate"), rate), path)


def _conclude(run: RunDirectory, diagnosis: Diagnosis, facts: Facts, notes: tuple[str, ...]) -> Debugged:
    """The verdict over a run, written into it."""
    verdict = Debugged(diagnosis, facts, run.debug / "resolved.yaml", _find_standing(run, facts), notes)
    _write(run, verdict)
    return verdict


def _find_standing(run: RunDirectory, facts: Facts) -> Standing:
    left = require_run(facts)
    base = None if facts.dataset is None else facts.dataset.baselines
    scores = {name: score for name, score in find_scores(facts).items() if math.isfinite(score)}  # JSON has no other
    return Standing(str(run.path), left.status, len(left.history), scores, base)


def _write(run: RunDirectory, verdict: Debugged) -> None:
    """A run that cannot be written to is diagnosed all the same."""
    checks = require_run(verdict.facts).checks
    with suppress(OSError):
        write_text(run.debug / "findings.json", json.dumps(verdict.document(), indent=2) + "\n")
        if checks:
            plots.draw_layers(checks, run.plots / "layers.png", verdict.facts.spec.name)
