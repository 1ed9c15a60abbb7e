"""How the loss and the metrics of a run went, epoch by epoch: symptoms, each only where the run came to nothing."""

import itertools
import math
from collections.abc import Sequence

from nnctl.diagnosis import rates, thresholds
from nnctl.diagnosis.budget import find_band, read_rate
from nnctl.diagnosis.facts.facts import Facts, require_run
from nnctl.diagnosis.facts.run import compute_fall
from nnctl.diagnosis.finding import Finding, Fix
from nnctl.diagnosis.rule import Cause, rule
from nnctl.diagnosis.success import fell_short


@rule("D01", "not-finite", "error", "run", Cause.SYMPTOM, sure=True)
def not_finite(facts: Facts) -> Finding | None:
    """A training whose loss or weights were no longer finite, or whose loss grew a millionfold.

    What: the run ended as `diverged`.
    Why: NaN spreads: one in a weight makes every later output NaN; and each step that overshoots lands further up.
    Confirm: the run's message names the first layer, step and rows; `nnctl debug RUN` looks for the cause.
    Fix: a smaller learning rate; scaled inputs; `clipnorm: 1.0`.
    Source: Goodfellow et al. 2016, Deep Learning, 8.2.4.
    """
    run = require_run(facts)
    if not run.diverged:
        return None
    where = run.message or f"training diverges in epoch {len(run.history) + 1}"
    effect = "each step increases the loss" if run.grown else "every later output is NaN"
    return Finding(where, effect, rates.find_path(facts.spec.train), "train", _slow_down(facts))


@rule("D02", "diverging-loss", "error", "run", Cause.SYMPTOM, sure=True)
def diverging_loss(facts: Facts) -> Finding | None:
    """A loss that grows beyond repair.

    What: for five epochs up to the last one the training loss is more than twice its least so far, and it ends above one and a
        half times the first epoch's.
    Why: each step overshoots, and lands further up than it began.
    Confirm: `plots/curves.png`; `nnctl debug --lr SPEC` finds rates that do not.
    Fix: a tenth of the learning rate.
    Source: TheDeepChecker's window and factor; the rest: `nnctl explain debugging`.
    """
    losses = require_run(facts).losses
    window = thresholds.DIVERGING_EPOCHS
    # Some losses are below 0 (`poisson`), so that what counts is the rise beside the size.
    if len(losses) <= window or losses[-1] - losses[0] <= (thresholds.DIVERGED_START - 1) * abs(losses[0]):
        return None
    least = [min(losses[: i + 1]) for i in range(len(losses))]
    if any(losses[i] - least[i] <= (thresholds.DIVERGING - 1) * abs(least[i]) for i in range(-window, 0)):
        return None
    found = f"the loss went from {min(losses):.3g} at best to {losses[-1]:.3g}"
    return Finding(found, "each step increases the loss", rates.find_path(facts.spec.train), "train", _slow_down(facts))


@rule("D03", "flat-loss", "warning", "run", Cause.SYMPTOM, sure=True)
def flat_loss(facts: Facts) -> Finding | None:
    """A loss that does not move from the start.

    What: within three epochs and two hundred steps the training loss falls by less than a hundredth.
    Why: no gradient reaches the weights, the steps are too small, or the output cannot follow the labels.
    Confirm: `nnctl debug SPEC`: whether one batch can be overfitted.
    Fix: head and loss first, then initializers and activations, then the learning rate.
    Source: TheDeepChecker asks for five per cent a window; one per cent: `nnctl explain debugging`.
    """
    run = require_run(facts)
    enough = [
        i
        for i, row in enumerate(run.history, 1)
        if i >= thresholds.FLAT_EPOCHS and row.get("step", 0) >= thresholds.FLAT_STEPS
    ]
    if not enough or not fell_short(facts):
        return None
    first, fall = run.losses[0], compute_fall(run.losses[: enough[0]])
    if not abs(fall) < thresholds.FLAT:
        return None
    found = f"the loss is {first:.4g} in epoch 1 and {run.losses[enough[0] - 1]:.4g} in epoch {enough[0]}"
    return Finding(found, "nothing is learned from the start", ("model",), "model")


@rule("D04", "slow-loss", "warning", "run", Cause.SYMPTOM, sure=True)
def slow_loss(facts: Facts) -> Finding | None:
    """A loss that falls all the time, and hardly.

    What: the training loss falls in nine epochs of ten, and by less than a fifth in all.
    Why: steps are too small for the epochs that there are.
    Confirm: `nnctl debug --lr SPEC`: the loss falls fastest at a larger rate.
    Fix: ten times the learning rate.
    Source: AutoTrainer's slow convergence; the bounds: `nnctl explain debugging`.
    """
    losses = require_run(facts).losses
    if len(losses) < thresholds.FLAT_EPOCHS or not fell_short(facts):
        return None
    falls = [later < earlier for earlier, later in itertools.pairwise(losses)]
    fall = compute_fall(losses)
    if sum(falls) < thresholds.STEADY * len(falls) or not thresholds.FLAT <= fall < thresholds.SLOW:
        return None
    path, faster = rates.find_path(facts.spec.train), thresholds.LESS * read_rate(facts)
    fix = Fix.set(path, _round_rate(faster)) if faster <= find_band(facts).most and path == rates.RATE else None
    return Finding(f"the loss falls by {fall:.1%} in {len(losses)} epochs", "steps are too small", path, "train", fix)


