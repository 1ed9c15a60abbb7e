from collections.abc import Callable

import numpy as np
import pytest

from nnctl.data import load
from nnctl.engine.loop.training import Training
from nnctl.engine.network.augmentation import Augmentation, complete_ranges, preview
from nnctl.errors import SpecError
from nnctl.spec import Spec
from nnctl.spec.sections import Component
from tests.diagnosis.conftest import made
from tests.engine.conftest import Quiet, arrays, outputs_of, same

TURN = "train.augment=[{random_rotation: 0.1}, {random_translation: {height_factor: 0.2, width_factor: 0.2}}]"


def layer(name: str, **arguments: object) -> Component:
    return Component("layer", name, arguments)  # type: ignore[arg-type]


def after(augmentation: Augmentation, images: np.ndarray) -> np.ndarray:
    """What becomes of images; their labels, where they are not mixed, stay what they are."""
    labels = np.arange(len(images))
    changed, told = augmentation(images, labels)
    assert augmentation.mixing or told is labels
    return np.asarray(changed)


@pytest.mark.parametrize("shape", [(9, 7), (9, 7, 1), (9, 7, 3)])
def test_images_keep_their_shape_and_type(shape: tuple[int, ...]) -> None:
    changed = Augmentation([layer("random_rotation", factor=0.3)], shape, "uint8")
    images = np.random.default_rng(0).integers(0, 256, (4, *shape), np.uint8)
    result = after(changed, images)
    assert (result.shape, result.dtype) == (images.shape, np.uint8)
    assert not np.array_equal(result, images)


def test_a_flip_moves_pixels_and_changes_none() -> None:
    flip = Augmentation([layer("random_flip", mode="horizontal")], (3, 4), "uint8")
    images = np.arange(120, dtype=np.uint8).reshape(10, 3, 4)
    for image, result in zip(images, after(flip, images), strict=True):
        assert np.array_equal(result, image) or np.array_equal(result, image[:, ::-1])


@pytest.mark.parametrize("name", ["resizing", "random_hue"])
def test_what_cannot_change_such_images_is_a_mistake_at_its_place(name: str) -> None:
    arguments = {"resizing": {"height": 4, "width": 4}, "random_hue": {"factor": 0.5}}[name]
    with pytest.raises(SpecError) as caught:
        Augmentation([layer(name, **arguments)], (8, 8), "uint8")
    assert caught.value.problems[0].code == "bad-augmentation"


def test_the_same_seed_gives_the_same_bits_however_many_steps_a_call_runs(
    training: Callable[..., Training], monkeypatch: pytest.MonkeyPatch
) -> None:
    from nnctl.engine.loop import training as module

    runs = []
    for length in (1, 4):
        monkeypatch.setattr(module, "choose_length", lambda ran, seconds, before, length=length: length)
        made = training(TURN, "data.subset=200")
        made.run(Quiet())
        assert made.augmentation is not None
        runs.append([*arrays(made), *(variable.numpy() for variable in made.augmentation.variables)])
    assert same(runs[0], runs[1])


def test_validation_sees_no_augmentation(training: Callable[..., Training]) -> None:
    made = training(TURN, "data.subset=200")
    made.run(Quiet())
    split = made.dataset.validation
    right = (outputs_of(made.model, split.x).argmax(axis=1) == split.y).mean()
    assert made.state.history[-1]["val_accuracy"] == pytest.approx(right, abs=1e-6)
    assert not made.compilation.xla


