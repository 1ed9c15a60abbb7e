"""Columns of a table that hold something else than the numbers that a network takes them for."""

from collections.abc import Iterable, Iterator

from nnctl.diagnosis import thresholds
from nnctl.diagnosis.facts.facts import Facts, require_dataset, require_probe
from nnctl.diagnosis.finding import Finding, Fix
from nnctl.diagnosis.rule import Cause, rule
from nnctl.diagnosis.success import compute_gain, is_better, is_well_below


@rule("X21", "sentinel-values", "warning", "data", Cause.DATA, sure=True)
def sentinel_values(facts: Facts) -> Iterator[Finding]:
    """A value that stands for something else than a number.

    What: the least or the largest value of a column repeats, is one that people write for what is missing (-999, 99999, -1 below
        numbers from 0 on), and lies further from all others than they lie apart.
    Why: the column is scaled by it, so that what is real lies within a thousandth of the range; and the network takes what was
        not measured for a number.
    Confirm: count the value in the file.
    Fix: `missing` of the source `csv`; in an array, another number in its place, and a column that says where.
    Source: Little and Rubin 2019, Statistical Analysis with Missing Data; deepchecks' special values.
    """
    dataset = require_dataset(facts)
    for sentinel in dataset.columns.sentinels:
        found = (
            f"{sentinel.value:g} in {sentinel.feature} of {sentinel.share:.1%} of the examples; the others lie between "
            f"{sentinel.low:g} and {sentinel.high:g}"
        )
        fix = _add_to_option(facts, "missing", [f"{sentinel.value:g}"])
        yield Finding(found, "a code for what was not measured is read as a number", ("data",), "data", fix)


@rule("X22", "codes-read-as-numbers", "warning", "probe", Cause.DATA, sure=True)
def codes_read_as_numbers(facts: Facts) -> Finding | None:
    """Whole numbers in a column that are names: of colours, of shops, of districts.

    What: columns of at most 50 different whole numbers tell a linear model much more as categories than as numbers, and the
        network stays well below what that reaches.
    Why: a number says that 3 lies between 2 and 4 and is three times 1. Of names nothing of the kind is true, and the network has
        to find a step at each of them.
    Confirm: the same training with these columns as categories.
    Fix: `categories` of the source `csv`; in an array, a column of zeros and ones for each value, or an `embedding`.
    Source: Hastie et al. 2009, The Elements of Statistical Learning, 2.2, on qualitative variables.
    """
    dataset, trial = require_dataset(facts), require_probe(facts).reference
    codes = dataset.columns.codes
    if codes is None or not is_well_below(facts, trial.score, codes.score):
        return None
    named = ", ".join(f"{name} ({count} values)" for name, count in zip(codes.features, codes.counts, strict=True))
    metric = dataset.baselines.metric
    found = (
        f"{named}: a linear model has {metric} {codes.linear:.3f} with the codes as numbers, {codes.score:.3f} as categories; "
        f"the network's trial {trial.score:.3f}"
    )
    fix = _add_to_option(facts, "categories", [name.strip("'") for name in codes.features])
    return Finding(found, "categories have no order, and numbers do", ("data",), "data", fix)


@rule("X23", "two-units", "warning", "data", Cause.DATA, sure=True)
def two_units(facts: Facts) -> Iterator[Finding]:
    """One quantity in two units in one column.

    What: the sizes of a column fall into two groups with a gap between them, and one group times 1000 (10, 100, 60, 2.54 or
        another factor that units differ by) is distributed as the other one is.
    Why: what is the same is read as a thousand times as much, and the column is scaled by the larger ones.
    Confirm: look at where the large ones come from: another file, another device, another country.
    Fix: bring the column to one unit in the file.
    Source: Rahm and Do 2000, Data Cleaning: Problems and Current Approaches, on different units.
    """
    for units in require_dataset(facts).columns.units:
        side = f"above {units.bounds[1]:g}" if units.large else f"below {units.bounds[0]:g}"
        found = (
            f"{units.share:.1%} of {units.feature} lie {side}, and are distributed like the others "
            f"{'times' if units.large else 'divided by'} {units.factor:g} are"
        )
        yield Finding(found, "one column mixes two units", ("data",), "data")


