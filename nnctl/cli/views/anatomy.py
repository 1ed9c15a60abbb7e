"""What the probes saw, as tables: one forward pass, one backward pass, one step of gradient descent; one batch overfitted."""

from dataclasses import asdict

from rich.console import Console

from nnctl.cli.shell.terminal import assemble
from nnctl.cli.views.tables import print_table
from nnctl.diagnosis import Facts
from nnctl.diagnosis.facts.probes import LayerProbe
from nnctl.spec.catalogue import traits


def show(facts: Facts, console: Console) -> None:
    """Prints what the probes saw of a network; nothing where none ran."""
    if facts.probe is None or facts.dataset is None:
        return
    probe, base = facts.probe, facts.dataset.baselines
    _print_layers(facts, probe.before, console)
    known = "" if probe.expected_loss is None else f", guessing gives {probe.expected_loss:.4g}"
    console.print(f"loss before the first step {probe.initial_loss:.4g}{known}", style="quiet")
    for label, score, passed in probe.overfit.rungs:
        verdict = ("PASS", "good") if passed else ("FAIL", "bad")
        console.print(assemble(verdict, f"  overfit {probe.overfit.examples} examples, {label}: {score:.2f}"))
    trial = probe.reference
    outcome = "diverged" if trial.diverged else f"{trial.score:.3f} on held-out examples"
    nearest = " of the nearest example" if traits.get_loss(facts.spec.train.loss.name).output == "embedding" else ""
    console.print(f"{base.metric}{nearest}  {outcome} after {trial.steps:,} steps", style="name")
    others = f"  a constant {base.trivial:.3f}, linear {base.linear:.3f}, nearest neighbours {base.neighbour:.3f}"
    console.print(others, style="quiet")


def document(facts: Facts) -> dict[str, object]:
    """The same as JSON has it."""
    if facts.probe is None or facts.dataset is None:
        return {}
    probe = facts.probe
    return {
        "baselines": asdict(facts.dataset.baselines),
        "initial_loss": _finite(probe.initial_loss),
        "expected_loss": probe.expected_loss,
        "trial": {"steps": probe.reference.steps, "score": probe.reference.score, "diverged": probe.reference.diverged},
        "overfit": [{"attempt": label, "score": score, "passed": ok} for label, score, ok in probe.overfit.rungs],
        "layers": [{name: _finite(value) for name, value in asdict(layer).items()} for layer in probe.before],
    }


def _finite(value: float) -> float | None:
    return value if abs(value) < float("inf") else None


def _print_layers(facts: Facts, seen: tuple[LayerProbe, ...], console: Console) -> None:
    heads = ("layer", "shape", "weights", "mean", "deviation", "zeros", "gradient", "update")
    rows = list[list[str]]()
    for layer, probe in zip(facts.network.weighted, seen, strict=True):
        shape = "?" if layer.output is None else " x ".join(str(size) for size in layer.output)
        numbers = (f"{probe.mean:.3g}", f"{probe.deviation:.3g}", f"{probe.zeros:.0%}", f"{probe.gradient:.1e}")
        rows.append([layer.where, shape, f"{layer.parameters:,}", *numbers, f"{probe.update:.1e}"])
    print_table(heads, rows, console, right=range(1, 8), order=(0, 6, 7, 4, 5, 3, 1, 2))
