"""Data sets on the terminal: the list of sources, a set's splits, its classes as bars, its columns."""

import math
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from nnctl.cli.shell.terminal import assemble
from nnctl.cli.views.tables import make_table, print_table
from nnctl.data import Column, Count, Stock, Summary

MOST_ROWS = 40  # classes or columns; `--json` has them all
_BAR = 24  # characters
_EIGHTHS = " ▏▎▍▌▋▊▉█"


def show_sources(stock: Sequence[Stock], console: Console) -> None:
    """Prints the list of sources: the name, and as much of what is known of each as there is room for."""
    rows = list[list[str]]()
    for each in stock:
        several = each.outputs is not None and each.task in ("multiclass", "multilabel")
        task = f"{each.task}, {each.outputs}" if several else each.task or ""
        rows.append([each.name, each.summary, task, _format_shape(each.shape), _format_origin(each)])
    print_table(("name", "what", "task", "shape", "here"), rows, console, order=(0, 4, 2, 3, 1))


def show(summary: Summary, console: Console) -> None:
    """Prints what a data set holds."""
    origin = (f"{summary.origin}, {summary.fingerprint[:12]}", "quiet")
    console.print(assemble((summary.title, "name"), "  ", origin))
    if summary.fallback:
        console.print(f"instead of {summary.requested}: {summary.fallback}", style="warn")
    for note in summary.notes:
        console.print(note, style="warn")
    noun = {"multilabel": "labels", "regression": "targets"}.get(summary.task, "classes")
    console.print(f"task     {summary.task}, {summary.outputs} {noun if summary.outputs != 1 else noun[:-1]}")
    if summary.scale:
        console.print(f"scale    {summary.scale}")
    console.print()
    console.print(_tabulate_splits(summary))
    if summary.classes:
        console.print()
        console.print(_tabulate_classes(summary.classes, list(summary.splits), console.options.ascii_only))
    for head, columns in (("target", summary.targets), ("feature", summary.features)):
        if columns:
            console.print()
            _print_columns(head, columns, console)


def draw_bar(share: float, room: int = _BAR, ascii_only: bool = False) -> str:
    """A share of 0 to 1 as a bar, in eighths of a character, or in whole ones of ASCII; what is not nothing shows."""
    if ascii_only:
        return "#" * max(math.ceil(share > 0), round(share * room))
    eighths = max(math.ceil(share > 0), round(share * room * 8))
    return _EIGHTHS[-1] * (eighths // 8) + _EIGHTHS[eighths % 8].strip()


def _format_origin(stock: Stock) -> str:
    if stock.origin == "data.path":
        return "your own: data.path"
    return stock.origin if stock.origin == "built in" else stock.path or "to be downloaded"


def _format_shape(shape: tuple[int, ...] | None) -> str:
    return "" if shape is None else " x ".join(map(str, shape))


def _tabulate_splits(summary: Summary) -> Table:
    table = make_table("split", "examples", "shape", "type", "range", right={1})
    for name, part in summary.splits.items():
        values = f"{_format_number(part.low)} to {_format_number(part.high)}"
        table.add_row(name, f"{part.examples:,}", _format_shape(part.shape), part.dtype, values)
    return table


def _tabulate_classes(classes: Sequence[Count], splits: Sequence[str], ascii_only: bool) -> Table:
    table = make_table("class", *splits, "share of train", right=range(1, 1 + len(splits)))
    most = max(each.examples["train"] for each in classes) or 1
    total = sum(each.examples["train"] for each in classes) or 1
    for each in classes[:MOST_ROWS]:
        count = each.examples["train"]
        cells = [f"{each.examples[split]:,}" for split in splits]
        table.add_row(
            each.name, *cells, f"{draw_bar(count / most, ascii_only=ascii_only):<{_BAR}} {count / total:6.1%}"
        )
    _add_more(table, len(classes))
    return table


def _print_columns(head: str, columns: Sequence[Column], console: Console) -> None:
    counted = any(column.missing is not None for column in columns)
    rows = list[list[str]]()
    for each in columns[:MOST_ROWS]:
        missing = [] if not counted else ["" if each.missing is None else f"{each.missing:,}"]
        rows.append([each.name, *map(_format_number, (each.low, each.mean, each.high)), *missing])
    print_table((head, "min", "mean", "max", *(["missing"] if counted else [])), rows, console, right=range(1, 5))
    if len(columns) > MOST_ROWS:
        console.print(f" and {len(columns) - MOST_ROWS:,} more: `--json` has them all", style="quiet")


def _add_more(table: Table, count: int) -> None:
    if count > MOST_ROWS:
        table.add_row(f"and {count - MOST_ROWS:,} more: `--json` has them all", style="quiet")


def _format_number(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) and abs(value) < 1e6 else f"{value:.4g}"
