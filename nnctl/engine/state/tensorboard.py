"""Scalars and histograms for TensorBoard, written with TensorFlow's own operations: the package itself is not needed."""

from pathlib import Path

import keras
import tensorflow as tf

from nnctl.runs import Row


class Summaries:
    """Writes an events file into a folder, a step an epoch.

    Args:
        folder: where to; made if it is not there.
    """

    def __init__(self, folder: Path) -> None:
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
