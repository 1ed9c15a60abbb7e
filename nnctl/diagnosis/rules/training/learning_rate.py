"""Learning rates and schedules that leave no chance to learn."""

import math
from collections.abc import Iterator

from nnctl.diagnosis import budget, rates, thresholds
from nnctl.diagnosis.facts.facts import Facts
from nnctl.diagnosis.facts.loss import is_binary
from nnctl.diagnosis.facts.network import read_argument
from nnctl.diagnosis.finding import Edit, Finding, Fix, Level
from nnctl.diagnosis.rule import Cause, rule
from nnctl.spec.catalogue import traits
from nnctl.spec.sections import Component


@rule("C01", "learning-rate-out-of-range", "info", "static", Cause.RATE)
def learning_rate_out_of_range(facts: Facts) -> Finding | None:
    """A learning rate that this optimizer does not work with.

    What: the rate, the largest of a schedule, or Keras's own, lies outside of the optimizer's usual band. SGD with momentum
        counts as the rate over (1 - momentum); losses that are a mean over many outputs bear larger rates with SGD, and
        networks of a few units with the others; so does every peak after a warm-up.
    Why: too large, the loss jumps and the weights blow up or die; too small, the weights end where they began. The bands
        differ a thousandfold: Adadelta wants 1.0, Adam 0.001.
    Confirm: a range test; the first steps with a tenth, or ten times.
    Fix: the optimizer's usual rate.
    Source: Kingma and Ba 2015 (Adam); Zeiler 2012 (Adadelta); Bengio 2012, Practical Recommendations, 3; StackOverflow
        48385830, 48934338; Yang et al. 2021, Tensor Programs V, table 3: Adam's best rate goes as 1 over the fan-in.
    """
    band, rate = budget.find_band(facts), budget.read_rate(facts)
    level, effect = _judge_large_rate(facts, rate) or _judge_small_rate(facts, rate) or (None, "")
    if not effect:
        return None
    optimizer = facts.spec.train.optimizer
    momentum = f" with momentum {read_argument(optimizer, 'momentum'):g}" if budget.compute_speedup(facts) > 1 else ""
    own = "" if facts.spec.train.learning_rate is not None else ", Keras's own default,"
    found = f"a learning rate of {rate:g}{own} for {optimizer.name}{momentum}; {band.usual:g} is usual"
    path = rates.find_path(facts.spec.train)
    fix = Fix.set(path if path[-1] != "values" else rates.RATE, band.usual)
    return Finding(found, effect, path, "train.learning_rate", fix, level, confidence=0.7)


def _judge_large_rate(facts: Facts, rate: float) -> tuple[Level, str] | None:
    band = budget.find_band(facts)
    # A mean over k outputs has a gradient k times smaller, which adaptive optimizers make up for.
    loss = facts.spec.train.loss
    mean = is_binary(loss) or traits.get_loss(loss.name).distance is not None
    averaged = mean and not budget.is_adaptive(facts)
    share: float = max(1, facts.known.outputs or 1) if averaged else 1
    if budget.is_adaptive(facts):
        # Each weight moves by about the rate, so that a sum of n inputs moves by up to n times it.
        widest = max((layer.fan_in or math.inf for layer in facts.network.weighted), default=math.inf)
        share = max(1.0, thresholds.FEW_UNITS / widest)
    share *= thresholds.WARMED if rates.warms_up(facts.spec.train) else 1
    gain = budget.compute_speedup(facts)
    most, highest = (thresholds.MOMENTUM_MOST, thresholds.MOMENTUM_HIGHEST) if gain > 1 else (band.most, band.highest)
    rate, most, highest = rate * gain, most * share, highest * share
    effect = "steps are too large: the loss jumps, and weights blow up or die"
    return ("error", effect) if rate > highest else ("warning", effect) if rate > most else None


def _judge_small_rate(facts: Facts, rate: float) -> tuple[Level, str] | None:
    band, spent = budget.find_band(facts), budget.compute_budget(facts)
    if facts.spec.train.init_from is not None:  # what has learned already wants small steps
        return None
    effect = "the weights end close to where they began"
    # Numbers in large units have large gradients; adaptive optimizers do not see the difference.
    unknown = facts.known.task == "regression" and not budget.is_adaptive(facts)
    if rate < band.least and (spent is None or spent.travel < band.travel or not band.travel):
        return ("info" if unknown else "warning", effect)
    slow = spent is not None and rate * 2 < band.usual and spent.travel < band.travel
    return ("info" if unknown else "warning", effect) if slow else None


@rule("C08", "schedule-without-effect", "warning", "static", Cause.RATE)
def schedule_without_effect(facts: Facts) -> Iterator[Finding]:
    """A schedule of the learning rate that is over too soon, or never begins.

    What: less than a thousandth of the rate is left before half of the training is over; or the warm-up takes as long as
        the training.
    Why: steps of that size change nothing: the rest of the training is spent for nothing.
    Confirm: the loss does not change any more in the second half.
    Fix: a decay as long as the training: `cosine_decay`; a shorter warm-up.
    Source: nnctl's own: `nnctl explain debugging`.
    """
    rate, epochs = facts.spec.train.learning_rate, facts.spec.train.epochs
    if not isinstance(rate, Component):
        return
    warm = float(read_argument(rate, "warmup_epochs") or 0)
    if warm >= epochs:
        path = (*rates.RATE, "warmup_epochs")
        found = f"a warm-up of {warm:g} epochs in a training of {epochs}"
        yield Finding(
            found,
            "the full learning rate is never reached",
            path,
            "train.learning_rate",
            Fix((Edit(path, kind="remove"),)),
        )
    share = rates.compute_share_left(rate, epochs / 2, epochs)
    if share is not None and share < thresholds.DECAYED:
        found = f"{rate.name} leaves {share:.1g} of the learning rate after half of the {epochs} epochs"
        value = {"cosine_decay": {"initial_learning_rate": rates.find_peak(facts.spec.train)}}
        fix = Fix.set(rates.RATE, value)
        yield Finding(
            found, "the second half of the training changes almost nothing", rates.RATE, "train.learning_rate", fix
        )
