"""Which column of a CSV file is what: the names in its first row, and the options that choose among them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from nnctl.data.source import find_place
from nnctl.data.tables.delimited import Dialect
from nnctl.data.tables.header import read_names
from nnctl.errors import DataError, Place, Problem
from nnctl.files import UTF8, is_encoding
from nnctl.spec.sections import ROWS, Data
from nnctl.spelling import compose, find_nearest, format_names

Name = str | int
Embed = bool | int | Sequence[Name] | Mapping[Name, int | None]
Units = Sequence[Name] | Mapping[Name, str | None] | None
_Columns = Annotated[Sequence[Name] | None, "null|list(str|int>=1;1..100000)"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the source `csv` may be told. Columns go by their names, or by their numbers from 1.

    Attributes:
        label: the column of the labels, or a list of columns.
        features: the columns that the network gets; all but the labels if left out.
        ignore: columns that it does not get.
        categories: columns whose values are categories though they are numbers, such as postal codes.
        embed: columns of categories for each of which the network learns a vector, instead of zeros and ones: a list of
            columns, or a map from columns to widths; `true` for all, or a width for all. A width that is not given goes
            by the number of categories: `nnctl.data.tables.columns`.
        numbers: columns of numbers that are written with a currency, a unit, a per cent sign, marks between thousands or
            brackets: a list of columns, or a map from columns to what stands around each number: `{price: $, weight: kg}`.
        missing: the values that stand for a missing one; `NA`, `NaN`, `null`, `?` and the like if left out.
        delimiter: what stands between two values.
        quote: what a value that holds a delimiter stands between.
        header: whether the first row holds the columns' names.
        encoding: what the file is encoded in, by Python's name, such as `gbk`, `big5`, `cp1252`; `utf-8` if left out.
        decimal: what stands before a number's fraction: with `,` the text `1.234,5` is a number.
    """

    label: Annotated[Name | Sequence[Name] | None, "null|str|int>=1|list(str|int>=1;1..1000)"] = None
    features: _Columns = None
    ignore: _Columns = None
    categories: _Columns = None
    embed: Annotated[Embed, "bool|int>=1|list(str|int>=1;1..100000)|map(null|int>=1)"] = False
    numbers: Annotated[Units, "null|list(str|int>=1;1..100000)|map(null|str)"] = None
    missing: Annotated[Sequence[str | float] | None, "null|list(str|int|float)"] = None
    delimiter: str = ","
    quote: str = '"'
    header: bool = True
    decimal: Annotated[str, "'.'|','"] = "."
    encoding: str = UTF8


@dataclass(frozen=True, slots=True)
class Layout:
    """Which column is what.

    Attributes:
        labels: the names of the label columns.
        features: the names of the columns that the network gets, in this order.
        categories: those of them that are categories though their values are numbers.
        embed: the widths of the columns that are embedded, 0 for a width by rule; one width for all columns of
            categories; or None where none is embedded.
        split: the name of the column that `data.split` cuts by, if the file has it: no feature unless `features` lists it.
        units: the columns of dressed numbers, each with what stands around these, "" for marks alone.
        idle: the columns that no option speaks of, and that are passed over.
        used: the features as a set: of many columns each is looked up.
        chosen: the same of the categories.
    """

    labels: tuple[str, ...]
    features: tuple[str, ...]
    categories: tuple[str, ...]
    embed: Mapping[str, int] | int | None = None
    split: str | None = None
    units: Mapping[str, str] = field(default_factory=dict)
    idle: tuple[str, ...] = ()
    used: frozenset[str] = field(init=False, repr=False, compare=False)
    chosen: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "used", frozenset(self.features))
        object.__setattr__(self, "chosen", frozenset(self.categories))

    def find_embedding(self, name: str) -> int | None:
        """The width that a column of categories is embedded with, 0 for a width by rule; None for zeros and ones."""
        return self.embed.get(name) if isinstance(self.embed, Mapping) else self.embed


def read_layout(data: Data, options: Options) -> tuple[Dialect, Layout]:
    """How the file of a `data` section is written and which of its columns is what, by its first row.

    Args:
        data: the section; its path is the file.
        options: its options.

    Raises:
        DataError: the first row cannot be read, or an option names no column or contradicts another.
    """
    assert data.path is not None
    where = find_place(data, "path")
    dialect = Dialect(options.delimiter, options.quote, options.header, options.decimal, options.encoding)
    for name, value in (("delimiter", dialect.delimiter), ("quote", dialect.quote)):
        if len(value) != 1 or value in "\r\n" or dialect.delimiter == dialect.quote or dialect.quote.isspace():
            message = f"csv's {name} is {value!r}, expected one character of its own"
            raise DataError(
                Problem("bad-value", message, find_place(data, f"source.{name}"), '`delimiter: "\\t"` is a tab')
            )
    if not is_encoding(dialect.encoding):
        hint = "such as `gbk`, `gb18030`, `big5`, `cp1252`; leave it out for UTF-8"
        message = f"csv's encoding is {dialect.encoding!r}, expected Python's name of one"
        raise DataError(Problem("bad-value", message, find_place(data, "source.encoding"), hint))
    held = _Held(data.path, read_names(data.path, dialect, where), data)
    if options.label is None:
        raise DataError(held.explain_missing_label())
    labels = held.resolve_names([options.label] if isinstance(options.label, (str, int)) else options.label, "label")
    ignored = frozenset(held.resolve_names(options.ignore or (), "ignore"))
    split = held.find_split(data)
    passed = {*labels, split}
    others = tuple(name for name in held.names if name not in passed)
    wanted = held.resolve_names(options.features, "features") if options.features else others
    kept = tuple(name for name in wanted if name not in ignored)
    held.check(labels, kept)
    used = frozenset(kept)
    widths, chosen = held.resolve_widths(options.embed), held.resolve_names(options.categories or (), "categories")
    if isinstance(widths, dict):
        held.check_embedded(widths, used)
        chosen = tuple(dict.fromkeys((*chosen, *widths)))
    units = held.resolve_units(options.numbers)
    held.check_units(units, used.union(labels), frozenset(chosen))
    idle = tuple(name for name in others if name not in used and name not in ignored)
    return dialect, Layout(labels, kept, chosen, widths, split, units, idle)


