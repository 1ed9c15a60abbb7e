from collections.abc import Callable

import keras
import numpy as np
import pytest
import tensorflow as tf

from nnctl.engine.loop import training as training_module
from nnctl.engine.loop.progress import Progress
from nnctl.engine.loop.steps import Steps
from nnctl.engine.loop.training import Training
from nnctl.engine.state import checkpoint
from nnctl.errors import SpecError
from nnctl.spec.network import plan as plan_module
from nnctl.spec.network.compilation import Compilation
from tests.engine.conftest import Quiet, arrays, files_of, same

Make = Callable[..., Training]
SOFT = "{dense: {units: 10, activation: softmax}}"
RANDOM = f"model.layers=[{{simple_rnn: {{units: 6, dropout: 0.2}}}}, {{dense: 16}}, {{dropout: 0.3}}, {SOFT}]"
CONVOLUTION = (
    "model.layers=[{conv2d: {filters: 4, kernel_size: 3}}, batch_normalization, relu, flatten, {dropout: 0.5}, "
    f"{SOFT}]"
)


def trained(make: Make, *settings: str) -> Training:
    made = make("data.subset=400", *settings)
    assert made.run(Quiet()) == "done"
    return made


def test_the_same_seed_gives_the_same_bits_twice_and_another_one_others(training: Make) -> None:
    first, second = (trained(training, CONVOLUTION) for _ in range(2))
    assert same(arrays(first), arrays(second))
    assert not same(arrays(first), arrays(trained(training, CONVOLUTION, "seed=4")))


@pytest.mark.parametrize("xla", ["true", "update", "false"])
def test_bits_do_not_depend_on_how_many_steps_a_call_runs(
    training: Make, monkeypatch: pytest.MonkeyPatch, xla: str
) -> None:
    made, runs = training("data.subset=400", RANDOM, f"train.xla={xla}"), []
    begun = files_of(made)
    for length in (1, 3, 1000):
        monkeypatch.setattr(training_module, "choose_length", lambda ran, seconds, before, length=length: length)
        made.restore(checkpoint.unpack(begun, made))
        assert made.run(Quiet()) == "done"
        runs.append(arrays(made))
    assert same(runs[0], runs[1])
    assert same(runs[0], runs[2])
    assert int(made.model.optimizer.iterations.numpy()) == 20


@pytest.mark.parametrize("xla", ["true", "false"])
def test_every_epoch_runs_each_example_once_and_each_step_once(training: Make, xla: str) -> None:
    made = trained(training, f"train.xla={xla}", "train.epochs=3")
    assert made.steps.per_epoch == 10  # 320 examples of 400, in batches of 32
    assert int(made.model.optimizer.iterations.numpy()) == 30
    assert [row["step"] for row in made.state.history] == [10, 20, 30]


def test_a_last_smaller_batch_is_a_step_of_its_own(training: Make) -> None:
    made = trained(training, "train.batch_size=100", "train.epochs=2", "train.xla=true")
    assert made.steps.per_epoch == 4
    assert int(made.model.optimizer.iterations.numpy()) == 8


def test_accumulation_divides_the_updates(training: Make) -> None:
    made = trained(training, "train.optimizer={adam: {gradient_accumulation_steps: 5}}", "train.epochs=2")
    assert int(made.model.optimizer.iterations.numpy()) == 20 // 5


def test_nothing_is_traced_twice(training: Make) -> None:
    made = trained(training, "train.epochs=4", "train.xla=true", "train.batch_size=100")
    assert made.steps.compiled == 2  # the whole batches under XLA, the smaller one as a graph
    assert trained(training, "train.epochs=4", "train.xla=false").steps.compiled == 1


