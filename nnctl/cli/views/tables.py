"""Tables without lines, as most views have them, and lines that are folded below themselves: nothing is cut."""

import re
from collections.abc import Collection, Iterator, Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from nnctl.cli.shell.terminal import assemble, stack
from nnctl.errors import sanitize

Cell = str | Text
_LEAST = 20  # characters that a folded text has at least, whatever the terminal


def make_table(*heads: str, right: Collection[int] = (), gap: int = 2) -> Table:
    """An empty table; a cell that finds no room is folded, and not cut.

    Args:
        heads: the head of each column.
        right: the numbers of the columns, from 0, that are set to the right.
        gap: the characters free on both sides of a column.
    """
    table = Table(box=None, padding=(0, gap), header_style="quiet")
    for number, head in enumerate(heads):
        table.add_column(head, justify="right" if number in right else "left", overflow="fold")
    return table


def print_table(
    heads: Sequence[str], rows: Sequence[Sequence[Cell]], console: Console, right: Collection[int] = (),
    order: Sequence[int] = (), gap: int = 1,
) -> None:  # fmt: skip
    """Prints a table of as many columns as there is room for, and which ones there was no room for.

    Where the first column and one more do not stand side by side, what a row holds is told below its first cell.

    Args:
        heads: the head of each column.
        rows: the cells of each row, as many as there are heads.
        console: where it is printed.
        right: the numbers of the columns, from 0, that are set to the right.
        order: the numbers of the columns, the most important first; from left to right if left out.
        gap: the characters free on both sides of a column.
    """
    widths = [max(map(measure, column)) for column in zip(heads, *rows, strict=True)]
    shown, room = list[int](), console.width
    for number in order or range(len(heads)):
        if (room := room - widths[number] - 2 * gap) < 0:
            break  # one that is less important does not take its place: which are shown goes by one order
        shown.append(number)
    if len(shown) < min(2, len(heads)):
        for row in rows:
            _print_stacked(heads, row, console)
        return
    kept = sorted(shown)
    table = make_table(*(heads[i] for i in kept), right={kept.index(i) for i in kept if i in right}, gap=gap)
    for row in rows:
        table.add_row(*(row[i] for i in kept))
    console.print(table)
    if left := [heads[i] for i in range(len(heads)) if i not in shown]:
        print_folded(
            " " * gap, f"not enough room for {', '.join(left)}: a wider terminal or a pipe has it", console, "quiet"
        )


def fold(label: Cell, text: str, width: int, style: str = "", indent: int | None = None) -> Text:
    """A text behind its label, in lines no wider than a terminal, those behind the first set in below it.

    A word that is wider than a line, such as a path, stands whole on one of its own: it is there to be copied.

    Args:
        label: what stands in front of the first line.
        text: the text.
        width: of the terminal.
        style: of the text.
        indent: how far further lines are set in; as far as the label goes if left out.
    """
    begin = measure(label)
    indent = begin if indent is None else indent
    lines = list(_wrap(text, max(_LEAST, width - begin), max(_LEAST, width - indent))) or [""]
    below = (assemble(" " * indent, (line, style)) for line in lines[1:])
    return stack([assemble(label, (lines[0], style)), *below])


def print_folded(label: Cell, text: str, console: Console, style: str = "") -> None:
    """Prints a text as `fold` has it."""
    console.print(fold(label, text, console.width, style), soft_wrap=True)


def print_line(line: Cell, console: Console) -> None:
    """Prints a line that has been put together, folded at its spaces: a path or a command of one word stays whole."""
    text = assemble(line)
    indent = len(text.plain) - len(text.plain.lstrip())
    if measure(text) > console.width:
        text = fold(" " * indent, text.plain.strip(), console.width, str(text.spans[0].style) if text.spans else "")
    console.print(text, soft_wrap=True)


def measure(cell: Cell) -> int:
    """The columns of a terminal that a cell takes: two for a letter of double width."""
    return cell.cell_len if isinstance(cell, Text) else cell_len(cell)


def _wrap(text: str, first: int, rest: int) -> Iterator[str]:
    """Lines of at most so many columns, cut at spaces; letters of double width count twice, which `textwrap` does not know."""
    line = ""
    for word in re.findall("[^ ]+ *", sanitize(text)):
        if line and cell_len(line + word.rstrip()) > first:
            yield line.rstrip()
            line, first = "", rest
        line += word
    if line:
        yield line.rstrip()


def _print_stacked(heads: Sequence[str], row: Sequence[Cell], console: Console) -> None:
    console.print(assemble(row[0]), soft_wrap=True)
    told = [f"{head} {assemble(cell).plain}" for head, cell in zip(heads[1:], row[1:], strict=True) if measure(cell)]
    print_folded("  ", ", ".join(told), console)
