"""What the reviewed table says of components beyond their signatures, held against what Keras makes of them."""

import nnctl.engine  # noqa: F401, isort: skip  (first: it loads TensorFlow quietly)

import inspect
import math

import keras
import numpy as np
import pytest

from nnctl.engine.network.build import build_component
from nnctl.engine.network.schedules import build_learning_rate
from nnctl.spec import catalogue
from nnctl.spec.catalogue import traits
from nnctl.spec.network.reduction import depends_on_batch, sums_up
from nnctl.spec.sections import Component, Train

from . import test_layers as layers
from . import test_training as training

GRID = np.linspace(-60, 60, 24_001, dtype="float64")
ACTIVATIONS = catalogue.list_names("activation")
ELEMENTWISE = [name for name in ACTIVATIONS if name not in ("softmax", "sparsemax", "log_softmax")]


def applied(name: str, x: np.ndarray) -> np.ndarray:
    return np.asarray(getattr(keras.activations, name)(x.astype("float32")), "float64")


def slopes(values: np.ndarray) -> np.ndarray:
    return np.abs(np.diff(values) / np.diff(GRID))


@pytest.mark.parametrize("name", [name for name in ACTIVATIONS if name != "sparsemax"])  # see the next test
def test_the_range_of_an_activation_is_reached_and_never_left(name: str) -> None:
    given = GRID if name in ELEMENTWISE else np.random.default_rng(0).normal(0, 20, (500, 4))
    values, bounds = applied(name, given), traits.get_activation(name).range
    if bounds is None:
        assert values.max() > 10
        assert values.min() < 0
        return
    for bound, reached, outward in ((bounds[0], values.min(), -1), (bounds[1], values.max(), 1)):
        assert reached * outward > 10 if bound is None else reached == pytest.approx(bound, abs=0.05)
        assert bound is None or (reached - bound) * outward <= 1e-6


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_shares_sum_to_one(name: str) -> None:
    sums = applied(name, np.random.default_rng(1).normal(0, 3, (50, 4))).sum(axis=1)
    # Keras 3.15 adds up all partial sums for sparsemax's threshold, where Martins and Astudillo 2016 take the last one.
    assert (traits.get_activation(name).shares and name != "sparsemax") == bool(np.allclose(sums, 1, atol=1e-5))


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_what_clips_dies_saturates_or_is_firm_shows_it_in_its_curve(name: str) -> None:
    known, values = traits.get_activation(name), applied(name, GRID)
    near = (GRID >= -5) & (GRID <= 5)
    nothing = float(np.sum(near & (values == 0)) * (GRID[1] - GRID[0]))  # the length of the inputs that give 0
    assert known.clips == bool((values[GRID < 0] == 0).all() and name != "sparse_plus" and values[GRID > 0].all())
    assert known.dies == (nothing > 0.9 and known.saturates is None)
    if known.saturates is not None:
        low, high = known.saturates
        beyond = [(values <= low), (values >= high)]
        flat = slopes(values)[(beyond[0][:-1] & beyond[0][1:]) | (beyond[1][:-1] & beyond[1][1:])]
        assert flat.max() <= 0.03 * slopes(values).max()
    if known.firm:
        assert slopes(values)[GRID[:-1] > 5].min() == pytest.approx(1, abs=0.06)


@pytest.mark.parametrize("name", catalogue.list_names("initializer"))
def test_a_constant_initializer_gives_each_weight_the_same_value(name: str) -> None:
    shape = (16, 1, 9) if name == "stft" else (6, 6)
    drawn = np.asarray(build_component(Component("initializer", name, {}))(shape))
    assert traits.get_initializer(name).constant == (len(np.unique(drawn)) == 1)


@pytest.mark.parametrize("name", catalogue.list_names("optimizer"))
def test_the_default_rate_is_kerass_and_the_bounds_lie_around_the_usual_one(name: str) -> None:
    rates = traits.get_optimizer(name).rates
    parameters = inspect.signature(type(build_component(Component("optimizer", name, {})))).parameters
    assert rates.default == parameters["learning_rate"].default
    assert rates.least <= rates.usual <= rates.most <= rates.highest


