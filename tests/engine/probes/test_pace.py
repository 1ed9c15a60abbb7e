from collections.abc import Callable

import pytest

from nnctl.engine.loop.training import Training
from nnctl.engine.network.schedules import count_steps, find_updater
from nnctl.engine.probes.pace import Pace, list_watchers, scale_watchers
from nnctl.spec import Spec

COSINE = "train.learning_rate={cosine_decay: {initial_learning_rate: 0.1}}"


def test_a_schedule_is_run_through_in_the_steps_of_the_trial(training: Callable[..., Training]) -> None:
    made = training(COSINE, "train.epochs=10", "train.xla=false")
    schedule = find_updater(made.model.optimizer)._learning_rate
    pace = Pace(made)
    pace.set_length(1000, 100)
    stretched = find_updater(made.model.optimizer)._learning_rate
    for step in (0, 1, 50, 99):
        assert float(stretched(step)) == float(schedule(10 * step))
    pace.set_length(100, 100)
    assert [float(stretched(step)) for step in range(0, 100, 7)] == [float(schedule(step)) for step in range(0, 100, 7)]
    assert int(count_steps(made.model.optimizer)) == 0


def test_averages_forget_as_much_in_a_trial_as_in_the_training(training: Callable[..., Training]) -> None:
    made = training("train.optimizer={adam: {use_ema: true, ema_momentum: 0.999}}", "train.xla=false")
    Pace(made).set_length(4000, 200)
    momentum = float(find_updater(made.model.optimizer).ema_momentum)
    assert momentum**200 == pytest.approx(0.999**4000, rel=1e-4)


def test_waiting_times_are_counted_in_rounds(read: Callable[..., Spec]) -> None:
    rate = "train.learning_rate={reduce_lr_on_plateau: {initial_learning_rate: 0.1, patience: 10, cooldown: 5}}"
    stopping = "train.early_stopping={patience: 20, start_from_epoch: 10}"
    train, left = scale_watchers(read("train.epochs=500", rate, stopping).train)
    assert left == ()
    assert train.early_stopping is not None
    assert (train.early_stopping.patience, train.early_stopping.start_from_epoch) == (4, 2)
    assert (train.learning_rate.arguments["patience"], train.learning_rate.arguments["cooldown"]) == (2, 1)  # type: ignore[union-attr]


def test_what_watches_a_metric_is_left_out_and_named(
    read: Callable[..., Spec], training: Callable[..., Training]
) -> None:
    spec = read("train.early_stopping={patience: 2, monitor: val_accuracy}", "train.metrics=[accuracy]")
    train, left = scale_watchers(spec.train)
    assert (train.early_stopping, train.monitor, left) == (None, None, ("early_stopping on val_accuracy",))
    assert len(list_watchers(training("train.early_stopping=2", "data.validation=0.2"))) == 1
