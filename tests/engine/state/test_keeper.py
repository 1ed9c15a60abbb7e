from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from nnctl.engine.loop.training import Training
from nnctl.engine.state.keeper import Keeper
from nnctl.engine.train import Invocation, begin
from nnctl.runs import RunDirectory, checkpoints
from tests.engine.conftest import Quiet


@pytest.fixture
def made(training: Callable[..., Training], tmp_path: Path) -> tuple[Training, RunDirectory]:
    made = training("data.subset=300")
    return made, begin(made, Invocation(tmp_path / "spec.yaml", tmp_path / "runs"))


def kept(run: RunDirectory) -> list[str]:
    return [path.name for path in checkpoints.list_checkpoints(run.checkpoints)]


def test_checkpoints_take_their_share_of_the_time_and_no_more(made: tuple[Training, RunDirectory]) -> None:
    training, run = made
    keeper = Keeper(training, run)
    keeper.ended_epoch()
    assert kept(run) == []  # 5 ms, the first guess, is more than 2 % of no time
    keeper._begun -= 1
    keeper.stepped()
    assert kept(run) == []  # inside an epoch it is not yet 60 s
    keeper.ended_epoch()
    assert kept(run) == ["ck-0000-000000"]
    assert keeper._spent == keeper._cost > 0
    training.state.step, keeper._begun, keeper._ended = 3, keeper._begun - 60, keeper._ended - 61
    for spent, cost in ((0.0, 2.0), (1.0, 0.5)):  # of 61 s, 2 % are 1.22 s
        keeper._spent, keeper._cost = spent, cost
        keeper.stepped()
        assert len(kept(run)) == 1
    keeper._spent, keeper._cost = 0.5, 0.5
    keeper.stepped()
    assert kept(run) == ["ck-0000-000003", "ck-0000-000000"]


def test_the_best_weights_are_written_once(made: tuple[Training, RunDirectory]) -> None:
    training, run = made
    training.run(Quiet())
    keeper = Keeper(training, run)
    keeper.keep()
    (best,) = run.checkpoints.glob("best-*")
    before = best.stat().st_ino
    training.state.step = 1
    keeper.keep()
    assert best.stat().st_ino == before
    assert all(
        f"../{best.name}/weights.bin" in checkpoints.read_checkpoint(path)
        for path in checkpoints.list_checkpoints(run.checkpoints)
    )


def test_weights_that_are_not_finite_never_replace_good_ones(made: tuple[Training, RunDirectory]) -> None:
    training, run = made
    variable = training.model.trainable_variables[0]
    variable.assign(np.full(variable.shape, np.nan, np.float32))
    assert not Keeper(training, run).keep()
    assert kept(run) == []
    assert training.run(Quiet()) == "diverged"


def test_a_resumed_training_with_nothing_left_to_write_removes_what_the_killed_one_did_not(
    made: tuple[Training, RunDirectory],
) -> None:
    training, run = made
    for step in (1, 2):
        training.state.step = step
        Keeper(training, run).keep()
    checkpoints.write_checkpoint(run.checkpoints, "ck-0000-000000", {})
    Keeper(training, run, "ck-0000-000002").keep()
    assert kept(run) == ["ck-0000-000002", "ck-0000-000001"]