@pytest.mark.parametrize("name", catalogue.list_names("optimizer"))
def test_an_adaptive_optimizer_steps_alike_whatever_the_size_of_the_gradients(name: str) -> None:
    steps = []
    for scale in (1.0, 100.0):
        weight = keras.Variable(np.zeros((3, 4), "float32"), name="kernel")
        optimizer = build_component(Component("optimizer", name, {}), learning_rate=0.01)
        for seed in range(3):
            gradient = scale * np.random.default_rng(seed).normal(1, 0.1, (3, 4))
            optimizer.apply([keras.ops.convert_to_tensor(gradient.astype("float32"))], [weight])
        steps.append(float(np.abs(np.asarray(weight)).mean()))
    assert traits.get_optimizer(name).adaptive == (steps[1] < 10 * steps[0])


@pytest.mark.parametrize("name", traits.select_names("optimizer", lambda known: known.more_slots))
def test_what_asks_for_another_slot_is_an_argument(name: str) -> None:
    assert set(traits.get_optimizer(name).more_slots) <= set(catalogue.get_entry("optimizer", name).arguments)


@pytest.mark.parametrize("name", catalogue.list_names("schedule"))
def test_the_peak_of_a_schedule_is_its_largest_rate(name: str) -> None:
    known, schedule = traits.get_schedule(name), training.component("schedule", name)
    train = Train(Component("loss", "huber", {}), Component("optimizer", "sgd", {}), schedule, epochs=4)
    rate = build_learning_rate(train, 100)
    values = [float(rate(step)) if callable(rate) else float(rate) for step in range(400)]
    named = schedule.arguments[known.peak]
    assert max(values) == pytest.approx(max(named) if isinstance(named, list) else named, rel=1e-3)
    assert known.climbs == (values[0] < 0.9 * max(values))


# Answers that are right, and answers that are wrong, by what a loss takes the output for; three classes or three numbers.
RIGHT, WRONG = np.eye(3), np.roll(np.eye(3), 1, axis=1)
ANSWERS = {
    "shares": (0.9 * RIGHT + 0.03, 0.9 * WRONG + 0.03),
    "probabilities": (0.9 * RIGHT + 0.03, 0.9 * WRONG + 0.03),
    "regions": (0.9 * RIGHT + 0.03, 0.9 * WRONG + 0.03),
    "signed": (2 * RIGHT - 1, 2 * WRONG - 1),
    "scores": (RIGHT, WRONG),
    "numbers": (RIGHT, WRONG),
    "directions": (RIGHT, WRONG),
    "embedding": (RIGHT, np.ones((3, 3))),
}
LABELS = {"integer": np.array([0, 1, 2]), "one_hot": RIGHT, "binary": RIGHT, "signed": 2 * RIGHT - 1, "number": RIGHT}


@pytest.mark.parametrize("name", catalogue.list_names("loss"))
def test_right_answers_have_the_smaller_loss_in_the_forms_that_it_takes(name: str) -> None:
    known = traits.get_loss(name)
    labels = np.array([0, 0, 1]) if name == "circle" else LABELS[known.labels]
    right, wrong = ANSWERS[known.output]
    right = np.eye(3)[[0, 0, 1]] if name == "circle" else right
    loss = build_component(Component("loss", name, {}))
    assert float(loss(labels, right.astype("float32"))) < float(loss(labels, wrong.astype("float32")))


@pytest.mark.parametrize("name", catalogue.list_names("loss"))
def test_a_cross_entropy_is_ln_k_for_answers_that_know_nothing(name: str) -> None:
    known = traits.get_loss(name)
    if known.output not in ("shares", "probabilities"):
        assert not known.entropy
        return
    answers = np.full((3, 3), 1 / 3 if known.output == "shares" else 0.5, "float32")
    value = float(build_component(Component("loss", name, {}))(LABELS[known.labels], answers))
    expected = math.log(3 if known.output == "shares" else 2)
    assert (
        known.entropy == (value == pytest.approx(expected, rel=1e-5)) or name == "kl_divergence"
    )  # of labels without entropy


