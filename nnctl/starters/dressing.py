"""What a table's columns of texts hold that is a number all the same, and which words stand for no value among them."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

from nnctl.data.tables.delimited import Dialect, read_rows
from nnctl.data.tables.dressed import read_dressed, undress
from nnctl.data.tables.growing import Texts
from nnctl.data.tables.mixed import find_strange, is_none
from nnctl.data.tables.oddities import find_unit
from nnctl.data.tables.table import MISSING, Table

_LOOKED_AT = 20_000  # rows
_MOST = 3  # different words for no value in a column of numbers


def need_comma(words: Sequence[str]) -> bool:
    """Whether dressed numbers have a decimal comma, as in 1.234,50 EUR."""
    found = find_unit(words)
    return found is not None and all(undress(word, ",") for word in found[1]) and not all(map(undress, found[1]))


def find_units(table: Table, dialect: Dialect) -> dict[str, str]:
    """The columns of dressed numbers with what stands around these."""
    units = {}
    for name, column in table.columns.items():
        if isinstance(column, Texts) and (found := find_unit(column.words)):
            read = (read_dressed(word, found[0], dialect.decimal) for word in column.words)
            if all(number is not None or is_none(word) for number, word in zip(read, column.words, strict=True)):
                units[name] = found[0]
    return units


def find_missing(path: Path, table: Table, dialect: Dialect) -> list[str]:
    """Words that stand for no value beside numbers, with those of the usual ones that occur; none if the usual ones will do."""
    words: dict[str, None] = {}
    for column in table.columns.values():
        if isinstance(column, Texts):
            strange = [column.words[at] for at in find_strange(column)]
            strange += [word for word in column.words if is_none(word)] if find_unit(column.words) else []
            words |= dict.fromkeys(strange) if len(strange) <= _MOST else {}
    if not words:
        return []
    cells = (value.strip() for _, row in islice(read_rows(path, dialect, None), _LOOKED_AT) for value in row)
    return [*words, *sorted(set(MISSING).intersection(cells))]


def describe_units(units: Mapping[str, str]) -> Iterator[str]:
    """What is said of columns of dressed numbers."""
    for name, unit in units.items():
        around = repr(unit) if unit else "brackets, a minus behind or marks between thousands"
        yield f"Column {name!r} holds numbers with {around}, which `numbers` reads."
