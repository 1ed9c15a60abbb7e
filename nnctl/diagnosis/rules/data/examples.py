"""Examples that are too few, stand twice, or tell more in train than elsewhere."""

import math

from nnctl.diagnosis import thresholds
from nnctl.diagnosis.facts.facts import Facts, require_dataset
from nnctl.diagnosis.finding import Edit, Finding, Fix, Level
from nnctl.diagnosis.rule import Cause, rule
from nnctl.diagnosis.success import learns


@rule("X07", "repeated-examples", "info", "data", Cause.DATA, sure=True)
def repeated_examples(facts: Facts) -> Finding | None:
    """Training examples that stand twice.

    What: more than one in twenty training examples equals an earlier one; a warning where more than the half does.
    Why: they count double, and a share cut from such data for validation or test holds examples that were trained on.
    Confirm: the rows in the file.
    Fix: remove them from the file.
    Source: deepchecks (5 %).
    """
    dataset = require_dataset(facts)
    overlap = dataset.overlap
    if overlap.repeated <= thresholds.REPEATED_SHARE or overlap.expected or dataset.tokens or dataset.blurred:
        return None
    found = f"{overlap.repeated:.1%} of the training examples are duplicates of an earlier one"
    level: Level | None = "warning" if overlap.repeated > thresholds.MOSTLY_REPEATED else None
    return Finding(
        found, "duplicates count more than once, and leak between train and validation", ("data",), "data", level=level
    )


@rule("X34", "rounded-inputs", "warning", "data", Cause.DATA, sure=True)
def rounded_inputs(facts: Facts) -> Finding | None:
    """Inputs that were rounded to a few whole numbers.

    What: all numbers of the sequences are one of at most seven whole ones, and one example in ten and more has an equal one
        with another label.
    Why: measurements near 0 were stored as whole numbers: what told one example from another is lost, and many became equal.
    Confirm: `nnctl data show SPEC`; the type in which the file was written, and the numbers before that.
    Fix: store the measurements as float32. No edit of the spec brings back what was rounded away.
    Source: deepchecks' conflicting labels.
    """
    dataset = require_dataset(facts)
    if not dataset.blurred or dataset.rounded is None:
        return None
    values = ", ".join(map(str, dataset.rounded))
    found = (
        f"all inputs are one of {values}; {dataset.overlap.conflicting:.1%} of the training examples have a duplicate with a "
        "different label"
    )
    return Finding(found, "of measurements, rounding removed what tells the examples apart", ("data",), "data")


@rule("X08", "test-in-train", "warning", "data", Cause.DATA, sure=True)
def test_in_train(facts: Facts) -> Finding | None:
    """Test or validation examples that the network is trained on.

    What: more than one in twenty test or validation examples equals a training example, and at least five do.
    Why: scores on them tell how well the network remembers, not how well it does on what is new.
    Confirm: the rows in the files.
    Fix: take them out of one of the two; split by group where several examples stem from one thing.
    Source: deepchecks (5 %); Kaufman et al., Leakage in Data Mining, TKDD 2012.
    """
    dataset = require_dataset(facts)
    overlap = dataset.overlap
    if overlap.expected or dataset.tokens or dataset.blurred:
        return None
    if (overlap.test or 0) > thresholds.LEAKED_SHARE and overlap.test_rows >= thresholds.LEAKED_ROWS:
        return _report_leak("test", overlap.test or 0, ("data", "test"))
    if (overlap.validation or 0) > thresholds.LEAKED_SHARE and overlap.repeated <= thresholds.REPEATED_SHARE:
        return _report_leak("validation", overlap.validation or 0, ("data", "validation"))
    return None


def _report_leak(split: str, share: float, path: tuple[str, ...]) -> Finding:
    found = f"{share:.1%} of the {split} examples are also in train"
    level: Level = "error" if share > 1 - thresholds.LEAKED_SHARE else "warning"
    fix = Fix.set(path, thresholds.HELD_OUT) if level == "error" else None
    return Finding(
        found, f"{split} scores measure what was memorised, not what was learned", path, "data", fix, level=level
    )