def require_split(data: Data, layout: Layout, names: Sequence[str]) -> str | None:
    """The column that `data.split` cuts by, None where it cuts by none.

    Args:
        data: the section.
        layout: of its file.
        names: the file's columns.

    Raises:
        DataError: the file has no such column, it is the label, or `rows` could be either.
    """
    where = find_place(data, "split")
    column = next(iter((data.split or {}).values()), None)
    if data.split == {"time": ROWS}:
        if ROWS in names:
            message = f"`time: {ROWS}` is the order of the rows, and {data.path} has a column called {ROWS!r}"
            raise DataError(Problem("bad-value", message, where, "call the column otherwise"))
        return None
    if column is not None and layout.split is None:
        near = find_nearest(str(column), names)
        hint = f"did you mean {near!r}?" if near else f"its columns are {format_names(names)}"
        raise DataError(Problem("missing-column", f"{data.path} has no column {column!r} to cut by", where, hint))
    if layout.split in layout.labels:
        message = f"column {layout.split!r} is the label, and rows cannot be cut by what is to be predicted"
        raise DataError(Problem("bad-value", message, where, "name another column"))
    return layout.split


@dataclass(frozen=True, slots=True)
class _Held:
    """The names of a file's columns, and the section whose options choose among them."""

    path: Path
    names: tuple[str, ...]
    data: Data
    known: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "known", frozenset(self.names))

    def find_place(self, option: str) -> Place | None:
        """Where an option of the source has its value, or the source's place."""
        return find_place(self.data, f"source.{option}", "source", "path")

    def resolve_names(self, chosen: Iterable[Name], option: str) -> tuple[str, ...]:
        """The names of the columns that an option chooses, each by its name or its number from 1, once."""
        return tuple(dict.fromkeys(self._resolve_name(each, option) for each in chosen))

    def find_split(self, data: Data) -> str | None:
        """The column that `data.split` cuts by, by its name or number; None where there is none, as in a file held out."""
        column = None if data.split is None or data.split == {"time": ROWS} else next(iter(data.split.values()))
        if isinstance(column, int) and str(column) not in self.known:
            return self.names[column - 1] if column <= len(self.names) else None
        return str(column) if str(column) in self.known else None

    def resolve_widths(self, embed: Embed) -> dict[str, int] | int | None:
        """The option `embed` with its columns by name: `Layout.embed`."""
        if isinstance(embed, Mapping):
            return {self._resolve_name(name, "embed"): width or 0 for name, width in embed.items()}
        if isinstance(embed, Sequence):
            return dict.fromkeys(self.resolve_names(embed, "embed"), 0)
        return None if embed is False else 0 if embed is True else embed

    def resolve_units(self, numbers: Units) -> dict[str, str]:
        """The option `numbers` with its columns by name: `Layout.units`."""
        if isinstance(numbers, Mapping):
            return {self._resolve_name(name, "numbers"): unit or "" for name, unit in numbers.items()}
        return dict.fromkeys(self.resolve_names(numbers or (), "numbers"), "")

    def _resolve_name(self, chosen: Name, option: str) -> str:
        if (name := compose(str(chosen))) in self.known:
            return name
        if isinstance(chosen, int) and chosen <= len(self.names):
            return self.names[chosen - 1]
        near = find_nearest(str(chosen), self.names)
        hint = f"did you mean {near!r}?" if near else self._describe_columns()
        message = f"{self.path} has no column {chosen!r}"
        raise DataError(Problem("missing-column", message, self.find_place(option), hint))

    def _describe_columns(self) -> str:
        return f"its columns are {format_names(self.names)}"

    def explain_missing_label(self) -> Problem:
        hint = f"`source: {{csv: {{label: {self.names[-1]}}}}}`; {self._describe_columns()}"
        return Problem(
            "missing-label",
            f"csv needs `label`: which column of {self.path} holds the labels?",
            self.find_place("label"),
            hint,
        )

    def check(self, labels: tuple[str, ...], features: tuple[str, ...]) -> None:
        """Refuses a label that is a feature as well, and a table without features."""
        used = frozenset(features)
        both = next((name for name in labels if name in used), None)
        if both is not None:
            raise DataError(
                Problem(
                    "bad-value", f"column {both!r} is both label and feature", self.find_place("features"), "take one"
                )
            )
        if not features:
            message = f"{self.path} has no column left for the network to learn from"
            raise DataError(Problem("bad-value", message, self.find_place("ignore"), self._describe_columns()))

    def check_units(self, units: Iterable[str], read: frozenset[str], categories: frozenset[str]) -> None:
        """Refuses to read numbers in columns that nobody asks for, or that are to be categories."""
        for name in units:
            if name not in read or name in categories:
                what = "nothing asks for it" if name not in read else "its values are to be categories"
                message = f"column {name!r} is in `numbers`, and {what}"
                raise DataError(Problem("bad-value", message, self.find_place("numbers"), "take it out of `numbers`"))

    def check_embedded(self, widths: Iterable[str], features: frozenset[str]) -> None:
        """Refuses to embed what the network does not get."""
        for name in widths:
            if name not in features:
                message = f"column {name!r} is in `embed`, and the network does not get it"
                raise DataError(Problem("bad-value", message, self.find_place("embed"), "take it out of `embed`"))
