from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from nnctl.engine.loop.training import Training
from nnctl.engine.network import model_file
from nnctl.errors import RunError
from tests.engine.conftest import Quiet


@pytest.fixture
def donor(training: Callable[..., Training], tmp_path: Path) -> Training:
    """A trained network and its saved model."""
    made = training("data.subset=200")
    made.run(Quiet())
    model_file.save(made.model, tmp_path / "model.keras")
    return made


def kernels(made: Training) -> list[np.ndarray]:
    return [layer.kernel.numpy() for layer in made.model.layers if hasattr(layer, "kernel")]


def test_a_network_begins_where_another_one_ended(
    donor: Training, training: Callable[..., Training], tmp_path: Path
) -> None:
    made = training(f"train.init_from={tmp_path}/model.keras", "seed=99")
    assert all(np.array_equal(a, b) for a, b in zip(kernels(made), kernels(donor), strict=True))
    assert made.transfer is not None
    assert made.transfer.left == ()


def test_a_new_head_keeps_its_own_weights_and_a_frozen_layer_the_old_ones(
    donor: Training, training: Callable[..., Training], tmp_path: Path
) -> None:
    made = training(
        f"train.init_from={tmp_path}/model.keras", "seed=99", "model.layers.1.dense.trainable=false",
        "model.layers=[flatten, {dense: {units: 16, activation: relu, trainable: false}}, {dense: 12}, "
        "{dense: {units: 10, activation: softmax}}]",
    )  # fmt: skip
    assert made.transfer is not None
    assert len(made.transfer.taken) == 1
    assert len(made.transfer.left) == 2
    made.run(Quiet())
    assert np.array_equal(kernels(made)[0], kernels(donor)[0])


def test_a_network_of_other_shapes_takes_nothing_and_says_so(
    donor: Training, training: Callable[..., Training], tmp_path: Path
) -> None:
    with pytest.raises(RunError) as caught:
        training(f"train.init_from={tmp_path}/model.keras", "model.layers.1.dense.units=17")
    problem = caught.value.problems[0]
    assert problem.code == "init-from"
    assert problem.place is not None


def test_a_run_that_is_not_there_is_said(training: Callable[..., Training], tmp_path: Path) -> None:
    with pytest.raises(RunError) as caught:
        training(f"train.init_from={tmp_path}/nowhere")
    assert caught.value.problems[0].code == "no-model"


def test_a_model_that_is_not_there_is_told_where_the_spec_names_it(training: Callable[..., Training]) -> None:
    with pytest.raises(RunError) as caught:
        training("train.init_from=nowhere")
    (problem,) = caught.value.problems
    assert (problem.code, problem.message) == ("no-model", "there is no nowhere")
    assert problem.place is not None
    assert "relative to the spec's" in (problem.hint or "")
