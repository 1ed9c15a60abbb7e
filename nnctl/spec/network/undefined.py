"""Metrics that cannot mean anything for an output: what they would show is a constant, or a number about something else.

A new training refuses them, at their line, and names the metric that means what was meant.
"""

from collections.abc import Iterator
from typing import Any

from nnctl.errors import Problem
from nnctl.spec import catalogue
from nnctl.spec.catalogue import traits
from nnctl.spec.network.meaning import Meaning
from nnctl.spec.network.watched import name_metric
from nnctl.spec.sections import Component, Train

Fault = tuple[str, str]
"""What is wrong with a metric, which completes "METRIC ...", and what to do."""


def find_problems(train: Train, meaning: Meaning) -> list[Problem]:
    """What is wrong with the metrics of a spec for what its network gives.

    Args:
        train: the `train` section.
        meaning: what the outputs are.
    """
    problems = []
    for metric in train.metrics or ():
        if (fault := find_fault(metric, train.loss, meaning)) is not None:
            message, hint = fault
            problems.append(Problem("undefined-metric", f"{metric.name} {message}", metric.place, hint))
    return problems


def find_fault(metric: Component, loss: Component, meaning: Meaning) -> Fault | None:
    """What is wrong with a metric for an output; None if it means something."""
    taken = traits.get_metric(metric.name).takes
    if (other := _find_namesake(metric)) is not None:
        return f"is called {name_metric(metric)!r}, which is what {other} is called", "give it another `name`, or none"
    if meaning.kind == "embedding":
        return f"compares answers with labels, and {loss.name} trains an embedding, which has none", "`metrics: []`"
    if taken == traits.get_loss(loss.name).output and taken not in ("shares", "scores", "numbers", "directions"):
        return next(_find_argument_faults(metric, meaning), None)
    if (reason := _explain_taken(taken, meaning)) is not None:
        return reason, _suggest(metric, taken, meaning)
    if traits.get_metric(metric.name).labels == "integer" and meaning.task == "regression":
        return "takes the index of one class, and the data hold numbers", _suggest(metric, taken, meaning)
    return next(_find_argument_faults(metric, meaning), None)


def _find_namesake(metric: Component) -> str | None:
    """The metric whose name another one was given; kinds of accuracy may share theirs."""
    other = catalogue.find_entry("metric", name_metric(metric))
    if other is None or other.name == metric.name or all("accuracy" in each for each in (other.name, metric.name)):
        return None
    return other.name


# What a metric takes that only classes and labels have, with what it does with them.
_OF_ANSWERS = {
    "answers": "counts right answers",
    "classes": "counts right answers",
    "ranks": "counts right answers",
    "decisions": "counts yes and no",
    "order": "tells two kinds of example apart",
    "signed": "takes the labels -1 and 1",
    "scores": "takes a score for each class",
}
# Of these, what only several outputs for one class have.
_OF_MANY = {
    "classes": "takes the largest of several outputs, and the network gives 1: it never moves",
    "ranks": "takes the largest of several outputs, and the network gives 1: it never moves",
    "scores": "takes a score for each of several classes, and the network gives 1 output",
}
_ONE_CLASS = "takes the one class of each example, and the data have several labels an example"
_NOUNS = {"signed": "signed scores", "scores": "scores", "numbers": "numbers"}


def _explain_taken(taken: str, meaning: Meaning) -> str | None:
    """Why an output has not what a metric takes; None if it has."""
    if taken in _OF_ANSWERS and not meaning.decides:
        return f"{_OF_ANSWERS[taken]}, and the network predicts numbers"
    if taken in _OF_MANY and meaning.task == "multilabel":
        return _ONE_CLASS
    if taken in _OF_MANY and meaning.units == 1:
        return _OF_MANY[taken]
    if taken == "directions" and meaning.units == 1:
        return "compares the directions of vectors, and 1 output has only a sign: it hardly moves"
    if taken == "shares" and meaning.units == 1 and meaning.probable:
        return "compares the shares of several classes, and the network gives 1 output"
    if taken == "shares" and meaning.task == "multilabel":
        return _ONE_CLASS
    if taken in ("shares", "probabilities") and not meaning.probable:
        return f"takes probabilities, and the network gives {_NOUNS[meaning.kind]}"
    return None


