from collections.abc import Callable

import numpy as np
import pytest

from nnctl.data import load
from nnctl.diagnosis import collect_facts
from nnctl.diagnosis.facts.network import collect_network_facts
from nnctl.diagnosis.finding import Edit
from nnctl.engine.probes.layers import Layers
from nnctl.engine.probes.measure import Bench, expect_loss, find_asked_rate
from nnctl.engine.probes.trial import Bout, strip_extras
from nnctl.spec import Spec
from nnctl.spec.train_section import list_monitors


@pytest.fixture
def bench(read: Callable[..., Spec]) -> Callable[..., Bench]:
    def bench(*settings: str) -> Bench:
        spec = read(*settings)
        dataset = load(spec.data, lambda label, share: None)
        return Bench(spec, dataset, collect_facts(dataset.plan(spec)))

    return bench


@pytest.mark.parametrize(
    ("setting", "rate"),
    [
        ("train.learning_rate=0.25", 0.25),
        ("train.learning_rate=null", 0.001),  # Adam's own
        ("train.learning_rate={cosine_decay: {initial_learning_rate: 0.5}}", 0.5),
        ("train.learning_rate={one_cycle: {max_learning_rate: 0.3}}", 0.3),
        ("train.learning_rate={piecewise_constant_decay: {boundaries: [1], values: [0.1, 0.2]}}", 0.2),
    ],
)
def test_the_rate_that_is_asked_for(setting: str, rate: float, read: Callable[..., Spec]) -> None:
    assert find_asked_rate(read(setting)) == rate


def test_how_much_is_tried_is_settled_by_the_network_and_by_what_is_asked(bench: Callable[..., Bench]) -> None:
    small, short = bench("train.epochs=1000"), bench("train.epochs=1")
    large = bench("train.epochs=1000", "model.layers.1.dense.units=200000")
    assert short.steps == 36  # an epoch of 1,150 examples
    assert small.steps > large.steps >= 20
    assert small.granted >= large.granted >= 3


def test_a_sum_is_measured_and_expected_over_batches_of_trainings_size(
    bench: Callable[..., Bench], read: Callable[..., Spec]
) -> None:
    def measure_start(*settings: str) -> tuple[float, float | None]:
        spec = read("data.subset=300", "train.epochs=1", "train.batch_size=40", *settings)
        made, network = bench("data.subset=300", "train.epochs=1", "train.batch_size=40", *settings), spec
        bout = Bout(network, made.data, "as it is")
        layers = Layers(bout.training, collect_network_facts(bout.training.plan.network))
        loss = float(layers.compare(bout.training.model(layers.x, training=False)))
        return loss, expect_loss(network, bout.training, layers)

    mean, chance = measure_start()
    total, expected = measure_start("train.loss={categorical_crossentropy: {reduction: sum}}")
    assert chance == pytest.approx(np.log(10))
    assert expected == pytest.approx(40 * np.log(10))  # 240 examples are six whole batches
    assert total == pytest.approx(40 * mean, rel=1e-5)


def test_a_trial_needs_no_metric_that_a_plateau_watches(read: Callable[..., Spec]) -> None:
    rate = "train.learning_rate={reduce_lr_on_plateau: {initial_learning_rate: 0.1, monitor: val_acc, mode: max}}"
    stripped = strip_extras(read(rate)).train
    assert stripped.metrics == ()
    assert [name for name, _ in list_monitors(stripped)] == []


def test_trials_are_used_up_and_what_does_not_fit_is_no_fix(bench: Callable[..., Bench]) -> None:
    made = bench("train.epochs=1", "data.subset=100")
    units = ("model", "layers", 1, "units")
    assert made.try_edits([]) is None
    assert made.try_edits([Edit(units, -1)]) is None
    assert made.trials == made.granted - 1
    made.steps = 2
    made.reference = Bout(made.spec, made.data, "as it is").run(made.steps)
    trial = made.try_edits([Edit(units, 4)])
    assert trial is not None
    assert (trial.label, trial.steps, trial.diverged) == ("edited", 2, False)
    made.trials = 0
    assert made.try_edits([Edit(units, 4)]) is None
    made.allow_more()
    assert made.trials == 1 + made.granted // 2
