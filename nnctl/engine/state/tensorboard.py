"""Scalars and histograms for TensorBoard, written with TensorFlow's own operations: the package itself is not needed."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]

from nnctl.files import replace_atomically
from nnctl.runs import Row

_FILES = "events.out.tfevents.*"
_FRAME = 16  # bytes of a record's length and its two checksums, which stand around it (TensorFlow's `record_writer.h`)


class Summaries:
    """Writes an events file into a folder, a step an epoch.

    Args:
        folder: where to; made if it is not there.
        epoch: how many epochs have ended; what is there of later ones, which a training that goes on is about to run again,
            is removed.

    Raises:
        OSError: the folder cannot be written to.
    """

    def __init__(self, folder: Path, epoch: int = 0) -> None:
        for path in folder.glob(_FILES):
            _drop_later(path, epoch)
        self._writer = tf.summary.create_file_writer(str(folder))

    def write(self, row: Row, model: keras.Model) -> None:
        """Writes each number of an epoch's row as a scalar, and each weight of the model as a histogram."""
        step, writer = int(row["epoch"]), self._writer._resource
        for name, value in row.items():
            if name not in ("epoch", "step"):
                tag = f"validation/{name.removeprefix('val_')}" if name.startswith("val_") else f"train/{name}"
                tf.raw_ops.WriteScalarSummary(writer=writer, step=step, tag=tag, value=float(value))
        for variable in model.trainable_variables:
            values = tf.cast(variable.value, tf.float32)
            tf.raw_ops.WriteHistogramSummary(writer=writer, step=step, tag=f"weights/{variable.path}", values=values)
        self._writer.flush()

    def close(self) -> None:
        """Ends the file."""
        self._writer.close()


def _drop_later(path: Path, epoch: int) -> None:
    """Removes the events behind an epoch from a file, and what a process that died left half written at its end."""
    size, kept, told = 0, 0, False
    for record, event in _read_events(path):
        size += len(record) + _FRAME
        kept += (len(record) + _FRAME) * (event.step <= epoch)
        told = told or (event.step <= epoch and event.HasField("summary"))
    if kept == size == path.stat().st_size:
        return
    if not told:
        path.unlink()
        return
    with replace_atomically(path) as beside, tf.io.TFRecordWriter(str(beside)) as file:
        for record, event in _read_events(path):
            if event.step <= epoch:
                file.write(record)


def _read_events(path: Path) -> Iterator[tuple[bytes, Any]]:
    """The events of a file, each with the bytes that it is made of, as far as they are whole."""
    with suppress(tf.errors.DataLossError, DecodeError):
        for record in tf.data.TFRecordDataset(str(path)).as_numpy_iterator():
            yield record, tf.compat.v1.Event.FromString(record)
