"""The user's own arrays, in a file as `numpy.savez` writes it."""

from typing import TYPE_CHECKING, Annotated, Any

from nnctl.data.source import Arrays, KeyColumn, Pair, Report, source
from nnctl.spec.sections import Data, DataFacts

if TYPE_CHECKING:
    from nnctl.data.memory.limit import Limit


def _peek(data: Data) -> tuple[DataFacts, bool]:
    from nnctl.data.arrays.npz_pairs import peek

    given: dict[str, Any] = {key: data.options[key] for key in ("x", "y", "sample_weight") if key in data.options}
    return peek(data, **given)


def _read_column(data: Data, pair: Pair, name: str | int) -> KeyColumn:
    from nnctl.data.arrays.npz_pairs import read_key_array

    return read_key_array(data, pair, name)


@source(
    "npz",
    summary="your own arrays: x_train, y_train, x_test and y_test, or x and y",
    facts=DataFacts(),
    needs_path=True,
    looks=True,
    lacks=("unlabelled",),
    peek=_peek,
    column=_read_column,
)
def npz(
    data: Data,
    report: Report,
    limit: "Limit | None" = None,
    *,
    x: str | None = None,
    y: str | None = None,
    memory: Annotated[str, "'auto'|'hold'|'stream'"] = "auto",
    sample_weight: str = "auto",
) -> Arrays:
    """The arrays of a file: `x_train`, `y_train` and their test pair as Keras's files have them, or `x` and `y`.

    `x_test` and `y_test` beside `x` and `y` are test, too. `x_val` and `y_val` (or `x_dev`, `x_valid`) are validation where
    the spec names no share and no path. Capitals make no difference, nor does the order of the words (`train_x`); `data`,
    `images`, `features` and `inputs` stand for `x`, `labels` and `targets` for `y`. Arrays that are not read are told.
    An array with a value for each training example can be named in `data.split`: `{group: patients}`.

    Args:
        data: the section; its path is the file.
        report: not used: nothing is downloaded.
        limit: how much is read of the labels, where these are looked at alone.
        x: the name of the examples, if it is not `x`; then the file is taken to hold one pair.
        y: the name of their labels, if it is not `y`.
        memory: `hold` to read all examples once, `stream` to read them from the file in every epoch anew, which wants arrays
            that are not compressed; `auto` streams those that take more than a quarter of the free memory.
        sample_weight: the name of how much each training example counts in the loss, if it is not `sample_weight`; `none` to
            count all alike though the file has one.
    """
    from nnctl.data.arrays.npz_pairs import read_npz

    return read_npz(data, x, y, memory, sample_weight, limit)