@rule("X17", "told-in-train-only", "error", "data", Cause.DATA, sure=True)
def told_in_train_only(facts: Facts) -> Finding | None:
    """A feature that tells the labels in train, and not in test.

    What: of one feature of a table the labels explain most of the variance in train, and far less of it in test.
    Why: the network learns to look at that feature alone. A share cut from train for validation has it too, so training looks
        perfect, and what is new is guessed. Mostly the feature was made from the label, or is known only afterwards.
    Confirm: train without it: validation falls, and test rises to it.
    Fix: take the feature out of the data: `ignore` of the source `csv`, or the column of an `npz`.
    Source: deepchecks' feature-label correlation change; Kaufman et al., Leakage in Data Mining, TKDD 2012.
    """
    dataset = require_dataset(facts)
    telling = dataset.telling
    if telling is None or telling.train < thresholds.TOLD or telling.train - telling.test < thresholds.TOLD_LESS:
        return None
    found = f"the labels explain {telling.train:.0%} of {telling.feature} in train, and {telling.test:.0%} in test"
    return Finding(found, "the network learns to rely on what new examples do not have", ("data",), "data")


@rule("X19", "dates-cut-by-chance", "warning", "static", Cause.DATA, sure=True)
def dates_cut_by_chance(facts: Facts) -> Finding | None:
    """Rows with dates that chance puts into train, validation and test.

    What: a column of a table holds dates, a share is cut from its rows, and `data.split` does not say by what. A date of birth
        is none of these.
    Why: what happens on one day is alike. A row that is held out lies between rows that are trained on, of the same days and of
        later ones, and its score promises more than days to come will hold.
    Confirm: the same training with `data.split: {time: COLUMN}`, whose test rows are the last ones.
    Fix: `data.split: {time: COLUMN}`; or `split: null`, written, if the order has no meaning.
    Source: Kaufman et al., Leakage in Data Mining, TKDD 2012.
    """
    data, dates = facts.spec.data, facts.known.dates
    shares = isinstance(data.validation, float) or data.test is None or isinstance(data.test, float)
    if not dates or not shares or data.split is not None or "split" in facts.as_written.data.places:
        return None
    columns = ", ".join(map(repr, dates))
    found = f"rows have dates (column {columns}), and the split into train and held-out is random"
    path = ("data", "validation" if "validation" in facts.as_written.data.places else "source")
    fix = Fix.set(("data", "split"), {"time": dates[0]}, "`split: null` if the order has no meaning")
    return Finding(found, "scores will be better than those of future days", path, "data", fix, confidence=0.6)


@rule("X11", "few-examples", "info", "data", Cause.DATA, sure=True)
def few_examples(facts: Facts) -> Finding | None:
    """Very few training examples.

    What: fewer than fifty; or fewer than ten of a class on average, where training on them comes to nothing, which is a warning.
    Why: scores on the few that are kept for test change by points with a single example, and what a class looks like is
        not to be seen from a handful of examples.
    Confirm: train with several seeds: `nnctl train SPEC --seeds 5`.
    Fix: more data, `data.subset` left out first of all; a smaller network with stronger regularisation.
    Source: spaCy's `debug data` warns below 100 and calls fewer than 2,000 low.
    """
    dataset, probe, subset = require_dataset(facts), facts.probe, facts.spec.data.subset
    each = dataset.train / dataset.outputs if dataset.classes else math.inf
    handful = each < thresholds.FEW_OF_A_CLASS and dataset.train >= thresholds.FEWEST_EXAMPLES
    failed = handful and probe is not None and not learns(facts)
    if dataset.train >= thresholds.FEW_EXAMPLES and not failed:
        return None
    path = ("data", "subset") if subset else ("data",)
    fix = Fix((Edit(path, kind="remove"),)) if subset else None
    found = f"{dataset.train} training examples" + (f", about {each:.0f} of a class" if failed else "")
    level: Level | None = "warning" if failed else None
    return Finding(found, "every score depends on which examples happen to be held out", path, "data", fix, level)
