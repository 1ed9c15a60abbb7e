"""What a topic is, and a shelf of them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One argument of what a topic explains, or one key of a section.

    Attributes:
        name: its name.
        takes: what it may be, as a phrase.
        default: what it is if it is left out, in YAML; None where it must be given.
        doc: what it means.
    """

    name: str
    takes: str
    default: str | None
    doc: str


@dataclass(frozen=True, slots=True)
class Topic:
    """One thing, explained.

    Attributes:
        kind: what it is, in the singular (`layer`).
        name: its name.
        what: what it is or does, one sentence.
        sections: a heading and a text each, in the order in which they are read.
        rows: its arguments, or the keys of a section.
        example: a piece of a spec in YAML, from the top, that `check` takes in a spec around it; or empty.
        commands: what to type to try it.
        notes: a heading and a text each, read after the arguments.
        source: where it comes from: its name in Keras, a paper; or empty.
        see: other topics.
    """

    kind: str
    name: str
    what: str
    sections: tuple[tuple[str, str], ...] = ()
    rows: tuple[Row, ...] = ()
    example: str = ""
    commands: tuple[str, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    source: str = ""
    see: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shelf:
    """All topics of one kind.

    Attributes:
        name: what `nnctl list` calls it, in the plural.
        noun: the kind of its topics.
        what: one line for the list of shelves.
        names: the names of its topics, in the order of lists.
        topic: the topic of a name, in any spelling, or None.
        spellings: every text that `topic` has an answer for and that a misspelt one may be near to.
        group: the heading that a name stands under in a list, or an empty text.
        others: the other names of a topic in words, Chinese ones too, by its name.
    """

    name: str
    noun: str
    what: str
    names: Callable[[], Sequence[str]]
    topic: Callable[[str], Topic | None]
    spellings: Callable[[], Iterable[str]]
    group: Callable[[str], str] = lambda name: ""
    others: Callable[[str], Sequence[str]] = lambda name: ()
