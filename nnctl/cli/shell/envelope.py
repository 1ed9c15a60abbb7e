"""`--json`: one object on stdout for all that a command answers, whatever its end.

    {"format": 1, "command": "check", "ok": false, "exit_code": 2, "errors": [...], "specs": [...]}

A verb tells its results as it has them, and `main`, which knows the exit code, ends the answer. So what was done before an
error stands in it as well, and `ok` cannot disagree with the exit code. `nnctl explain json` describes it to users.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from itertools import takewhile

import typer

from nnctl.cli.shell import output
from nnctl.errors import Problem

FORMAT = 1  # of the object; another number where a key goes or means something else
RESERVED = ("format", "command", "ok", "exit_code", "errors")  # no result is called so


class _Envelope:
    """What a command has answered so far.

    Args:
        words: the command line, without the program's name.

    Attributes:
        asked: whether it is to be printed.
        guessed: whether `--json` stands on the command line; counts where that could not be read to its end.
        read: whether it was.
        command: the words of the verb (`data show`), or None where there is none.
        results: what the verb has told, and has not been printed yet.
        problems: what is wrong.
        rows: the list that is being printed, or None.
        ended: whether it has been printed.
    """

    def __init__(self, words: Sequence[str]) -> None:
        self.asked = self.read = self.ended = False
        self.guessed = "--json" in takewhile(lambda word: word != "--", words)
        self.command: str | None = None
        self.results: dict[str, object] = {}
        self.problems: list[Problem] = []
        self.rows: _Rows | None = None


class _Rows:
    """A list that is printed while it grows, a line an item; one is held back, because of the comma behind it."""

    def __init__(self) -> None:
        self._held: str | None = None

    def add(self, item: object) -> None:
        """Prints the item before. What interrupts this leaves JSON behind."""
        held, self._held = self._held, f"    {json.dumps(item, allow_nan=False)}"
        if held is not None:
            output.write_line(f"{held},")

    def end(self) -> None:
        """Prints the last item."""
        held, self._held = self._held, None
        if held is not None:
            output.write_line(held)


_CURRENT: ContextVar[_Envelope] = ContextVar("envelope")


def begin(words: Sequence[str] = ()) -> _Envelope:
    """Begins the answer of a command, whose line is `words`, without the program's name."""
    _CURRENT.set(begun := _Envelope(words))
    return begun


def _get_current() -> _Envelope:
    return _CURRENT.get(None) or begin()


def ask(context: typer.Context, value: bool) -> bool:
    """What `--json` calls when it is read: whether this verb, or the group before it, is to answer in JSON."""
    current = _get_current()
    current.command, current.read = _name_command(context), True
    current.asked = current.asked or value
    return current.asked


def mark_unread(context: typer.Context | None) -> None:
    """Says that the command line could not be read to its end.

    Args:
        context: that of the verb, as far as it was found.
    """
    current = _get_current()
    current.command, current.read = _name_command(context), False


def tell(results: Mapping[str, object]) -> None:
    """Adds results, of JSON's own types, by the names that they have in the answer.

    Raises:
        KeyError: a name is one of the answer's own.
    """
    if taken := results.keys() & set(RESERVED):
        raise KeyError(*sorted(taken))
    _get_current().results.update(results)


def append(name: str, item: object) -> None:
    """Adds an item to a list among the results."""
    found = _get_current().results.setdefault(name, [])
    assert isinstance(found, list)
    found.append(item)


def add_problems(*problems: Problem) -> None:
    """Adds what is wrong, where the verb goes on all the same."""
    _get_current().problems.extend(problems)


def open_rows(name: str) -> Callable[[object], None]:
    """A function that prints an item of a list, a line each, so that the list need not be held in memory.

    Results that are told from here on stand behind the list.
    """
    current = _get_current()
    head = {"format": FORMAT, "command": current.command, **current.results}
    current.results, current.rows = {}, _Rows()
    _print_lines(f"{json.dumps(head, indent=2, allow_nan=False)[:-2]},\n  {json.dumps(name)}: [")
    return current.rows.add


def finish(exit_code: int, *problems: Problem) -> None:
    """Prints the answer, if it was asked for and was not printed yet.

    Args:
        exit_code: the command's.
        problems: what ended the command, besides those that were added before.

    Raises:
        OSError: stdout cannot be written to.
        ValueError: a result is NaN or infinite, which JSON does not have.
    """
    current = _get_current()
    asked = current.asked or (current.guessed and not current.read and bool(problems))
    if not asked or current.ended:
        return
    errors = [problem.document() for problem in (*current.problems, *problems)]
    own = {"format": FORMAT, "command": current.command} if current.rows is None else {}
    verdict = {"ok": exit_code == 0, "exit_code": exit_code, "errors": errors}
    try:
        text = json.dumps({**own, **verdict, **current.results}, indent=2, allow_nan=False)
    except (ValueError, MemoryError):
        current.results = {}  # what ends the command now is told without them
        raise
    current.ended = True
    if current.rows is not None:
        current.rows.end()
        text = f"  ],{text[1:]}"
    _print_lines(text)


def print_json(value: object) -> None:
    """Prints a value as JSON on stdout, in ASCII; NaN and infinity, which JSON does not have, raise ValueError."""
    _print_lines(json.dumps(value, indent=2, allow_nan=False))


def _print_lines(text: str) -> None:
    for line in text.split("\n"):
        output.write_line(line)


def _name_command(context: typer.Context | None) -> str | None:
    """The words of a verb, without the program's name."""
    return None if context is None else context.command_path.partition(" ")[2] or None
