from collections.abc import Callable
from pathlib import Path

import pytest

from nnctl.errors import Problem, SpecError
from nnctl.spec import Spec, load_spec
from nnctl.spec.sections import DataFacts

DIGITS = DataFacts((28, 28), "uint8", "multiclass", 10, 1000)


@pytest.fixture
def problems(write: Callable[..., Path]) -> Callable[..., list[Problem]]:
    """What is wrong with a spec of these settings, on pictures or on what else the facts say."""

    def problems(*settings: str, facts: DataFacts = DIGITS) -> list[Problem]:
        try:
            load_spec(write(), [("--set", text) for text in settings], lambda data: facts)
        except SpecError as error:
            return list(error.problems)
        return []

    return problems


@pytest.mark.parametrize("augment", ["[mix_up]", "[cut_mix: 0.5]", "[random_flip, {mix_up: {alpha: 0.4}}]"])
@pytest.mark.parametrize("loss", ["categorical_crossentropy", "kl_divergence", "mse", "binary_crossentropy"])
def test_losses_of_rows_take_shares(problems: Callable[..., list[Problem]], loss: str, augment: str) -> None:
    assert problems(f"train.augment={augment}", f"train.loss={loss}") == []


@pytest.mark.parametrize(
    ("loss", "told"),
    [
        ("sparse_categorical_crossentropy", "the index of one class"),
        ("categorical_generalized_cross_entropy", "the index of one class"),
        ("hinge", "one class against the others"),
        ("categorical_hinge", "one class against the others"),
    ],
)
def test_losses_of_one_class_do_not(problems: Callable[..., list[Problem]], loss: str, told: str) -> None:
    (problem,) = problems("train.augment=[random_flip, cut_mix]", f"train.loss={loss}")
    assert (problem.code, told in problem.message) == ("loss-and-labels", True)
    assert "categorical_crossentropy" in str(problem.hint)
    assert problem.place is not None
    assert problem.place.source.find_line(problem.place.line)[problem.place.column - 1 :].startswith("cut_mix")


@pytest.mark.parametrize("layer", ["mix_up", "cut_mix", "{random_crop: {height: 9, width: 9}}"])
@pytest.mark.parametrize("wrapped", ["{}", "{{time_distributed: {{layer: {}}}}}"])
def test_what_belongs_to_training_has_no_place_in_the_network(
    problems: Callable[..., list[Problem]], layer: str, wrapped: str
) -> None:
    (problem,) = problems(f"model.layers.0={wrapped.format(layer)}")
    assert problem.code == "excluded"
    assert "train.augment" in str(problem.hint)


@pytest.mark.parametrize(
    ("augment", "told"),
    [
        ("[zero_padding2d: 4]", "(36, 36, 1) of (28, 28, 1)"),
        ("[{random_crop: {height: 20, width: 20}}]", "(20, 20, 1) of (28, 28, 1)"),
        ("[{random_crop: {height: 28, width: 28}}]", "no choice"),
        ("[{zero_padding2d: [0, 2]}, {random_crop: {height: 28, width: 28}}]", "no choice"),
        ("[random_hue: 0.5]", "3 channels"),
    ],
)
def test_images_must_keep_their_size(problems: Callable[..., list[Problem]], augment: str, told: str) -> None:
    (problem,) = problems(f"train.augment={augment}")
    assert (problem.code, told in problem.message) == ("bad-augmentation", True), problem
    assert problem.hint


def test_room_in_front_of_a_crop(problems: Callable[..., list[Problem]]) -> None:
    crop = "{random_crop: {height: 28, width: 28}}"
    assert problems(f"train.augment=[{{zero_padding2d: 4}}, {crop}, mix_up]") == []
    assert problems(f"train.augment=[{{resizing: {{height: 32, width: 32}}}}, {crop}]") == []


def test_tables_are_no_images(problems: Callable[..., list[Problem]]) -> None:
    table = DataFacts((4,), "float32", "multiclass", 10, 100)
    assert [each.code for each in problems("train.augment=[mix_up]", facts=table)] == ["bad-augmentation"]


def test_other_layers_change_no_images(problems: Callable[..., list[Problem]]) -> None:
    assert [each.code for each in problems("train.augment=[{dense: 3}]")] == ["no-augmentation"]


def test_the_layers_are_kept_in_order(write: Callable[..., Path]) -> None:
    spec: Spec = load_spec(write(), [("--set", "train.augment=[mix_up, random_flip]")])
    assert [layer.name for layer in spec.train.augment] == ["mix_up", "random_flip"]
