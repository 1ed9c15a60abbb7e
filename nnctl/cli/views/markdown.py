"""Markdown on the terminal, as the guides use it: paragraphs, lists, tables, and blocks of code that are printed as they are.

Backticks stay, by which a name is known where there are no colours.
"""

import re
import textwrap
from collections.abc import Iterator

from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.table import Table

from nnctl.cli.shell.terminal import assemble, stack

WIDTH = 100  # columns: longer lines of prose are hard to read
_ITEM = re.compile(r"(- |\d+\. )")
_CELLS = re.compile(r"(?<!\\)\|")


def show_markdown(text: str, console: Console, indent: str = "  ") -> None:
    """Prints blocks of Markdown, an empty line between them."""
    for index, block in enumerate(_cut(text)):
        if index:
            console.print()
        if block[0].lstrip().startswith("```"):
            console.print(stack(f"{indent}{line}" for line in block[1:-1]), soft_wrap=True)
        elif block[0].startswith("|"):
            _show_table(block, console, indent)
        else:
            for piece in _join(block):
                item = _ITEM.match(piece)
                print_prose(piece, console, indent, indent + " " * len(item[1]) if item else indent)


def print_prose(text: str, console: Console, indent: str = "  ", below: str | None = None) -> None:
    """A paragraph; addresses stay whole, so that they can be followed."""
    below = indent if below is None else below
    if cell_len(text) > len(text):  # of signs that are two columns wide, and that have no blanks between words
        folded = assemble(text).wrap(console, find_width(console) - len(below))
        lines = [f"{below if index else indent}{line.plain.rstrip()}" for index, line in enumerate(folded)]
        console.print(stack(lines), soft_wrap=True)
        return
    lines = textwrap.wrap(
        text,
        find_width(console),
        initial_indent=indent,
        subsequent_indent=below,
        break_long_words=False,
        break_on_hyphens=False,
    )
    console.print(stack(lines), soft_wrap=True)


def find_width(console: Console) -> int:
    """The columns that prose is folded at."""
    return min(WIDTH, console.width) if console.is_terminal else WIDTH


def _cut(text: str) -> Iterator[list[str]]:
    """The lines of each block: blank lines part them, but not inside code."""
    block, fenced = list[str](), False
    for line in text.splitlines():
        fence = line.lstrip().startswith("```")
        if (not line.strip() and not fenced) or (fence and not fenced):
            if block:
                yield block
            block = []
        if line.strip() or fenced:
            block.append(line)
        if fence and fenced:
            yield block
            block = []
        fenced ^= fence
    if block:
        yield block


def _join(block: list[str]) -> Iterator[str]:
    """The items of a list, or the one paragraph, each as one line; what is strong on a page is plain here."""
    piece = list[str]()
    for line in block:
        if _ITEM.match(line) and piece:
            yield " ".join(piece)
            piece = []
        piece.append(line.strip().replace("**", ""))
    yield " ".join(piece)


def _show_table(block: list[str], console: Console, indent: str) -> None:
    """Its head in bold, its rows below; a cell is folded, never cut."""
    head, _, *rows = ([cell.strip() for cell in _CELLS.split(line.strip().strip("|"))] for line in block)
    table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False, pad_edge=False, header_style="bold")
    for name in head:
        table.add_column(assemble(name), overflow="fold")
    for row in rows:
        table.add_row(*(assemble(cell.replace("\\|", "|")) for cell in row))
    console.print(Padding(table, (0, 0, 0, len(indent))), width=find_width(console))
