from collections.abc import Callable

import numpy as np
import pytest

from nnctl.engine.augmentation import Augmentation
from nnctl.engine.training import Training
from nnctl.errors import SpecError
from nnctl.spec.sections import Component

from .conftest import Quiet, arrays, same

TURN = "train.augment=[{random_rotation: 0.1}, {random_translation: {height_factor: 0.2, width_factor: 0.2}}]"


def layer(name: str, **arguments: object) -> Component:
    return Component("layer", name, arguments)  # type: ignore[arg-type]


@pytest.mark.parametrize("shape", [(9, 7), (9, 7, 1), (9, 7, 3)])
def test_images_keep_their_shape_and_type(shape: tuple[int, ...]) -> None:
    changed = Augmentation([layer("random_rotation", factor=0.3)], shape, "uint8")
    images = np.random.default_rng(0).integers(0, 256, (4, *shape), np.uint8)
    result = changed(images).numpy()
    assert (result.shape, result.dtype) == (images.shape, np.uint8)
    assert not np.array_equal(result, images)


def test_a_flip_moves_pixels_and_changes_none() -> None:
    flip = Augmentation([layer("random_flip", mode="horizontal")], (3, 4), "uint8")
    images = np.arange(120, dtype=np.uint8).reshape(10, 3, 4)
    for image, result in zip(images, flip(images).numpy(), strict=True):
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
    from nnctl.engine import training as module

    runs = []
    for length in (1, 4):
        monkeypatch.setattr(module, "_next_length", lambda ran, seconds, before, length=length: length)
        made = training(TURN, "data.subset=200")
        made.run(Quiet())
        assert made.augmentation is not None
        runs.append([*arrays(made), *(variable.numpy() for variable in made.augmentation.variables)])
    assert same(runs[0], runs[1])


def test_validation_sees_no_augmentation(training: Callable[..., Training]) -> None:
    made = training(TURN, "data.subset=200")
    made.run(Quiet())
    split = made.dataset.validation
    right = (made.model.predict(split.x, verbose=0).argmax(axis=1) == split.y).mean()
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
    names = [name for name in catalogue.names("layer") if name.startswith("random_")]
    assert len(names) >= 15
    for name in (*names, "aug_mix", "rand_augment", "auto_contrast", "equalization", "solarization"):
        changed = Augmentation([layer(name, **more.get(name, {}))], (16, 16, 3), "uint8")(images).numpy()
        assert changed.shape == images.shape, name
        assert not np.array_equal(changed, images) or name == "auto_contrast", name
