from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from nnctl.engine.loop.training import Training
from nnctl.engine.state import replay
from nnctl.engine.train import Invocation, Trained, begin, run_to_end
from nnctl.spec import Spec
from tests.engine.conftest import Quiet, prepared, same

MSE = ("train.loss=mse", "data.scale=none", "data.subset=300", "train.optimizer=sgd")


@pytest.fixture
def outcome(read: Callable[..., Spec], tmp_path: Path) -> Callable[..., Trained]:
    def outcome(*settings: str) -> Trained:
        spec = read(*MSE, *settings)
        training = prepared(spec)
        return run_to_end(training, begin(training, Invocation(tmp_path / "s.yaml", tmp_path / "runs")), Quiet())

    return outcome


@pytest.mark.parametrize("xla", ["true", "false"])
def test_the_first_layer_and_batch_are_named(outcome: Callable[..., Trained], xla: str) -> None:
    found = outcome("train.learning_rate=1e30", f"train.xla={xla}")
    assert found.manifest.status == "diverged"
    assert found.divergence is not None
    assert (found.divergence.epoch, found.divergence.step, found.divergence.what) == (1, 2, "output")
    assert found.divergence.layer in ("dense", "dense_1")
    assert len(found.divergence.rows) == 32
    assert found.manifest.message == found.divergence.message
    assert (
        f"the output of {found.divergence.layer} is the first that is not finite, in epoch 1, step 2"
        in found.manifest.message
    )


def test_after_good_epochs_their_best_model_and_last_state_are_kept(outcome: Callable[..., Trained]) -> None:
    late = "train.learning_rate={piecewise_constant_decay: {boundaries: [2.5], values: [1e-5, 1e30]}}"
    found = outcome(late, "train.epochs=5", "train.checkpoint=0")
    assert found.manifest.status == "diverged"
    assert found.divergence is not None
    assert (found.divergence.epoch, found.divergence.step) == (3, 6)  # behind the first step at the next rate
    assert found.manifest.epochs == 2
    assert found.run.model.is_file()
    assert list(found.run.checkpoints.glob("ck-0002-*"))


def test_a_training_is_as_it_was(training: Callable[..., Training], outcome: Callable[..., Trained]) -> None:
    run = outcome("train.learning_rate=1e-5", "train.checkpoint=0").run
    made = training(*MSE, "train.learning_rate=1e-5")
    made.run(Quiet())
    before = made.take_snapshot()
    assert replay.find(made, run, lambda: made) is None  # it did not diverge, and does not in a replay
    after = made.take_snapshot()
    assert (after.state, after.best.epoch) == (before.state, before.best.epoch)
    assert same(list(after.arrays.values()), list(before.arrays.values()))


def test_weights_that_a_step_spoils_are_told_from_outputs(training: Callable[..., Training]) -> None:
    made = training(*MSE)
    made.begin()
    made.enter()
    before = made.take_snapshot()
    layer = made.model.get_layer("dense_1")
    layer.kernel.assign(np.full(layer.kernel.shape, np.nan, np.float32))
    found = replay._locate(made, 0, before)
    assert (found.layer, found.what) == ("dense_1", "weights")
    assert "the weights of dense_1 are the first that are not finite, after epoch 1, step 1" in found.message
