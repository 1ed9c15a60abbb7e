"""A topic and a shelf on the terminal."""

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from rich.console import Console

from nnctl.cli.shell.terminal import assemble, stack
from nnctl.cli.views.markdown import print_prose, show_markdown
from nnctl.topics import Row, Shelf, Topic
from nnctl.topics.references import find_references

# What every component of a family takes, of which a page need not say more than the names.
_USUAL = ("name", "trainable", "dtype")


def show(topic: Topic, console: Console) -> None:
    """Prints a topic: what it is, when to use it, an example, what it takes, what to try, its source."""
    console.print(assemble((topic.name, "name"), "  ", (topic.kind, "quiet")))
    print_prose(topic.what, console, "")
    _print_sections(topic.sections, console)
    _print_lines("Example", topic.example.splitlines(), console)
    _print_rows(topic, console)
    _print_sections(topic.notes, console)
    _print_lines("Try", topic.commands, console)
    if topic.source:
        _print_sections([("Source", topic.source)], console)
        for line in find_references(topic.source):
            print_prose(line, console, "  ", "    ")
    if topic.see:
        console.print()
        console.print(f"see also   {', '.join(topic.see)}", style="quiet")


def show_shelf(shelf: Shelf, console: Console) -> None:
    """Prints a shelf, a line a topic, under the headings of its groups."""
    for group, names in groupby(shelf.names(), shelf.group):
        if group:
            _print_head(group, console)
        topics = [topic for name in names if (topic := shelf.topic(name)) is not None]
        _print_columns([(topic.name, topic.what) for topic in topics], console)


def show_shelves(shelves: Sequence[Shelf], console: Console) -> None:
    """Prints the shelves, a line each, with the number of their topics."""
    _print_columns([(f"{shelf.name:<12} {len(shelf.names()):>4}", shelf.what) for shelf in shelves], console)


def _print_columns(rows: Sequence[tuple[str, str]], console: Console) -> None:
    """Names, and beside them what they are, folded only where a terminal has an end."""
    first = max((len(name) for name, _ in rows), default=0) + 2
    for name, text in rows:
        beside = " " * first
        folded = textwrap.fill(text, max(console.width, first + 30), initial_indent=beside, subsequent_indent=beside)
        console.print(stack(f"{name:<{first}}{folded[first:]}".split("\n")), soft_wrap=True)


def _print_head(heading: str, console: Console) -> None:
    console.print()
    console.print(heading, style="name")


def _print_sections(sections: Iterable[tuple[str, str]], console: Console) -> None:
    for heading, text in sections:
        _print_head(heading, console)
        show_markdown(text, console)


def _print_lines(heading: str, lines: Sequence[str], console: Console) -> None:
    if lines:
        _print_head(heading, console)
    for line in lines:
        console.print(f"  {line}", soft_wrap=True)


def _print_rows(topic: Topic, console: Console) -> None:
    usual = [row.name for row in topic.rows if row.name in _USUAL] if topic.kind != "key" else []
    rows = [row for row in topic.rows if row.name not in usual]
    if not rows and not usual:
        return
    _print_head("Keys" if topic.kind == "key" else "Arguments", console)
    for row in rows:
        console.print(assemble("  ", (row.name, "name"), f"  {'; '.join(_describe_row(row))}"), soft_wrap=True)
        if row.doc:
            print_prose(row.doc, console, "      ")
    if usual:
        console.print(f"  and, as all of its kind: {', '.join(usual)}", style="quiet")


def _describe_row(row: Row) -> Iterator[str]:
    yield row.takes
    if row.default is None:
        yield "must be given"
    elif row.default:
        yield f"default {row.default}"