@pytest.mark.parametrize("name", traits.select_names("loss", lambda known: known.distance))
def test_the_gradient_of_a_distance_grows_with_the_error_as_is_said(name: str) -> None:
    if name == "mean_squared_logarithmic_error":
        pytest.skip("it grows with the error of the logarithms")
    loss = build_component(Component("loss", name, {}))

    def slope(error: float) -> float:
        ends = [float(loss(np.array([[1.0]]), np.array([[1.0 + error + step]]))) for step in (-0.01, 0.01)]
        return (ends[1] - ends[0]) / 0.02

    small, large, larger = slope(0.1), slope(10.0), slope(100.0)
    grows = (large / small > 1.5, larger / large > 1.5)
    assert (
        grows
        == {"squared": (True, True), "both": (True, False), "absolute": (False, False)}[traits.get_loss(name).distance]
    )


@pytest.mark.parametrize("name", traits.select_names("loss", lambda known: known.head))
def test_the_gradient_of_a_usual_loss_behind_its_head_is_output_minus_label(name: str) -> None:
    import tensorflow as tf

    known = traits.get_loss(name)
    raw, labels = tf.Variable(np.random.default_rng(2).normal(size=(4, 3))), np.eye(3)[[0, 2, 1, 1]]
    with tf.GradientTape() as tape:
        output = keras.activations.get(known.head)(raw)
        value = build_component(Component("loss", name, {"dtype": "float64"}))(labels, output)
    gradient, difference = np.asarray(tape.gradient(value, raw)), np.asarray(output) - labels
    assert np.allclose(gradient / gradient[0, 0], difference / difference[0, 0], rtol=1e-4)


def _draw(name: str, examples: int) -> tuple[np.ndarray, np.ndarray]:
    """Labels and outputs of five classes or numbers, as a loss takes them."""
    draw, known = np.random.default_rng(len(name)), traits.get_loss(name)
    indices = draw.integers(0, 5, examples)
    labels = {
        "integer": indices % 3, "one_hot": np.eye(5)[indices], "binary": draw.integers(0, 2, (examples, 5)),
        "signed": draw.integers(0, 2, (examples, 5)) * 2 - 1, "number": draw.uniform(0.1, 1, (examples, 5)),
    }[known.labels]  # fmt: skip
    output = draw.uniform(0.1, 0.9, (examples, 5))
    if known.output in ("shares", "embedding"):
        output /= np.linalg.norm(output, 1 if known.output == "shares" else 2, axis=1, keepdims=True)
    return labels if known.labels == "integer" else labels.astype("float32"), output.astype("float32")


def _list_variants() -> list[Component]:
    """Each loss as it is, with each reduction, and with what else decides whether the batch counts."""
    reductions = [{"reduction": each} for each in ("sum_over_batch_size", "sum", "mean", "mean_with_sample_weight")]
    found = [Component("loss", name, each) for name in catalogue.list_names("loss") for each in ({}, *reductions)]
    axes = [{"axis": [1]}, {"axis": [-1]}, {"axis": [-2]}, {"axis": [-2, -1]}]
    found += [Component("loss", name, each) for name in ("dice", "tversky") for each in axes]
    found += [Component("loss", "cosine_similarity", {"axis": each}) for each in (1, -2)]
    return [*found, Component("loss", "sparse_categorical_crossentropy", {"ignore_class": 1})]