GAINING = {
    "dense": "[flatten, {reshape: [8, 8]}, {permute: [2, 1]}, flatten, {dense: {units: 8, activation: gelu}}, identity, "
    "{activation: tanh}, leaky_relu, prelu, elu, {rescaling: 0.5}, {activity_regularization: {l2: 0.1}}, " + SOFT + "]",
    "normalised": "[flatten, {dense: 8}, batch_normalization, relu, layer_normalization, unit_normalization, "
    "rms_normalization, {group_normalization: {groups: 2}}, {dense: 10}, softmax]",
    "random": "[flatten, {gaussian_noise: 0.1}, {dense: 8}, {dropout: 0.1}, {alpha_dropout: 0.1}, {gaussian_dropout: 0.1}, "
    "{repeat_vector: 4}, {spatial_dropout1d: 0.2}, global_average_pooling1d, " + SOFT + "]",
    "recurrent": "[{lstm: {units: 4, return_sequences: true, dropout: 0.1, recurrent_dropout: 0.1}}, "
    "{bidirectional: {layer: {gru: {units: 4, return_sequences: true}}}}, {simple_rnn: {units: 4, return_sequences: true}}, "
    "{time_distributed: {layer: {dense: 4}}}, global_max_pooling1d, " + SOFT + "]",
    "embedding": "[flatten, {embedding: {input_dim: 17, output_dim: 4, mask_zero: true}}, {lstm: 4}, " + SOFT + "]",
}


@pytest.mark.parametrize("kind", GAINING)
def test_layers_that_are_said_to_gain_from_xla_compile(training: Make, kind: str) -> None:
    settings = (f"model.layers={GAINING[kind]}", "train.batch_size=40", "train.epochs=1", "train.xla=true")
    integers = ("data.scale=none",) if kind == "embedding" else ()
    made = trained(training, *settings, *integers)
    assert (made.steps.refusal, made.compilation.xla, made.steps.compiled) == (None, True, 1)


