"""What is kept of a training, and that a training takes it back; that it is enough, test_resume.py shows for every network."""

from collections.abc import Callable

import numpy as np

from nnctl.engine.loop.training import Training
from tests.engine.conftest import Quiet

Make = Callable[..., Training]


def test_every_variable_stands_once_with_what_keras_forgets(training: Make) -> None:
    layers = "model.layers=[flatten, {dropout: 0.5}, {dense: {units: 10, activation: softmax}}]"
    rate = "train.learning_rate={reduce_lr_on_plateau: {initial_learning_rate: 0.1, warmup_epochs: 1}}"
    made = training(layers, rate, "train.optimizer={nadam: {use_ema: true, gradient_accumulation_steps: 2}}")
    found = made.variables
    assert len({id(variable) for variable in found.values()}) == len(found)
    paths = " ".join(variable.path for variable in found.values())
    for word in (
        "seed_generator_state",
        "iteration",
        "average",
        "gradient_accumulator",
        "plateau_rate",
        "kernel",
        "total",
    ):
        assert word in paths, word
    assert any(variable is made.model.optimizer._u_product for variable in found.values())


def test_a_snapshot_is_not_changed_by_what_follows_and_brings_all_of_it_back(training: Make) -> None:
    settings = ("data.subset=300", "train.epochs=3", "train.early_stopping={patience: 1, min_delta: 10}")
    made = training(*settings)
    assert made.run(Quiet(stop_after=1)) == "interrupted"
    kept = made.take_snapshot()
    arrays = {name: array.copy() for name, array in kept.arrays.items()}
    assert made.run(Quiet()) == "done"
    assert (kept.state.epoch, kept.state.history, kept.best.epoch, kept.stopped) == (0, [], None, False)
    assert made.model.stop_training
    assert len(made.state.history) == made.best.epoch == 2
    last = made.take_snapshot()
    made.restore(kept)
    assert all(np.array_equal(variable.numpy(), arrays[name]) for name, variable in made.variables.items())
    assert (made.state, made.best.epoch, made.model.stop_training) == (kept.state, None, False)
    assert made.run(Quiet()) == "done"
    again = made.take_snapshot()
    assert (again.callbacks, again.stopped, again.best.value) == (last.callbacks, True, last.best.value)
    assert all(again.arrays[name].tobytes() == array.tobytes() for name, array in last.arrays.items())


def test_a_training_whose_weights_are_lost_ends_though_its_loss_is_finite(training: Make) -> None:
    made = training("data.subset=300", "train.epochs=3")

    class Told(Quiet):
        def stepped(self, progress: object) -> None:
            self.calls += 1
            made.mark_diverged()

    watching = Told()
    assert (made.run(watching), watching.calls) == ("diverged", 1)