def test_every_augmentation_layer_of_the_catalogue_changes_images() -> None:
    from nnctl.spec import catalogue

    size = {"height_factor": 0.2, "width_factor": 0.2}
    more = {
        "random_brightness": {"factor": 0.5}, "random_contrast": {"factor": 0.5}, "random_hue": {"factor": 0.5},
        "random_saturation": {"factor": 0.9}, "random_sharpness": {"factor": 0.9}, "random_rotation": {"factor": 0.2},
        "random_zoom": {"height_factor": 0.5}, "random_translation": size, "random_posterization": {"factor": 3},
        "random_color_degeneration": {"factor": 0.9}, "random_shear": {"x_factor": 0.5}, "random_erasing": {"factor": 1.0},
        "random_color_jitter": {"brightness_factor": 0.5}, "random_grayscale": {"factor": 1.0},
        "random_invert": {"factor": 1.0}, "random_perspective": {"factor": 1.0}, "random_elastic_transform": {"factor": 1.0},
        "random_gaussian_blur": {"factor": 1.0},
    }  # fmt: skip
    images = np.random.default_rng(0).integers(0, 256, (8, 16, 16, 3), np.uint8)
    names = [name for name in catalogue.list_names("layer") if name.startswith("random_") and name != "random_crop"]
    assert len(names) >= 15
    for name in (
        *names,
        "aug_mix",
        "mix_up",
        "cut_mix",
        "rand_augment",
        "auto_contrast",
        "equalization",
        "solarization",
    ):
        changed = after(Augmentation([layer(name, **more.get(name, {}))], (16, 16, 3), "uint8"), images)
        assert changed.shape == images.shape, name
        assert not np.array_equal(changed, images) or name == "auto_contrast", name