@rule("X24", "far-values", "warning", "probe", Cause.DATA, sure=True)
def far_values(facts: Facts) -> Finding | None:
    """Values so far from all others that the rest of their column is squeezed together.

    What: columns have values more than ten deviations away from their mean, and the network does better when each number in
        these columns is replaced by its rank.
    Why: a column is scaled by its largest numbers: what is real lies within a thousandth of the range, and a few examples
        give most of the gradient. Of a column that is all but constant, every other value is such a one.
    Confirm: the trial beside it; the rows with the value in the file.
    Fix: where they are slips, mend or leave out these rows; where they are real, write the logarithm or the rank instead.
    Source: Hastie et al. 2009, The Elements of Statistical Learning, 10.7, on long-tailed predictors, confirmed by a trial.
    """
    dataset, probe = require_dataset(facts), require_probe(facts)
    before, after, metric = probe.reference, probe.ranked, dataset.baselines.metric
    if after is None or not is_better(before, after, metric, probe.held):
        return None
    first, *others = dataset.columns.tails
    low, high = first.half
    found = (
        f"{first.value:g} in {first.feature} lies {first.deviations:.0f} deviations from its mean; half of it lies between "
        f"{low:g} and {high:g}{_name_others([tail.feature for tail in others])}"
    )
    checked = f"with ranks instead, the trial ends at {metric} {after.score:.3f} instead of {before.score:.3f}"
    sure = 1 + compute_gain(before, after)
    effect = "all other values are squeezed into a small range"
    return Finding(found, effect, ("data",), "data", confidence=sure, checked=checked)


@rule("X32", "far-targets", "warning", "data", Cause.DATA, sure=True)
def far_targets(facts: Facts) -> Finding | None:
    """A few numbers to predict that are far from all others.

    What: at most one target in twenty lies more than thirty times the width of the middle half of its column away from the
        median, and a linear model or neighbours tell much more of the others when these examples are left out.
    Why: squared errors, and the scale of the targets, are ruled by these few: a network learns them, or nothing. Often a unit
        or a decimal point is wrong, or a code stands for what was not measured.
    Confirm: these rows in the file, and the same spec without them.
    Fix: mend or leave out these rows; where they are real, predict the logarithm, or use `huber` or `mean_absolute_error`.
    Source: Huber 1964, Robust Estimation of a Location Parameter.
    """
    far = require_dataset(facts).far
    if far is None:
        return None
    low, high = far.half
    found = (
        f"{far.count:,} of the numbers to predict are far from all others: the farthest is {far.value:.4g}, half of them lie "
        f"between {low:.4g} and {high:.4g}; a linear model or neighbours have r2 {far.among:.3f} with them, {far.without:.3f} "
        "without"
    )
    return Finding(found, "the loss measures little but these few examples", ("data",), "data")


@rule("X25", "column-told-in-steps", "warning", "probe", Cause.DATA, sure=True)
def column_told_in_steps(facts: Facts) -> Finding | None:
    """A column whose numbers are not one quantity.

    What: cut into 24 groups of as many examples, one column tells a linear model much more than as a number, most of what such
        groups of all columns tell, and the network stays well below what that reaches.
    Why: the same number stands for two things, or neighbouring numbers for things far apart: two units (Fahrenheit beside
        Celsius), thousands read as decimals (12.400), a date or a time as one number (20180314).
    Confirm: the target over the column, as a picture of dots; where the rows with odd values come from.
    Fix: bring the column to one quantity in the file: one unit, one format, a column for each part of a date.
    Source: Hastie et al. 2009, The Elements of Statistical Learning, 9.1, on additive models of cut predictors.
    """
    dataset, trial = require_dataset(facts), require_probe(facts).reference
    steps = dataset.columns.steps
    if steps is None or not is_well_below(facts, trial.score, steps.score):
        return None
    metric = dataset.baselines.metric
    found = (
        f"{steps.features[0]}: a linear model has {metric} {steps.linear:.3f} with it as a number, {steps.score:.3f} with it "
        f"in {steps.counts[0]} steps; the network's trial {trial.score:.3f}"
    )
    effect = (
        "its numbers do not measure one quantity: two units, a different decimal point, a date written as one number"
    )
    return Finding(found, effect, ("data",), "data")


def _name_others(names: list[str]) -> str:
    """What is told of further columns."""
    if not names:
        return ""
    more = len(names) - thresholds.NAMED
    return f"; so in {', '.join(names[: thresholds.NAMED])}{f' and {more} more' if more > 0 else ''}"


def _add_to_option(facts: Facts, option: str, values: Iterable[str]) -> Fix | None:
    """The edit that adds values to a list among the options of the source `csv`; None of other sources."""
    data = facts.spec.data
    if data.source != "csv":
        return None
    given = data.options.get(option)
    listed = list(given) if isinstance(given, list | tuple) else []
    return Fix.set(("data", "source", "csv", option), [*listed, *(each for each in values if each not in listed)])
