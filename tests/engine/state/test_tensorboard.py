from collections.abc import Callable
from pathlib import Path

import tensorflow as tf

from nnctl.engine.loop.training import Training
from nnctl.engine.state.tensorboard import Summaries


def test_an_epoch_is_written_as_scalars_and_histograms(training: Callable[..., Training], tmp_path: Path) -> None:
    made = training("data.subset=100")
    summaries = Summaries(tmp_path / "tensorboard")
    summaries.write({"epoch": 3, "step": 9, "loss": 0.5, "val_loss": 0.75}, made.model)
    summaries.close()
    (file,) = (tmp_path / "tensorboard").iterdir()
    found = {}
    for event in tf.compat.v1.train.summary_iterator(str(file)):
        for value in event.summary.value:
            found[value.tag] = (event.step, value)
    assert {"train/loss", "validation/loss"} <= found.keys()
    step, loss = found["validation/loss"]
    assert (step, loss.simple_value or tf.make_ndarray(loss.tensor)) == (3, 0.75)
    kernels = [tag for tag in found if tag.startswith("weights/") and tag.endswith("kernel")]
    assert len(kernels) == 2