def mixed(
    name: str, shape: tuple[int, ...] = (12, 12), **arguments: object
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Images, each of one grey that is its label times 20, mixed; their labels; and the shares of ten classes."""
    labels = np.arange(200) % 10
    images = np.broadcast_to((labels * 20).astype(np.uint8).reshape(-1, *(1 for _ in shape)), (200, *shape)).copy()
    changed, shares = Augmentation([layer(name, **arguments)], shape, "uint8", 10)(images, labels.astype(np.int32))
    return np.asarray(changed), labels, np.asarray(shares)


@pytest.mark.parametrize("shape", [(12, 12), (12, 12, 3)])
@pytest.mark.parametrize(
    ("name", "arguments"), [("mix_up", {"alpha": 1.0}), ("cut_mix", {}), ("mix_up", {"alpha": 0.01})]
)
def test_shares_are_those_of_the_pixels(name: str, arguments: dict[str, float], shape: tuple[int, ...]) -> None:
    images, labels, shares = mixed(name, shape, **arguments)
    assert shares.shape == (200, 10)
    assert np.isfinite(shares).all()
    assert shares.sum(axis=1) == pytest.approx(1, abs=1e-5)
    assert (shares > 1e-6).sum(axis=1).max() == 2
    assert (shares[np.arange(200), labels] < 1).any()
    greys, wanted = images.reshape(200, -1).mean(axis=1), shares @ (20 * np.arange(10))
    # mix_up rounds to whole greys.
    assert (abs(greys - wanted) <= (1 if name == "mix_up" else beyond_the_box(labels, shares, 12))).all()


def beyond_the_box(labels: np.ndarray, shares: np.ndarray, side: int) -> np.ndarray:
    """How far the mean grey of images mixed by cut_mix may lie from that of their shares.

    The edges of its box lie between pixels. A box `a` pixels wide and as high covers a - 1 to a + 1 of them each way, so that
    up to 2a + 1 pixels more or fewer than a² are another image's, and its labels say a².
    """
    others = shares.copy()
    others[np.arange(len(labels)), labels] = 0
    box = side * np.sqrt(others.sum(axis=1))
    gaps = 20 * abs(others.argmax(axis=1) - labels)
    return (2 * box + 1) / side**2 * gaps + 1e-3  # type: ignore[no-any-return]


def test_several_labels_and_numbers_are_mixed_as_they_stand() -> None:
    images = np.zeros((50, 8, 8), np.uint8)
    mix = Augmentation([layer("mix_up", alpha=1.0)], (8, 8), "uint8")
    numbers = np.asarray(mix(images, np.arange(50, dtype=np.float32))[1])
    assert (numbers.shape, numbers.min() >= 0, numbers.max() <= 49) == ((50,), True, True)
    assert (numbers != np.floor(numbers)).any()
    rows = np.asarray(mix(images, np.eye(50, dtype=np.uint8))[1])
    assert (rows.shape, rows.dtype) == ((50, 50), np.float32)
    assert rows.sum(axis=1) == pytest.approx(1, abs=1e-5)


def test_room_and_a_crop_move_images_without_a_change_of_size() -> None:
    chain = [layer("zero_padding2d", padding=2), layer("random_crop", height=6, width=6)]
    move = Augmentation(chain, (6, 6), "uint8")
    image = np.arange(1, 37, dtype=np.uint8).reshape(1, 6, 6)
    padded = np.pad(image[0], 2)
    places = {(a, b): padded[a : a + 6, b : b + 6] for a in range(5) for b in range(5)}
    seen = set()
    for _ in range(30):
        result = after(move, image)[0]
        (place,) = (place for place, wanted in places.items() if np.array_equal(result, wanted))
        seen.add(place)
    assert len(seen) > 5


LOSSES = ["categorical_crossentropy", "kl_divergence", "mse", "binary_crossentropy", "categorical_focal_crossentropy"]


@pytest.mark.parametrize("loss", LOSSES)
def test_a_mixed_training_minimises_the_loss_of_the_shares(training: Callable[..., Training], loss: str) -> None:
    made = training(f"train.loss={loss}", "train.augment=[{mix_up: 0.4}]", "train.epochs=8", "data.subset=600")
    shares = np.array([[0.25, 0.75] + [0.0] * 8, [0.0] * 9 + [1.0]], np.float32)
    outputs = np.full((2, 10), 0.1, np.float32)
    taken = made.targets.build_loss()
    assert float(taken(shares, outputs)) == pytest.approx(float(taken.inner(shares, outputs)))
    whole = made.targets.build_loss()(np.array([1, 9], np.int32), outputs)
    assert np.isfinite(float(whole))
    made.run(Quiet())
    row = made.state.history[-1]
    assert row["val_accuracy"] > 0.7


def test_metrics_count_the_class_with_the_largest_share(training: Callable[..., Training]) -> None:
    names = "[accuracy, precision, categorical_accuracy, sparse_categorical_accuracy]"
    made = training(f"train.metrics={names}", "train.augment=[{mix_up: 0.4}]")
    shares = np.array([[0.25, 0.75] + [0.0] * 8, [0.0] * 9 + [1.0]], np.float32)
    outputs = np.eye(10, dtype=np.float32)[[1, 0]]
    for metric in made.targets.build_metrics():
        metric.update_state(shares, outputs)
        assert float(metric.result()) == pytest.approx(0.5), metric.name


def test_a_mixed_example_counts_as_its_classes_do_on_average() -> None:
    import tensorflow as tf

    from nnctl.engine.loop.steps import weigh_examples

    weights = tf.constant([1.0, 3.0])
    assert weigh_examples(weights, tf.constant([1, 0])).numpy().tolist() == [3, 1]
    assert weigh_examples(weights, tf.constant([[0.5, 0.5], [1.0, 0.0]])).numpy().tolist() == [2, 1]


def test_mixing_beside_weights_of_classes_and_other_layers(training: Callable[..., Training]) -> None:
    augment = "train.augment=[{random_translation: {height_factor: 0.1, width_factor: 0.1}}, cut_mix, mix_up]"
    made = training(augment, "train.class_weight=balanced", "train.epochs=2", "data.subset=300")
    made.run(Quiet())
    assert all(np.isfinite(row["loss"]) for row in made.state.history)
    assert made.steps.compiled <= 2


def test_one_output_takes_the_share_of_the_second_class(training: Callable[..., Training]) -> None:
    from nnctl.engine.network.labels import Targets

    made = training()
    binary = Targets.__new__(Targets)
    binary.task, binary.outputs, binary.units = "binary", 2, 1
    shares = np.array([[0.25, 0.75]], np.float32)
    assert np.asarray(binary.make_conversion("binary")(shares)).tolist() == [[0.75]]
    assert made.targets.classes


@pytest.mark.parametrize("layers", [TURN, "train.augment=[{mix_up: 0.4}]"])
def test_a_preview_changes_images_and_draws_from_the_seed(read: Callable[..., Spec], layers: str) -> None:
    spec = read(layers, "data.subset=200")
    dataset = load(spec.data, lambda label, share: None)
    images, labels = dataset.train.x[:20], dataset.train.y[:20]
    first, again = (preview(spec, dataset)(images, labels) for _ in range(2))
    assert (first.shape, first.dtype) == (images.shape, images.dtype)
    assert np.array_equal(first, again)
    assert not np.array_equal(first, images)


@pytest.mark.parametrize("name", ["mix_up", "cut_mix"])
def test_shares_are_mixed_as_the_classes_that_they_are_shares_of(name: str) -> None:
    import keras

    images, classes = np.random.default_rng(0).random((12, 6, 6, 1), np.float32), np.arange(12) % 3
    told = []
    for labels in (classes.astype(np.int32), np.eye(3, dtype=np.float32)[classes], np.full((12, 3), 1 / 3, np.float32)):
        keras.utils.set_random_seed(1)
        mixed, shares = Augmentation([layer(name)], (6, 6, 1), "float32", 3)(images, labels)
        told.append((np.asarray(mixed), np.asarray(shares)))
    for one, other in zip(told[0], told[1], strict=True):
        np.testing.assert_array_equal(one, other)
    assert (told[0][1] > 0).sum() > 12
    np.testing.assert_allclose(told[2][1], 1 / 3, rtol=1e-6)


@pytest.mark.parametrize(
    ("x", "found"),
    [
        (np.random.default_rng(0).random((8, 6, 6)), [0.0, 1.0]),
        (np.random.default_rng(0).random((8, 6, 6)) * 2 - 1, [-1.0, 1.0]),
        (np.random.default_rng(0).random((8, 6, 6)) * 250, None),
        (np.random.default_rng(0).integers(0, 4096, (8, 6, 6)).astype(np.uint16), [0.0, 4095.0]),
        (np.random.default_rng(0).integers(0, 256, (8, 6, 6)).astype(np.uint8), None),
    ],
    ids=["floats", "signed", "floats-to-255", "twelve-bits", "bytes"],
)
def test_a_layer_changes_what_lies_in_the_range_of_the_data(x: np.ndarray, found: list[float] | None) -> None:
    x = x.astype(np.float32) if x.dtype == np.float64 else x
    dataset = made(x, np.arange(8) % 2)
    (bright,) = complete_ranges([layer("random_brightness", factor=0.2)], dataset)
    assert bright.arguments.get("value_range") == found
    low, high = found or [0.0, 255.0]
    changed = after(Augmentation([bright], x.shape[1:], x.dtype.name), x)
    assert abs(changed.astype(np.float64) - x).max() <= 0.2 * (high - low) * 1.001 + (x.dtype.kind == "u")
    flip = layer("random_flip", mode="horizontal")
    assert complete_ranges([flip], dataset) == (flip,)


def test_a_range_far_from_the_data_is_refused() -> None:
    dataset = made(np.random.default_rng(0).random((8, 6, 6)).astype(np.float32), np.arange(8) % 2)
    with pytest.raises(SpecError, match=r"has value_range \[0, 255\], and the pictures hold 0 to 1"):
        complete_ranges([layer("random_brightness", factor=0.2, value_range=[0.0, 255.0])], dataset)
    kept = layer("random_brightness", factor=0.2, value_range=[0.0, 2.0])
    assert complete_ranges([kept], dataset) == (kept,)
