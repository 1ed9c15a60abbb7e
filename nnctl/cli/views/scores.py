"""Scores on the terminal: the headline, the table, the classes, the confusion matrix."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from nnctl.cli.shell.numbers import format_number
from nnctl.cli.shell.terminal import assemble
from nnctl.cli.views.tables import make_table, measure, print_folded, print_table
from nnctl.metrics import Bar, Scores
from nnctl.metrics.scores import Value

_HEADLINES = ("accuracy", "subset_accuracy", "mse", "mae", "r2")
MOST_CLASSES = 20  # a matrix wider than this is for the CSV and the picture

_LABELS = {
    "mse": "MSE",
    "rmse": "RMSE",
    "mae": "MAE",
    "r2": "R²",
    "ece": "ECE",
    "mcc": "MCC",
    "roc_auc": "ROC AUC",
    "brier": "Brier",
}


def format_headline(scores: Scores, split: str) -> str:
    """One line: the score that counts for the task, with its interval where it has one."""
    overall: Mapping[str, Any] = {**scores.overall, **scores.own}
    if scores.output == "embedding":
        return f"{split} loss {format_number(overall.get('loss'))} ({overall['n']:,} examples)"
    if scores.task == "regression":
        mse, mae = (format_number(overall[name]) for name in ("mse", "mae"))
        return f"{split} MSE {mse}, MAE {mae}, R² {format_number(overall['r2'])}"
    if scores.task == "multilabel":
        return f"{split} subset accuracy {overall['subset_accuracy']:.4f}"
    interval = " to ".join(f"{end:.4f}" for end in overall.get("accuracy_interval", ()))
    told = f"95 % interval {interval}, " if interval else ""
    return f"{split} accuracy {format_number(overall['accuracy'])} ({told}{overall['n']:,} examples)"


def format_unbeaten(scores: Scores, split: str, unbeaten: Sequence[Bar]) -> str | None:
    """What a score means beside what needs no network, where it has not beaten that; None where it has."""
    if not unbeaten:
        return None
    own = unbeaten[0].own
    told = " and ".join(f"{bar.name} ({format_number(bar.score)})" for bar in unbeaten)
    label = {"regression": "R²", "multilabel": "subset accuracy"}.get(scores.task, "accuracy")
    how = "no better than" if any(bar.score == own for bar in unbeaten) else "below"
    return f"{split} {label} {format_number(own)}, {how} {told}"


def list_renamed(scores: Scores) -> Iterator[str]:
    """What must be said beside a headline whose score has the name of a metric of the spec that shows another number."""
    for name, value in scores.renamed.items():
        if name in _HEADLINES:
            label, number = _format_label(name), _format_score(value)
            yield f"this {label} is computed from the answers; the spec's metric called {name} is another, and shows {number}"


def show(scores: Scores, split: str, console: Console, unbeaten: str | None = None) -> None:
    """Prints the whole table.

    Args:
        scores: what is shown.
        split: what they are the scores of.
        console: where it is printed.
        unbeaten: what they mean beside what needs no network, where that was not beaten.
    """
    print_folded("", format_headline(scores, split), console, "name")
    if unbeaten is not None:
        print_folded("", unbeaten, console, "warn")
    if (told := _explain_table(scores)) is not None:
        print_folded("", told, console, "quiet")
    console.print()
    console.print(_tabulate_overall(scores))
    for remark in scores.remarks:
        print_folded("", remark, console, "warn")
    _print_classes(scores, console)
    if scores.confusion is None:
        return
    if len(scores.confusion) <= MOST_CLASSES and measure_confusion(scores) <= console.width:
        console.print("confusion: rows are true, columns predicted", style="quiet")
        console.print(_tabulate_confusion(scores))
    else:
        count = len(scores.confusion)
        told = f"the confusion matrix of {count} classes is too large to be shown here: it is in confusion.csv and confusion.png"
        print_folded("", told, console, "quiet")


def show_places(folder: Path, pictures: Sequence[Path], console: Console) -> None:
    """Says where the scores and the pictures of them are."""
    files = sorted(path.name for path in folder.iterdir() if path.suffix in (".csv", ".json"))
    print_folded("written to ", f"{folder}: {', '.join(files)}", console, "quiet")
    if pictures:
        names = ", ".join(path.stem for path in pictures)
        print_folded("pictures in ", f"{pictures[0].parent}: {names}", console, "quiet")


def show_kept(kept: Mapping[str, float | None], split: str, folder: Path, console: Console) -> None:
    """Prints the few scores that a run has kept of a split, for whom its data are not there.

    Args:
        kept: the scores.
        split: the split.
        folder: where the full table was written.
        console: where it is printed.
    """
    told = ", ".join(f"{_format_label(name)} {format_number(value)}" for name, value in kept.items())
    print_folded("", f"scored before: {split} {told}", console, "name")
    print_folded("the table is in ", str(folder), console, "quiet")


def _explain_table(scores: Scores) -> str | None:
    """What the table shows, in a sentence; None where it has one number."""
    if scores.output == "embedding":
        return None
    if scores.task == "regression":
        return "all scores over all targets, then those of each; `nnctl explain metrics` tells more"
    each, others = ("label", "by itself") if scores.task == "multilabel" else ("class", "against all others")
    return (
        f"all scores, then each {each} {others}: precision is the share of the answers with that {each} that are right, recall "
        "the share of its examples that are found; `nnctl explain metrics` tells more"
    )


def format_sample_warning(data: Mapping[str, object]) -> str | None:
    """What must be said with a score that comes from a stand-in for the data that were asked for."""
    if data.get("source") == data.get("requested"):
        return None
    return f"trained and scored on {data['title']}, because {data['requested']} was not available"


def _tabulate_overall(scores: Scores) -> Table:
    """Averaged precision, recall and F1 in a grid, and every other score on a line."""
    table = Table(box=None, padding=(0, 2), show_header=False)
    for name, value in scores.overall.items():
        if name not in ("accuracy_interval", "n"):
            table.add_row(_format_label(name), _format_score(value))
    return table


def _print_classes(scores: Scores, console: Console) -> None:
    heads = [_format_label(name) for name in scores.per_class[0]]
    heads[0] = {"regression": "target", "multilabel": "label"}.get(scores.task, heads[0])
    rows = [
        [value if isinstance(value, str) else format_number(value) for value in row.values()]
        for row in scores.per_class
    ]
    print_table(heads, rows, console, right=range(1, len(heads)))


def measure_confusion(scores: Scores) -> int:
    """The columns of a terminal that the confusion matrix takes."""
    assert scores.confusion is not None
    names = [measure(str(row["class"])) for row in scores.per_class]
    counts = (len(str(column.max())) for column in scores.confusion.T)
    return max(names) + 2 + sum(2 + max(each) for each in zip(names, counts, strict=True))


def _tabulate_confusion(scores: Scores) -> Table:
    names = [str(row["class"]) for row in scores.per_class]
    table = make_table("", *names, right=range(1, 1 + len(names)), gap=1)
    for index, (name, counts) in enumerate(zip(names, scores.confusion.tolist(), strict=True)):  # type: ignore[union-attr]
        cells = [_format_cell(count, right=index == column) for column, count in enumerate(counts)]
        table.add_row(assemble((name, "quiet")), *cells)
    return table


def _format_cell(count: int, right: bool) -> Text:
    return assemble(("·", "quiet") if count == 0 else (str(count), "good" if right else "bad"))


def _format_label(name: str) -> str:
    return _LABELS.get(name, name.replace("_", " "))


def _format_score(value: Value) -> str:
    """A score of the table; one of two numbers is an interval."""
    return " to ".join(map(format_number, value)) if isinstance(value, list) else format_number(value)