@pytest.mark.parametrize("loss", _list_variants(), ids=lambda loss: f"{loss.name} {loss.arguments or ''}")
def test_a_loss_that_does_not_depend_on_the_batch_is_the_mean_of_its_examples(loss: Component) -> None:
    labels, outputs = _draw(loss.name, 12)
    built = build_component(loss)
    whole = float(built(labels, outputs))
    each = [float(built(labels[row : row + 1], outputs[row : row + 1])) for row in range(12)]
    assert depends_on_batch(loss) != (whole == pytest.approx(np.mean(each), rel=1e-5))
    if sums_up(loss) and not depends_on_batch(Component("loss", loss.name, {})):
        assert whole == pytest.approx(np.sum(each), rel=1e-5)


@pytest.mark.parametrize("name", catalogue.list_names("loss"))
def test_a_loss_of_differences_is_the_same_if_output_and_target_move_together(name: str) -> None:
    labels, outputs = _draw(name, 12)
    built = build_component(Component("loss", name, {}))
    moved = [float(built(labels + by if labels.dtype.kind == "f" else labels, outputs + by)) for by in (0, 1, 3)]
    assert traits.get_loss(name).difference == (moved == pytest.approx([moved[0]] * 3, rel=1e-4))


@pytest.mark.parametrize("name", catalogue.list_names("loss"))
def test_a_loss_of_logarithms_is_no_number_below_zero(name: str) -> None:
    labels, outputs = _draw(name, 12)
    assert traits.get_loss(name).positive == math.isnan(build_component(Component("loss", name, {}))(labels, -outputs))


@pytest.mark.parametrize("name", traits.select_names("loss", lambda known: known.sibling))
def test_a_sibling_compares_the_same_output_in_another_form_of_the_labels(name: str) -> None:
    sibling = traits.get_loss(str(traits.get_loss(name).sibling))
    assert (sibling.labels == "integer") != (traits.get_loss(name).labels == "integer")


@pytest.mark.parametrize("task", ["multiclass", "binary", "multilabel", "regression"])
def test_each_task_has_one_usual_loss_with_a_head(task: str) -> None:
    assert len(traits.select_names("loss", lambda known: task in known.usual_for)) == 1
    assert traits.get_loss(traits.get_usual_loss(task)).head in ACTIVATIONS
    assert traits.list_usual_metrics(task)


@pytest.mark.parametrize("name", catalogue.list_names("metric"))
def test_a_metric_rises_if_right_answers_have_more_of_it(name: str) -> None:
    truth, right, wrong = RIGHT, 0.9 * RIGHT + 0.03, 0.9 * WRONG + 0.03
    if name == "accuracy":  # of Keras itself it compares classes; here it stands for the one that fits
        right, wrong = RIGHT, WRONG
    values = []
    for answers in (right, wrong):
        metric = build_component(training.component("metric", name))
        labels = LABELS[traits.get_metric(name).labels or "number"]
        metric.update_state(labels if traits.get_metric(name).labels else truth, answers.astype("float32"))
        values.append(float(np.mean(metric.result())))
    if name.startswith(("top_k", "sparse_top_k")):  # of three classes each is among the five best
        assert traits.get_metric(name).rises
    else:
        assert traits.get_metric(name).rises == (values[0] > values[1])
        assert values[0] != values[1]


@pytest.mark.parametrize("name", layers.NAMES)
def test_a_layer_drops_or_adds_noise_if_it_gives_something_else_in_training(name: str) -> None:
    keras.utils.set_random_seed(1)
    known, x = traits.get_layer(name), layers.examples(name)
    layer = build_component(layers.component(layers.minimal(name)))
    quiet, loud = (np.asarray(layer(x, **mode)) for mode in _modes(layer))
    if known.augments or known.normalises or known.training_only or traits.is_wrapper(name):
        return  # what they change in training is not what is meant
    assert (known.drops or known.adds_noise) == (not np.array_equal(quiet, loud))
    if known.drops or known.adds_noise:
        still = np.asarray(layer(np.zeros_like(x), training=True))
        assert known.adds_noise == bool(still.any()) or name == "alpha_dropout"  # what it drops gets a value of its own