def test_what_xla_refuses_runs_as_a_graph_unless_the_spec_insists(
    training: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    def loop(*_: object) -> None:
        tf.py_function(lambda: None, [], [])  # XLA has no such operation

    monkeypatch.setattr(Steps, "_run_whole_batches", loop)
    monkeypatch.setattr(plan_module, "choose_compilation", lambda *_: Compilation(True, "as a test says"))
    made = trained(training, "train.epochs=2")
    assert not made.compilation.xla
    assert not made.resolve_spec().train.xla
    assert int(made.model.optimizer.iterations.numpy()) == 20
    with pytest.raises(SpecError, match="XLA cannot compile this network") as raised:
        training("train.xla=true")
    assert raised.value.problems[0].code == "xla-refuses"


def test_a_batch_larger_than_the_data_is_one_full_batch(training: Make) -> None:
    made = trained(training, "train.batch_size=100000")
    assert (made.steps.batch_size, made.steps.per_epoch) == (320, 1)


def test_it_learns(training: Make) -> None:
    made = training("train.epochs=15")
    made.run(Quiet())
    assert made.state.history[-1]["val_accuracy"] > 0.9


def test_the_best_epoch_is_kept_and_restored(training: Make) -> None:
    observer = Quiet()
    made = training("train.epochs=8", "train.learning_rate=0.05", "train.monitor=val_loss")
    made.run(observer)
    values = [row["val_loss"] for row in made.state.history]
    assert made.best.epoch == int(np.argmin(values)) + 1
    assert observer.bests[made.best.epoch - 1]
    assert made.restore_best()
    assert made.validation is not None
    assert made.validation.evaluate()["loss"] == min(values)


def test_early_stopping_ends_a_training_that_no_longer_improves(training: Make) -> None:
    made = training("train.epochs=50", "train.learning_rate=0.2", "train.early_stopping=2")
    made.run(Quiet())
    assert made.best.epoch is not None
    assert len(made.state.history) == made.best.epoch + 2


def test_a_plateau_lowers_the_rate_without_a_retrace(training: Make) -> None:
    schedule = "{reduce_lr_on_plateau: {initial_learning_rate: 1.0, factor: 0.5, patience: 1, monitor: val_loss}}"
    made = training("train.epochs=6", "train.optimizer=sgd", f"train.learning_rate={schedule}", "data.subset=200")
    made.run(Quiet())
    rates = [row["learning_rate"] for row in made.state.history]
    assert rates[0] == 1.0
    assert made.steps.compiled == 1
    assert sorted(rates, reverse=True) == rates
    assert rates[-1] < 1.0


def test_a_plateau_behind_a_warm_up_lowers_the_rate_that_the_warm_up_leads_to(training: Make) -> None:
    schedule = "{reduce_lr_on_plateau: {initial_learning_rate: 1.0, factor: 0.5, patience: 1, warmup_epochs: 2}}"
    made = training("train.epochs=7", "train.optimizer=sgd", f"train.learning_rate={schedule}", "data.subset=200")
    made.run(Quiet())
    rates = [row["learning_rate"] for row in made.state.history]
    assert rates[:3] == [0.5, 1.0, 1.0]  # at the last step of each
    assert rates[-1] < 1.0


def test_averaged_weights_are_validated_and_kept(training: Make) -> None:
    made = training("train.optimizer={sgd: {use_ema: true, ema_momentum: 0.9}}", "train.learning_rate=0.1")
    made.run(Quiet())
    averages = [v.numpy() for v in made.model.optimizer._model_variables_moving_average]
    last = [v.numpy() for v in made.model.trainable_variables]
    assert not same(averages, last)
    assert made.best.epoch == 2
    made.restore_best()
    assert same(averages, [v.numpy() for v in made.model.trainable_variables])


def test_a_diverging_training_says_so_and_keeps_the_last_good_weights(training: Make) -> None:
    made = training("train.optimizer=sgd", "train.learning_rate=1e30", "train.loss=mse", "data.scale=none")
    assert made.run(Quiet()) == "diverged"
    assert all(np.isfinite(row["loss"]) for row in made.state.history)


GROWING = ("train.optimizer=sgd", "train.learning_rate=2", "train.loss=mse", "model.layers=[flatten, {dense: 10}]")


def test_a_loss_that_grows_a_millionfold_has_diverged_though_it_is_finite(training: Make) -> None:
    """Plain descent on a square: the error is multiplied by the same number in each step, so that the growth is known."""
    made = training("data.subset=400", *GROWING, "train.epochs=3")
    seen = Steppings()
    assert made.run(seen) == "diverged"
    last = made.state.history[-1]["loss"]
    assert np.isfinite(last)
    assert made.state.first == seen.first
    assert last > 1e6 * made.state.first
    told = f"{last:.3g} in epoch 3, and {made.state.first:.3g} at the first step"
    assert str(made.explain_growth()).endswith(told)
    made.state.first = last / 0.999e6
    assert made.explain_growth() is None
    made.state.first = -last / 1.001e6  # a loss may lie below 0
    assert made.explain_growth() is not None


def test_a_training_that_goes_on_knows_the_loss_of_its_very_first_step(training: Make) -> None:
    made = training("data.subset=400", *GROWING, "train.epochs=3")
    seen = Steppings(stop_after=1)
    assert made.run(seen) == "interrupted"
    other = training("data.subset=400", *GROWING, "train.epochs=3")
    other.restore(checkpoint.unpack(files_of(made), other))
    assert other.state.first == seen.first
    assert other.run(Quiet()) == "diverged"


def test_a_first_loss_of_next_to_nothing_is_no_measure(training: Make) -> None:
    made = trained(training)
    made.state.first = 1e-12
    assert made.explain_growth() is None


class Steppings(Quiet):
    """Remembers the loss of the first step."""

    first: float | None = None

    def stepped(self, progress: Progress) -> None:
        super().stepped(progress)
        self.first = progress.results["loss"] if self.first is None else self.first


def test_a_wish_to_stop_is_heeded_between_calls(training: Make) -> None:
    made = training("train.epochs=500")
    assert made.run(Quiet(stop_after=3)) == "interrupted"
    assert len(made.state.history) < 3


def test_without_validation_the_training_loss_is_monitored(training: Make) -> None:
    made = trained(training, "data.validation=none")
    assert made.best.monitor == "loss"
    assert not any(name.startswith("val_") for name in made.state.history[0])


@pytest.mark.parametrize("precision", ["mixed_bfloat16", "mixed_float16"])
def test_mixed_precision_learns_with_weights_and_a_last_layer_in_float32(training: Make, precision: str) -> None:
    made = training(f"train.precision={precision}", "train.epochs=12")
    made.run(Quiet())
    assert made.state.history[-1]["val_accuracy"] > 0.85
    assert {weight.dtype for weight in made.model.trainable_weights} == {"float32"}
    dense = [layer for layer in made.model.layers if layer.name.startswith("dense")]
    assert [layer.compute_dtype for layer in dense] == [precision.removeprefix("mixed_"), "float32"]
    assert training().model.layers[-1].compute_dtype == "float32"


def test_training_ends_when_its_time_is_over_but_not_before_there_is_a_model(training: Make) -> None:
    made = training("train.epochs=100000", "train.max_time=0.3s")
    assert made.run(Quiet()) == "done"
    assert 1 <= len(made.state.history) < 10000
    assert made.restore_best()


def test_a_plateau_on_accuracy_lowers_the_rate_when_accuracy_no_longer_rises(training: Make) -> None:
    schedule = "{reduce_lr_on_plateau: {initial_learning_rate: 0.01, factor: 0.5, patience: 1, monitor: val_accuracy}}"
    made = training("train.epochs=12", "train.optimizer=adam", f"train.learning_rate={schedule}")
    made.run(Quiet())
    rates = [row["learning_rate"] for row in made.state.history]
    accuracies = [row["val_accuracy"] for row in made.state.history]
    assert rates[1] == rates[0]  # accuracy rose, and was not taken for a loss
    assert accuracies[1] > accuracies[0]


def test_a_layer_may_bear_the_name_that_keras_would_give_another(training: Make) -> None:
    made = training(
        "model.layers=[flatten, {dense: {units: 8, name: dense}}, {dense: {units: 10, activation: softmax}}]"
    )
    assert [layer.name for layer in made.model.layers][-2:] == ["dense", "dense_1"]


@pytest.mark.parametrize(
    ("loss", "arguments", "size"),
    [
        ("sparse_categorical_crossentropy", {}, 500),
        ("sparse_categorical_crossentropy", {"reduction": "sum"}, 48),
        ("sparse_categorical_crossentropy", {"ignore_class": 3}, 48),
        ("circle", {}, 48),
    ],
)
def test_a_loss_that_depends_on_the_batch_is_validated_over_batches_of_trainings_size(
    training: Make, loss: str, arguments: dict[str, object], size: int
) -> None:
    told = ", ".join(f"{name}: {value}" for name, value in arguments.items())
    settings = (f"train.loss={{{loss}: {{{told}}}}}", "train.metrics=[]", "train.batch_size=48", "train.epochs=1")
    made = training(*settings, "data.validation=0.4")
    made.run(Quiet())
    held, plain = made.dataset.validation, made.model
    assert held is not None
    assert len(held.x) > 500  # and what is left for the last batch is no whole one, either way
    plain.compile(
        loss=getattr(keras.losses, "Circle" if loss == "circle" else "SparseCategoricalCrossentropy")(**arguments)
    )
    expected = plain.evaluate(held.x, held.y, batch_size=size, verbose=0)
    assert made.state.history[0]["val_loss"] == pytest.approx(expected, rel=1e-5)
    other = plain.evaluate(held.x, held.y, batch_size=548 - size, verbose=0)
    assert (expected == pytest.approx(other, rel=1e-5)) == (size == 500)


def test_the_sum_over_a_batch_is_that_of_the_formula(training: Make) -> None:
    made = training("train.loss={categorical_crossentropy: {reduction: sum}}", "train.epochs=1", "train.batch_size=32")
    made.run(Quiet())
    held = made.dataset.validation
    assert held is not None
    losses = -np.log(np.asarray(made.model(held.x), np.float64)[np.arange(len(held.y)), held.y])
    batches = [losses[start : start + 32] for start in range(0, len(losses), 32)]
    expected = sum(len(batch) * batch.sum() for batch in batches) / len(losses)  # as an epoch's loss: by the examples
    assert made.state.history[0]["val_loss"] == pytest.approx(expected, rel=1e-5)


def test_behind_a_mask_of_examples_a_mean_is_that_of_the_batchs_unmasked_ones(training: Make) -> None:
    table = ("data.source=iris", "train.metrics=[]", "train.epochs=1", "train.batch_size=8")
    masked = training(*table, "model.layers=[{masking: 5.1}, {dense: {units: 3, activation: softmax}}]")
    plain = training(*table, "model.layers=[{dense: {units: 3, activation: softmax}}]")
    assert masked.validation is not None
    assert plain.validation is not None
    assert (masked.validation.batch_size, plain.validation.batch_size) == (8, plain.validation.examples)


def test_a_monitor_of_what_the_task_does_not_bring_is_refused_whatever_watches_it(training: Make) -> None:
    rate = "train.learning_rate={reduce_lr_on_plateau: {initial_learning_rate: 0.1, monitor: val_mae}}"
    with pytest.raises(SpecError) as caught:
        training(rate, "train.monitor=mean_absolute_error")
    assert [problem.message for problem in caught.value.problems] == [
        "nothing called 'mean_absolute_error' is measured", "nothing called 'val_mean_absolute_error' is measured"
    ]  # fmt: skip
