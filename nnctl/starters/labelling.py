"""Which columns of a table are the labels: those that the user names, or the likeliest by their names."""

import re
from collections.abc import Collection, Sequence
from pathlib import Path

from nnctl.data.tables.growing import Texts
from nnctl.errors import Problem, UsageError
from nnctl.spelling import compose, find_nearest, format_names

# What people call the column that is to be predicted, the likeliest first; else it is the last one, as in most files.
LABELS = (
    *("label", "labels", "class", "target", "y", "标签", "类别", "种类", "品种", "分类", "目标", "目标值", "species"),
    *("category", "outcome", "diagnosis", "survived", "churn", "quality", "price"),
)
# A column of one of these words, or that ends with one of the Chinese ones, comes behind those: true_label, 鸢尾花种类.
_WORDS, _ENDS = {"label", "target"}, ("标签", "类别", "种类", "品种", "目标")
# Of two columns with such names the last is taken, if it is the file's last.
_AMOUNTS = {
    "price",
    "cost",
    "amount",
    "sales",
    "revenue",
    "income",
    "salary",
    "rent",
    "score",
    "rating",
    "value",
    "total",
}


def find_label(names: Sequence[str], idle: Collection[str]) -> tuple[str, str]:
    """The label's column, and how it was found; `idle` are those that tell nothing."""
    amounts = names[-1].lower() in _AMOUNTS
    lower = {name.lower(): name for name in reversed(names)}
    for name in LABELS:
        if name in lower and not (amounts and name in _AMOUNTS):
            return lower[name], f"The label is taken to be {lower[name]!r}, by its name."
    for name in () if amounts else reversed(names):
        if name not in idle and (name.endswith(_ENDS) or _WORDS.intersection(re.split(r"[\W_]+", name.lower()))):
            return name, f"The label is taken to be {name!r}, by its name: say otherwise in `label`."
    name = next((name for name in reversed(names) if name not in idle), names[-1])
    last = "the last column" if name == names[-1] else "the last column that tells something"
    return name, f"The label is taken to be {last}, {name!r}: say otherwise in `label`."


def choose_labels(path: Path, names: Sequence[str], asked: str) -> list[str]:
    """The columns that `--label` names: one, or several with commas between.

    Raises:
        UsageError: the file has no such column, or there is none besides.
    """
    whole = compose(asked.strip())
    chosen = [whole] if whole in names else [compose(each.strip()) for each in asked.split(",")]
    for name in chosen:
        if name not in names:
            near = find_nearest(name, names)
            hint = f"did you mean {near!r}?" if near else f"its columns are {format_names(names)}"
            raise UsageError(Problem("missing-column", f"{path} has no column {name!r}", hint=hint))
    chosen = list(dict.fromkeys(chosen))
    if len(chosen) == len(names):
        message = f"--label names every column of {path}, and leaves none to learn from"
        raise UsageError(Problem("bad-value", message, hint="name those alone that are to be predicted"))
    return chosen


def find_separator(column: object) -> str | None:
    """What stands between the labels of a row, where one column holds several: `rainy|windy`; None where it holds one."""
    if not isinstance(column, Texts):
        return None
    for mark in _MARKS:
        cut = [word.split(mark) for word in column.words]
        joined = {part for parts in cut if len(parts) > 1 for part in parts}
        alone = {parts[0] for parts in cut if len(parts) == 1}
        if 1 < len(joined) <= _MOST and all(map(str.strip, joined)) and 2 * len(alone & joined) >= len(joined):
            return mark
    return None


_MOST = 1000  # label columns that a table may have
_MARKS = ("|", ";", ",")
