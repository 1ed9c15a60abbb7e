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


def read_steps(folder: Path) -> list[int]:
    """The epoch of each loss in a folder's files."""
    events = [each for file in sorted(folder.iterdir()) for each in tf.compat.v1.train.summary_iterator(str(file))]
    return [event.step for event in events for value in event.summary.value if value.tag == "train/loss"]


def test_a_training_that_goes_on_leaves_no_epoch_there_twice(training: Callable[..., Training], tmp_path: Path) -> None:
    made = training("data.subset=100")
    for begun, ended in ((0, 3), (2, 4), (2, 3), (0, 2)):
        summaries = Summaries(tmp_path / "board", begun)
        for epoch in range(begun + 1, ended + 1):
            summaries.write({"epoch": epoch, "step": 9 * epoch, "loss": 0.5}, made.model)
        summaries.close()
        assert sorted(read_steps(tmp_path / "board")) == list(range(1, ended + 1))


def test_what_a_killed_process_left_half_written_is_cut_off(training: Callable[..., Training], tmp_path: Path) -> None:
    summaries = Summaries(tmp_path / "board")
    summaries.write({"epoch": 1, "step": 9, "loss": 0.5}, training("data.subset=100").model)
    summaries.close()
    (file,) = (tmp_path / "board").iterdir()
    file.write_bytes(file.read_bytes()[:-7])
    Summaries(tmp_path / "board", 1).close()
    assert read_steps(tmp_path / "board") == [1]
    file.write_bytes(b"no events at all")
    Summaries(tmp_path / "board", 1).close()
    assert not file.exists()
