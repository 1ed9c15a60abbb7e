"""The user's own tables, in a text file of values between commas."""

from typing import TYPE_CHECKING, Any

from nnctl.data.source import Arrays, KeyColumn, Pair, Report, source
from nnctl.data.tables.layout import Options
from nnctl.spec.sections import Data, DataFacts

if TYPE_CHECKING:
    from nnctl.data.memory.limit import Limit


def _peek(data: Data) -> tuple[DataFacts, bool]:
    from nnctl.data.tables.reading import peek

    given: dict[str, Any] = dict(data.options)
    return peek(data, Options(**given)), False


def _read_column(data: Data, pair: Pair, name: str | int) -> KeyColumn:
    from nnctl.data.tables.reading import read_key_column

    given: dict[str, Any] = dict(data.options)
    return read_key_column(data, Options(**given), pair)


@source(
    "csv",
    summary="your own table: numbers and categories, a row an example, a label column or several",
    facts=DataFacts(dtype="float32"),
    declared=Options,
    needs_path=True,
    looks=True,
    lacks=("unlabelled",),
    tables=True,
    peek=_peek,
    column=_read_column,
)
def csv(data: Data, report: Report, limit: "Limit | None" = None, **given: Any) -> Arrays:
    """The rows of a file.

    A column whose values are all numbers or missing holds numbers, any other categories. A label column of texts, or of
    few different whole numbers, holds classes; several label columns of 0 and 1 hold several labels an example.

    Args:
        data: the section; its path is the file.
        report: not used: nothing is downloaded.
        limit: how much is read of the labels, where these are looked at alone.
        **given: the options.
    """
    from nnctl.data.tables.reading import read_csv

    return read_csv(data, Options(**given), limit)