@rule("D05", "oscillation", "warning", "run", Cause.SYMPTOM, sure=True)
def oscillation(facts: Facts) -> Finding | None:
    """An accuracy that swings up and down.

    What: in a fifth of at least ten epochs the accuracy turns by three points and more, both ways; of validation by more than
        three standard errors.
    Why: steps jump from one side of the valley to the other.
    Confirm: `plots/curves.png`.
    Fix: a smaller learning rate, larger batches, `reduce_lr_on_plateau`.
    Source: AutoTrainer's oscillating loss; more than chance: `nnctl explain debugging`.
    """
    run = require_run(facts)
    name = run.find_accuracy()
    if name is None or len(run.history) < thresholds.SOME_EPOCHS or not fell_short(facts):
        return None
    values, share = run.get_column(name), run.kept[name]
    count = facts.examples
    error = math.sqrt(share * (1 - share) / count) if count else 0.0
    least = max(thresholds.SWING, thresholds.SWING_SIGMAS * error)
    moves = [later - earlier for earlier, later in itertools.pairwise(values)]
    turns = [a * b < 0 and min(abs(a), abs(b)) >= least for a, b in itertools.pairwise(moves)]
    if sum(turns) < thresholds.SWINGING * len(values):
        return None
    found = f"the training accuracy turns {sum(turns)} times in {len(values)} epochs, by {least:.0%} and more"
    return Finding(
        found, "steps jump across the minimum", rates.find_path(facts.spec.train), "train", _slow_down(facts)
    )


@rule("D06", "plateau", "warning", "run", Cause.SYMPTOM, sure=True)
def plateau(facts: Facts) -> Finding | None:
    """A loss that fell and stands still.

    What: in the last third of the epochs the training loss gets no lower, though it fell before.
    Why: steps are too large for the last stretch, or the network cannot do better.
    Confirm: `plots/curves.png`.
    Fix: `reduce_lr_on_plateau`, which divides the rate when nothing improves.
    Source: nnctl's own: `nnctl explain debugging`.
    """
    losses = require_run(facts).losses
    begin = len(losses) - len(losses) // thresholds.THIRD
    if len(losses) < thresholds.SOME_EPOCHS or not fell_short(facts):
        return None
    before, after = min(losses[:begin]), min(losses[begin:])
    if not (compute_fall(losses[:begin]) >= thresholds.FLAT and after > before - thresholds.PLATEAU * abs(before)):
        return None
    path = rates.RATE
    number = isinstance(facts.spec.train.learning_rate, (float, int, type(None)))
    lowered = {"reduce_lr_on_plateau": {"initial_learning_rate": read_rate(facts)}}
    found = f"the loss has not fallen below {before:.3g} since epoch {begin}"
    fix = Fix.set(path, lowered) if number else None
    return Finding(found, "further epochs change nothing", path, "train", fix)


@rule("D15", "metric-and-loss-disagree", "warning", "run", Cause.SYMPTOM, sure=True)
def disagreement(facts: Facts) -> Finding | None:
    """A metric that does not follow the loss.

    What: over ten epochs and more the correlation of the training loss and the accuracy is weaker than 0.5.
    Why: what is minimised is not what is wanted, or the metric reads the output in another form.
    Confirm: `metrics.csv`.
    Fix: the loss that belongs to the task; a metric that reads logits where the network gives logits.
    Source: TheDeepChecker.
    """
    run = require_run(facts)
    name = run.find_accuracy()
    if name is None or len(run.history) < thresholds.SOME_EPOCHS or not fell_short(facts):
        return None
    found = _compute_correlation(run.losses, run.get_column(name))
    if found is None or abs(found) >= thresholds.DISAGREEING:
        return None
    text = f"over {len(run.history)} epochs the loss and {name} correlate by {found:.2f}"
    return Finding(text, "the loss that is minimised does not follow the metric", ("train", "loss"), "train")


def _slow_down(facts: Facts) -> Fix | None:
    """A tenth of the rate, or the usual one where it is far above that."""
    path, asked, usual = rates.find_path(facts.spec.train), read_rate(facts), find_band(facts).usual
    if path[-1] == "values":
        return None
    return Fix.set(path, _round_rate(usual if asked > thresholds.LESS * usual else asked / thresholds.LESS))


def _round_rate(value: float) -> float:
    return float(f"{value:.2g}")


def _compute_correlation(first: Sequence[float], second: Sequence[float]) -> float | None:
    """Pearson's; None where one of them does not vary or is no number."""
    mean, other = sum(first) / len(first), sum(second) / len(second)
    pairs = [(a - mean, b - other) for a, b in zip(first, second, strict=True)]
    spread = math.sqrt(sum(a * a for a, _ in pairs) * sum(b * b for _, b in pairs))
    return sum(a * b for a, b in pairs) / spread if spread > 0 else None
