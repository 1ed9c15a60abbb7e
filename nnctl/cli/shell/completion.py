"""What a shell proposes behind TAB: runs, specs, topics, and the keys and values of `--set`.

Typer asks these functions and keeps the answers that begin with what is typed. None of them loads NumPy or TensorFlow, and
none fails: where there is nothing to propose, the shell proposes files.

A shell evaluates what it is answered (zsh) or puts it into the command line as it is (bash), and names of runs, files and
layers are written by anybody. So a proposal consists of characters that mean nothing to a shell, and a remark of words of
nnctl's own.
"""

import io
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from functools import wraps
from pathlib import Path
from typing import ParamSpec

import typer

from nnctl.cli.shell import output
from nnctl.errors import NnctlError, RunError

Proposals = list[tuple[str, str]]
"""What may stand there, each with a remark that zsh and fish show."""

Given = ParamSpec("Given")

_ASKED = "_NNCTL_COMPLETE"
_PLAIN = re.compile("[\\w./@+:,][\\w./@+=:,-]*")  # no sign of a shell's, and no flag
_BREAK = re.compile("[=:]+")  # Bash begins a word at each of these (COMP_WORDBREAKS)
_MOST_RUNS = 100  # a manifest takes 0.2 ms to read


def _guard(completer: Callable[Given, Proposals]) -> Callable[Given, Proposals]:
    """Proposes what is plain, and nothing where something is wrong: the command itself will say what."""

    @wraps(completer)
    def proposing(*given: Given.args, **named: Given.kwargs) -> Proposals:
        try:
            return [each for each in completer(*given, **named) if _PLAIN.fullmatch(each[0])]
        except (NnctlError, OSError, ValueError):
            return []

    return proposing


@_guard
def list_files(incomplete: str) -> Proposals:
    """Nothing, so that the shell proposes files; Typer would propose the word itself for a path."""
    return []


@_guard
def list_specs(context: typer.Context, incomplete: str) -> Proposals:
    """YAML files, and the folders on the way to them; a folder that stands alone opens."""
    folder, slash, begun = incomplete.rpartition("/")
    paths = sorted(Path(f"{folder}{slash}" or ".").iterdir())
    found = [f"{folder}{slash}{path.name}{'/' if path.is_dir() else ''}" for path in paths if _may_be_spec(path, begun)]
    if len(found) == 1 and found[0].endswith("/"):
        return list_specs(context, found[0]) or [(found[0], "")]
    return [(path, "") for path in found]


@_guard
def list_runs(context: typer.Context, incomplete: str) -> Proposals:
    """`latest`, and the names and ids of the newest hundred runs."""
    from nnctl.api import STATUSES, RunDirectory, find_root

    root = find_root(context.params.get("runs"))
    newest = sorted((path for path in root.iterdir() if (path / "run.json").is_file()), reverse=True)
    names, ids = dict[str, str](), dict[str, str]()
    for path in newest[:_MOST_RUNS]:
        try:
            manifest = RunDirectory(path).manifest
        except RunError:
            continue
        names.setdefault(manifest.name, "the newest of this name")
        ids[path.name] = manifest.status if manifest.status in STATUSES else ""
    return [("latest", "the newest run"), *names.items(), *ids.items()] if ids else []


@_guard
def list_topics(context: typer.Context, incomplete: str) -> Proposals:
    """What can be explained; behind a kind, what is of this kind; a code as it is typed, without its 0."""
    from nnctl.api import find_shelf, list_shelves, spell_code

    before = context.params.get("words") or ()
    among = [find_shelf(before[-1])] if before else list_shelves()
    kinds = [] if before else [(each.noun, f"one of the {each.name}") for each in among]
    found = [(name, each.noun) for each in among for name in each.names()]
    short = [(incomplete, noun) for name, noun in found if name == spell_code(incomplete) != incomplete]
    return [*kinds, *short, *found]


@_guard
def list_kinds(incomplete: str) -> Proposals:
    """The kinds that can be listed."""
    from nnctl.api import list_shelves

    return [(each.name, each.what) for each in list_shelves()]


@_guard
def list_templates(incomplete: str) -> Proposals:
    """The templates of specs."""
    from nnctl.api import TEMPLATES

    return [(name, template.summary) for name, template in TEMPLATES.items()]


@_guard
def list_splits(incomplete: str) -> Proposals:
    """The splits of a data set."""
    return [("test", ""), ("validation", ""), ("train", "")]


@_guard
def list_downloads(incomplete: str) -> Proposals:
    """The data sets that are downloaded."""
    from nnctl.api import SOURCES

    return [(source.name, source.summary) for source in SOURCES.values() if source.files]


@_guard
def list_keys(context: typer.Context, incomplete: str) -> Proposals:
    """Keys and values of `--set`, those of the spec's own layers, optimizer and variables if it is named before."""
    from nnctl.cli.shell.settable import list_settable

    # A flag that lacks its value yet keeps Typer from telling what stands before it.
    words = (os.environ.get("COMP_WORDS") or os.environ.get("_TYPER_COMPLETE_ARGS") or "").split()
    return list_settable(incomplete, next((Path(word) for word in words if word.endswith((".yaml", ".yml"))), None))


@contextmanager
def mend_words() -> Iterator[None]:
    """Mends the words that Bash hands over, which it cuts at `=` and `:`, and cuts the answers alike."""
    if os.environ.get(_ASKED) != "complete_bash":
        yield
        return
    given = os.environ.get("COMP_WORDS", "").split("\n")
    words, number = join_words(given, _read_number(len(given)))
    os.environ["COMP_WORDS"], os.environ["COMP_CWORD"] = "\n".join(words), str(number)
    current = words[number] if number < len(words) else ""
    standing = current[: max((found.end() for found in _BREAK.finditer(current)), default=0)]
    answer = io.StringIO()
    try:
        with redirect_stdout(answer):
            yield
    finally:
        for line in answer.getvalue().splitlines():
            output.write_line(line.removeprefix(standing))


def _read_number(count: int) -> int:
    """The number of the word that is typed, from 0; the last, where another shell or a script has set what is no number."""
    try:
        return min(max(int(os.environ.get("COMP_CWORD", "0")), 0), count)
    except ValueError:
        return count - 1


def join_words(words: list[str], number: int) -> tuple[list[str], int]:
    """Words that Bash cut at `=` and `:` put together again, and the number of the one that is typed.

    An empty word behind a sign is one of its own: there is a space in front of it.
    """
    whole: list[str] = []
    place = number
    for index, word in enumerate(words):
        after = index > 0 and bool(_BREAK.fullmatch(words[index - 1])) and bool(word)
        if whole and (after or _BREAK.fullmatch(word)):
            whole[-1] += word
            place -= index <= number
        else:
            whole.append(word)
    return whole, place


def _may_be_spec(path: Path, begun: str) -> bool:
    """Whether a path may be proposed where a spec is asked for."""
    hidden = path.name.startswith(".") and not begun.startswith(".")
    return path.name.startswith(begun) and not hidden and (path.suffix in (".yaml", ".yml") or path.is_dir())