def _modes(layer: keras.Layer) -> tuple[dict[str, bool], dict[str, bool]]:
    takes = "training" in inspect.signature(layer.call).parameters
    return ({"training": False}, {"training": True}) if takes else ({}, {})


@pytest.mark.parametrize("name", [name for name in layers.NAMES if traits.get_layer(name).keeps_width])
def test_what_keeps_the_width_keeps_the_shape_of_each_example(name: str) -> None:
    x = layers.examples(name)
    assert tuple(build_component(layers.component(layers.minimal(name)))(x).shape) == x.shape


@pytest.mark.parametrize("name", layers.NAMES)
def test_what_moves_rescales_convolves_or_changes_the_rank_shows_it(name: str) -> None:
    known, x = traits.get_layer(name), layers.examples(name)
    layer = build_component(layers.component(layers.minimal(name)))
    after = np.asarray(layer(x))
    if x.dtype.kind == "f" and not (traits.is_wrapper(name) or known.augments):
        moved = after.size == x.size and np.array_equal(np.sort(after, axis=None), np.sort(x, axis=None))
        assert known.moves == (
            (moved and (after.shape != x.shape or not np.array_equal(after, x))) or name == "reshape"
        )
        zero, twice = (np.asarray(layer(each)) for each in (np.zeros_like(x), 2 * x))
        linear = np.allclose(twice - after, after - zero, atol=1e-3)
        assert not known.rescales or (linear and after.shape == x.shape and not np.allclose(after, x))
    if known.changes_rank and name != "reshape":  # to whatever it is told
        assert after.ndim != x.ndim
    kernel = "kernel_size" in catalogue.get_entry("layer", name).arguments
    axes = len(x.shape) - 2 if kernel and not known.gates and not name.startswith("random") else 0
    assert known.convolves == axes


@pytest.mark.parametrize("name", [name for name in layers.NAMES if traits.get_layer(name).gates])
def test_a_recurrent_layers_kernel_holds_its_gates(name: str) -> None:
    layer = build_component(layers.component(layers.minimal(name)))
    layer(layers.examples(name))
    assert layer.cell.kernel.shape[-1] == 2 * traits.get_layer(name).gates
    sizes = layer.cell.state_size  # of a convolution one size for both of its states
    count = 2 if name.startswith("conv") else len(sizes) if isinstance(sizes, list) else 1
    assert traits.get_layer(name).states == count


@pytest.mark.parametrize("name", [name for name in layers.NAMES if name != "spectral_normalization"])
def test_a_layer_with_one_kernel_can_be_normalised_by_its_spectrum(name: str) -> None:
    layer, x = (
        keras.layers.SpectralNormalization(build_component(layers.component(layers.minimal(name)))),
        layers.examples(name),
    )
    try:
        layer(x)
        worked = True
    except Exception:  # whatever Keras raises, it lacks the kernel
        worked = False
    assert worked == traits.get_layer(name).one_kernel


@pytest.mark.parametrize(("activation", "lost"), [("relu", True), ("relu6", True), ("gelu", False), ("tanh", False)])
def test_a_factored_optimizer_divides_0_by_0_behind_inputs_that_are_always_0(activation: str, lost: bool) -> None:
    """Plain Keras on the digits, three pixels of which are always 0; C14 tells of it."""
    from sklearn.datasets import load_digits

    pixels, labels = load_digits(return_X_y=True)
    assert traits.get_activation(activation).clips == lost
    assert [name for name in catalogue.list_names("optimizer") if traits.get_optimizer(name).factored] == ["adafactor"]
    keras.utils.set_random_seed(0)
    layers = [keras.layers.Dense(64, activation), keras.layers.Dense(10, "softmax")]
    model = keras.Sequential(layers)
    model.compile(keras.optimizers.Adafactor(0.001), "sparse_categorical_crossentropy", jit_compile=False)
    model.fit((pixels / 16).astype(np.float32), labels, batch_size=32, epochs=2, verbose=0)
    assert bool(np.isnan(layers[0].kernel.numpy()).any()) == lost