def _suggest(metric: Component, taken: str, meaning: Meaning) -> str:
    """The metric that means what was meant."""
    if not meaning.decides:
        names = traits.list_usual_metrics("regression")
    elif taken in ("shares", "probabilities") and meaning.probable:
        names = traits.select_names("metric", lambda known: known.takes == "probabilities")
    elif taken == "scores":
        names = traits.select_names("metric", lambda known: known.takes == "signed")[:1]
    else:
        names = traits.list_usual_metrics(meaning.task)
    return f"there {'is' if len(names) == 1 else 'are'} {' and '.join(f'`{name}`' for name in names)}"


def _find_argument_faults(metric: Component, meaning: Meaning) -> Iterator[Fault]:
    """Arguments that the number of outputs, or what they are, leaves without a meaning."""
    units, given = meaning.units, metric.arguments
    known = catalogue.get_entry("metric", metric.name).arguments
    values: dict[str, Any] = {name: given.get(name, known[name].default) for name in known}
    for name in ("k", "top_k"):
        if isinstance(most := values.get(name), int) and most >= units:
            smaller = (
                f"`{name}: {units - 1}`" if units > 2 else "leave it out" if name == "top_k" else "there is `accuracy`"
            )
            yield f"looks at the {most} largest outputs, and there are {units}: it never moves", smaller
    if isinstance(place := values.get("class_id"), int) and place >= units:
        yield f"has class_id {place}, and there are {units} outputs, from 0", f"class_id: {units - 1} at most"
    for name in ("num_classes", "num_labels"):
        if isinstance(count := values.get(name), int) and count != units and meaning.decides:
            yield f"has {name} {count}, and there are {units} outputs", f"{name}: {units}"
    cut = given.get("threshold", given.get("thresholds"))
    if isinstance(cut, (int, float)) and meaning.kind in ("shares", "probabilities", "logits") and not 0 < cut < 1:
        yield (
            f"has the threshold {cut:g}, which {'every' if cut <= 0 else 'no'} probability is above: it never moves",
            "one above 0 and below 1",
        )
    yield from _find_bound_faults(metric, values)
    yield from _find_label_faults(values, meaning)
    told = given.get("from_logits")
    if isinstance(told, bool) and told != (meaning.kind in ("logits", "log_odds")):
        fits = "logits" if not told else "no logits"
        yield (
            f"has from_logits: {str(told).lower()}, and the loss takes the outputs for {fits}",
            "leave it out: it goes by the loss",
        )


def _find_bound_faults(metric: Component, values: dict[str, Any]) -> Iterator[Fault]:
    """Axes that outputs of shape (n, units) do not have (only correlations go along the examples), and bounds of nothing."""
    axis, held = values.get("axis", -1), {-1, 1}
    if traits.get_metric(metric.name).takes == "correlation":
        held |= {-2, 0}
    if wrong := [each for each in (axis if isinstance(axis, list) else [axis]) if each not in held]:
        yield f"has axis {wrong[0]}, and an example's outputs have one axis, -1", "leave it out"
    wanted, _, bound = metric.name.partition("_at_")
    if bound and values[bound] == 0 and wanted != "precision":
        yield f"asks for a {bound} of 0, which every threshold has: its {wanted} is always 1", f"{bound}: 0.9, say"


def _find_label_faults(values: dict[str, Any], meaning: Meaning) -> Iterator[Fault]:
    """Classes and labels that there are not, or that do not count."""
    units: int = meaning.units
    ids, weights = values.get("target_class_ids"), values.get("label_weights")
    if "num_classes" in values and ids and max(ids) >= units:
        yield f"has target_class_ids up to {max(ids)}, and there are {units} outputs, from 0", f"{units - 1} at most"
    if ids and set(ids) == {values.get("ignore_class")}:
        yield "ignores all that it counts: it never moves", "leave out one of target_class_ids and ignore_class"
    joined = meaning.task == "binary" and units == 2 and not values.get("multi_label")
    if weights and len(weights) != (columns := 1 if joined else units):
        labels = f"{columns} label{'s' if columns > 1 else ''}"
        yield f"has {len(weights)} label_weights, and the outputs tell of {labels}", "leave them out"
