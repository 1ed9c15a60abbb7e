"""Scores on the terminal: the headline, the table, the classes, the confusion matrix."""

from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from nnctl.cli.shell.terminal import assemble
from nnctl.cli.views.tables import make_table
from nnctl.metrics import Scores

_HEADLINES = ("accuracy", "subset_accuracy", "mse", "mae", "r2")
MOST_CLASSES = 20  # a matrix wider than this is for the CSV and the picture

_LABELS = {"mse": "MSE", "rmse": "RMSE", "mae": "MAE", "r2": "R²", "ece": "ECE", "mcc": "MCC", "roc_auc": "ROC AUC"}


def format_headline(scores: Scores, split: str) -> str:
    """One line: the score that counts for the task, with its interval where it has one."""
    overall: Mapping[str, Any] = {**scores.overall, **scores.own}
    if scores.output == "embedding":
        return f"{split} loss {_format_number(overall.get('loss'))} ({overall['n']:,} examples)"
    if scores.task == "regression":
        mse, mae = ("undefined" if (found := overall[name]) is None else f"{found:.6g}" for name in ("mse", "mae"))
        return f"{split} MSE {mse}, MAE {mae}, R² {_format_number(overall['r2'])}"
    if scores.task == "multilabel":
        return f"{split} subset accuracy {overall['subset_accuracy']:.4f}"
    interval = " to ".join(f"{end:.4f}" for end in overall.get("accuracy_interval", ()))
    told = f"95 % interval {interval}, " if interval else ""
    return f"{split} accuracy {_format_number(overall['accuracy'])} ({told}{overall['n']:,} examples)"


def list_renamed(scores: Scores) -> Iterator[str]:
    """What must be said beside a headline whose score has the name of a metric of the spec that shows another number."""
    for name, value in scores.renamed.items():
        if name in _HEADLINES:
            label, number = _format_label(name), _format_number(value)
            yield f"this {label} is computed from the answers; the spec's metric called {name} is another, and shows {number}"


def show(scores: Scores, split: str, console: Console) -> None:
    """Prints the whole table."""
    console.print(format_headline(scores, split), style="name")
    console.print()
    console.print(_tabulate_overall(scores))
    for remark in scores.remarks:
        console.print(remark, style="warn")
    console.print(_tabulate_classes(scores))
    if scores.confusion is not None and len(scores.confusion) <= MOST_CLASSES:
        console.print("confusion: rows are true, columns predicted", style="quiet")
        console.print(_tabulate_confusion(scores))


def format_sample_warning(data: Mapping[str, object]) -> str | None:
    """What must be said with a score that comes from a stand-in for the data that were asked for."""
    if data.get("source") == data.get("requested"):
        return None
    return f"trained and scored on {data['title']}, because {data['requested']} was not to be had"


def _tabulate_overall(scores: Scores) -> Table:
    """Averaged precision, recall and F1 in a grid, and every other score on a line."""
    table = Table(box=None, padding=(0, 2), show_header=False)
    for name, value in scores.overall.items():
        if name not in ("accuracy_interval", "n"):
            table.add_row(_format_label(name), _format_number(value))
    return table


def _tabulate_classes(scores: Scores) -> Table:
    heads = [_format_label(name) for name in scores.per_class[0]]
    table = make_table(*heads, right=range(1, len(heads)))
    for row in scores.per_class:
        table.add_row(*(value if isinstance(value, str) else _format_number(value) for value in row.values()))
    return table


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


def _format_number(value: Any) -> str:
    return "undefined" if value is None else f"{value:,}" if isinstance(value, int) else f"{value:.4f}"
