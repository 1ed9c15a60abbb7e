"""What a data source is: one decorated function that reads arrays, beside what is known of them without reading.

A new source is one function in `nnctl/data/sources/`, listed in `nnctl.data.sources.SOURCES`.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, get_origin

from nnctl.errors import Place
from nnctl.spec.sections import Data, DataFacts

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Report = Callable[[str, float | None], None]
"""Told what is done, such as a download, and the share of it that is done (0 to 1, None if that is not known)."""


def silent(label: str, share: float | None) -> None:
    """A report to nobody."""


@dataclass(frozen=True, slots=True)
class StoredColumn:
    """A column of a table.

    Attributes:
        name: its name.
        words: the texts that its values are indices of, or None for numbers.
        embed: the width of the vector that the network learns for each text, 0 for the width by the rule of
            `nnctl.data.tables.columns`, or None for zeros and ones.
        unit: what stands around its numbers, where these are dressed: `nnctl.data.tables.dressed`; else None.
    """

    name: str
    words: tuple[str, ...] | None = None
    embed: int | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class KeyColumn:
    """A column that rows are cut by, as `data.split` names it.

    Attributes:
        name: what messages call it: `column 'date'`, `array 'groups'`.
        values: its different values, texts or numbers; numbers ascending.
        codes: int64 of shape (n,): of each row the index of its value, or -1 where it has none.
    """

    name: str
    values: "Sequence[str] | NDArray[Any]"
    codes: "NDArray[np.int64]"


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """Examples and their labels as a source stores them.

    Attributes:
        x: of shape (n, ...), a row an example.
        y: of shape (n,) or (n, k).
        x_name: what errors call the examples.
        y_name: what errors call the labels.
        columns: of a table: what each column of `x`, then float32 or float64 of shape (n, columns) with NaN for what is
            missing, is; once `x` is split, it is encoded by what training tells (`nnctl.data.tables.columns`).
        lines: of a file of lines: the line (from 1) that each example begins on, int64 of shape (n,).
        kept: where rows were left out: which of those in the file these are, from 0, int64 of shape (n,); else None.
        weight: how much each example counts in the loss of training, of shape (n,) or (n, 1), or None if all count alike.
        weight_name: what errors call that.
        said: what a user should be told of the file, a sentence each.
    """

    x: "NDArray[Any]"
    y: "NDArray[Any]"
    x_name: str = "x"
    y_name: str = "y"
    columns: tuple[StoredColumn, ...] | None = None
    lines: "NDArray[np.int64] | None" = None
    kept: "NDArray[np.int64] | None" = None
    weight: "NDArray[Any] | None" = None
    weight_name: str = "sample_weight"
    said: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Arrays:
    """What a source has read, unchecked and uncut.

    Attributes:
        title: what outputs call the data.
        origin: the path that was read, or what it ships with.
        train: the examples that are trained on, and that shares are cut from.
        test: the source's own test examples, or None.
        validation: the source's own validation examples, taken where the spec has none from elsewhere, or None.
        class_names: the names of the classes or labels where the source's options or the file tell them, or None.
        notes: what a user should be told of what was read, and of what was not.
        dates: the columns of a table that hold dates, as its first rows have them.
    """

    title: str
    origin: str
    train: Pair
    test: Pair | None = None
    validation: Pair | None = None
    class_names: tuple[str, ...] | None = None
    notes: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()


Read = Callable[..., Arrays]
Peek = Callable[[Data], tuple[DataFacts, bool]]
ReadColumn = Callable[[Data, Pair, str | int], KeyColumn]


@dataclass(frozen=True, slots=True)
class DataSource:
    """A source of data.

    Attributes:
        name: its name in YAML.
        summary: one line for lists.
        facts: what is known of it in any case, before a share is cut; `train` counts what the shares are cut from.
        read: called with the `data` section, a report and the source's options; raises DataError. Of a source that `looks` with
            a `Limit` after the report: then labels and weights alone are read, and examples are `Unread`; raises PastLimitError.
        declared: what declares these options, with their defaults and, in its docstring, their meanings.
        options: the kind (of `nnctl.spec.catalogue.kinds`) of each of the source's own arguments.
        needs_path: whether `data.path` must be given.
        takes_path: whether `data.path` may be given; False for what ships with a package.
        own_test: whether it has test examples of its own.
        looks: whether it reads labels without examples.
        lacks: what its examples may lack, as `data.skip` has it: `unlabelled`, `unreadable`.
        tables: whether its examples are rows of a table, which are standardised unless the user says otherwise.
        largest: the largest value that the examples can have, where their type does not tell, or None.
        class_names: the names of the classes by index, or None.
        targets: the names of the numbers to predict, where the source tells them.
        offline: the source that the hint of a failed download proposes, or None.
        files: what it is downloaded as: the files below a folder of data sets, all of which must be there.
        kept: other files or folders there, each of which will do instead.
        peek: tells the facts, and whether there are test examples, of the file in `data.path` or under these options;
            not asked where there are neither; or None.
        column: reads a column by its name for `data.split`, a value for each row of the training examples that were read;
            raises DataError. None for a source that has no other columns than its examples.
    """

    name: str
    summary: str
    facts: DataFacts
    read: Read
    declared: Callable[..., object]
    options: Mapping[str, str] = field(default_factory=dict)
    needs_path: bool = False
    takes_path: bool = True
    own_test: bool = False
    looks: bool = False
    lacks: tuple[str, ...] = ()
    tables: bool = False
    largest: float | None = None
    class_names: tuple[str, ...] | None = None
    targets: tuple[str, ...] = ()
    offline: str | None = None
    files: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    peek: Peek | None = None
    column: ReadColumn | None = None


_KINDS = {str: "str", int: "int", float: "float", bool: "bool", str | None: "null|str", int | None: "null|int"}


def source(
    name: str, *, declared: Callable[..., object] | None = None, **attributes: Any
) -> Callable[[Read], DataSource]:
    """A decorator that makes a source of a function `(data, report, *, option, ...) -> Arrays`.

    An option whose type does not say enough is annotated with its kind: `Annotated[int, "int>=1"]`.

    Args:
        name: its name in YAML.
        declared: the dataclass whose fields are the options, where they are not the function's keyword-only parameters.
        **attributes: the attributes of `DataSource`.
    """

    def declare(read: Read) -> DataSource:
        declares = declared or read
        return DataSource(name, read=read, declared=declares, options=_read_options(declares), **attributes)

    return declare


def find_place(data: Data, *keys: str) -> Place | None:
    """Where the first of these keys that the user wrote has its value, or the source's place."""
    return next((data.places[key] for key in (*keys, "source") if key in data.places), None)


def _read_options(declared: Callable[..., object]) -> dict[str, str]:
    """The kinds of keyword-only parameters, as their annotations have them."""
    parameters = [each for each in inspect.signature(declared).parameters.values() if each.kind is each.KEYWORD_ONLY]
    return {each.name: _read_kind(each.annotation) for each in parameters}


def _read_kind(annotation: Any) -> str:
    return str(annotation.__metadata__[0]) if get_origin(annotation) is Annotated else _KINDS[annotation]
