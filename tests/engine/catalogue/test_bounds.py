"""Keras takes what the catalogue lets through: every choice, and every number at the edge of its bounds."""

import math
from collections.abc import Iterator
from typing import Any

import nnctl.engine  # noqa: F401, isort: skip  (first: it loads TensorFlow quietly)

import numpy as np
import pytest
from keras import Variable

from nnctl.engine.network.build import build_component
from nnctl.errors import SpecError
from nnctl.spec import catalogue
from nnctl.spec.catalogue.kinds import Choice, Family, Items, Kind, Number, Plain, parse_kind
from nnctl.spec.sections import Component

PLAIN: dict[str, list[Any]] = {"bool": [False, True], "null": [None], "str": ["mine"]}
MEMBERS = {
    "activation": Component("activation", "tanh", {}),
    "constraint": Component("constraint", "non_neg", {}),
    "initializer": Component("initializer", "ones", {}),
    "layer": Component("layer", "lstm", {"units": 2}),
    "regularizer": Component("regularizer", "l2", {"l2": 0.1}),
}
BACKWARDS = Component("layer", "lstm", {"units": 2, "go_backwards": True})
# What an argument must have beside it, where Keras looks at both.
BESIDE: dict[tuple[str, str], dict[str, Any]] = {
    ("auc", "num_labels"): {"multi_label": True},
    ("conv1d", "groups"): {"filters": 12},
    ("conv2d", "groups"): {"filters": 12},
    ("conv3d", "groups"): {"filters": 12},
    ("conv1d_transpose", "output_padding"): {"strides": 5},
    ("conv2d_transpose", "output_padding"): {"strides": 5},
    ("conv3d_transpose", "output_padding"): {"strides": 5},
    ("integer_lookup", "idf_weights"): {"output_mode": "tf_idf"},
    ("integer_lookup", "max_tokens"): {"vocabulary": [1]},
    ("integer_lookup", "output_mode"): {"idf_weights": [1.0, 1.0, 1.0]},
    ("integer_lookup", "pad_to_max_tokens"): {"max_tokens": 9},
    ("integer_lookup", "salt"): {"oov_method": "farmhash"},
    ("one_hot_iou", "target_class_ids"): {"num_classes": 9},
    ("stft_spectrogram", "fft_length"): {"frame_length": 2},
}
# What only holds in part, because Keras looks at what else is there: it has the last word when the network is built.
IN_PART = {
    ("bidirectional", "backward_layer"),  # must go the other way
    ("bidirectional", "trainable"),
    ("hashing", "dtype"),  # must suit the output_mode
    ("integer_lookup", "idf_weights"),
    ("integer_lookup", "max_tokens"),
    ("integer_lookup", "mask_token"),
    ("integer_lookup", "output_mode"),
    ("normalization", "mean"),  # as many as of the variance
    ("normalization", "variance"),
    ("permute", "dims"),  # each axis once
    ("random_gaussian_blur", "kernel_size"),  # odd
    ("stft_spectrogram", "fft_length"),  # a frame at least
}
REQUIRED: dict[str, Any] = {
    "activation": MEMBERS["activation"],
    "bin_boundaries": [0.0, 1.0],
    "equation": "abc,cd->abd",
    "layer": MEMBERS["layer"],
    "mean": 0.0,
    "target_class_ids": [0],
    "target_shape": [2, -1],
    "variance": 1.0,
    "dims": [2, 1],
    "vocabulary": [1, 2],
}
FAMILIES = ("layer", "optimizer", "loss", "metric", "initializer", "regularizer", "constraint", "activation")
NAMES = [(family, name) for family in FAMILIES for name in catalogue.list_names(family)]
IDS = [f"{family}-{name}" for family, name in NAMES]


def at_the_edges(number: Number) -> Iterator[int | float]:
    """The outermost numbers that the bounds let in, and one beyond where there is no bound."""
    low = max((limit for sign, limit in number.bounds if sign in (">", ">=")), default=None)
    high = min((limit for sign, limit in number.bounds if sign in ("<", "<=")), default=None)
    step = 1.0 if number.whole else 1e-6
    found = [-2.5 if low is None else low, 3.5 if high is None else high]
    found += [found[0] + step, found[1] - step, (low or 0.0) + step]
    whole = [math.floor(value) if number.whole else value for value in found]
    yield from (value for value in dict.fromkeys(whole) if number.fits(value))


def inside(expected: Kind) -> Iterator[Any]:
    """Values that the kind lets through: every choice, the numbers at the edges, the shortest list of each."""
    for alternative in expected:
        if isinstance(alternative, Number):
            yield from at_the_edges(alternative)
        elif isinstance(alternative, Choice):
            yield alternative.text
        elif isinstance(alternative, Plain):
            yield from PLAIN[alternative.name]
        elif isinstance(alternative, Items):
            yield from ([value] * max(1, alternative.least) for value in inside(alternative.item))
        elif isinstance(alternative, Family):
            yield MEMBERS[alternative.name]


def needed(family: str, name: str) -> dict[str, Any]:
    """Values for the arguments that the component cannot do without."""
    arguments = catalogue.find_entry(family, name).arguments.values()
    return {
        argument.name: REQUIRED.get(argument.name, next(inside(parse_kind(argument.kind))))
        for argument in arguments
        if argument.required
    }


def cases(family: str, name: str) -> Iterator[Component]:
    """The component with each argument at each of its edges, the others left to their defaults."""
    for argument in catalogue.find_entry(family, name).arguments.values():
        if (name, argument.name) in IN_PART:
            continue
        for value in inside(parse_kind(argument.kind)):
            beside = BESIDE.get((name, argument.name), {})
            yield Component(family, name, {**needed(family, name), **beside, argument.name: value})


def refusal(component: Component) -> str | None:
    """What Keras says against the component, or None if it takes it."""
    try:
        build_component(component)
    except SpecError as error:
        return f"{component}: {error}"
    return None


@pytest.mark.parametrize(("family", "name"), NAMES, ids=IDS)
def test_keras_takes_what_the_catalogue_lets_through(family: str, name: str) -> None:
    assert [refused for case in cases(family, name) if (refused := refusal(case))] == []


@pytest.mark.parametrize("name", catalogue.list_names("optimizer"))
def test_an_optimizer_makes_a_finite_step_at_every_edge(name: str) -> None:
    for case in cases("optimizer", name):
        if {"muon_a", "muon_b", "muon_c"} & set(case.arguments):  # coefficients of an iteration, few of which converge
            continue
        weight = Variable(np.array([[1.0, -2.0], [0.5, 3.0]], "float32"))
        optimizer = build_component(case, learning_rate=0.01)
        for _ in range(2):
            optimizer.apply([np.array([[0.5, -1.0], [2.0, 0.1]], "float32")], [weight])
        assert np.isfinite(weight.numpy()).all(), case


@pytest.mark.parametrize(
    ("family", "name", "arguments"),
    [
        ("layer", "bidirectional", {"layer": MEMBERS["layer"], "backward_layer": BACKWARDS}),
        ("layer", "hashing", {"num_bins": 4, "dtype": "int64"}),
        ("layer", "hashing", {"num_bins": 4, "dtype": "float32", "output_mode": "one_hot"}),
        ("layer", "integer_lookup", {"vocabulary": [1, 2], "max_tokens": 5, "mask_token": 0}),
        ("layer", "normalization", {"mean": [0.0, 1.0], "variance": [0.0, 1.0]}),
        ("layer", "permute", {"dims": [1]}),
        ("layer", "permute", {"dims": [3, 1, 2]}),
        ("layer", "random_gaussian_blur", {"kernel_size": 1}),
        ("layer", "random_gaussian_blur", {"kernel_size": [3, 5]}),
    ],
    ids=str,
)
def test_what_holds_in_part_does_hold(family: str, name: str, arguments: dict[str, Any]) -> None:
    assert refusal(Component(family, name, arguments)) is None


def test_the_exceptions_are_arguments_of_the_catalogue() -> None:
    known = {(name, argument) for family, name in NAMES for argument in catalogue.find_entry(family, name).arguments}
    assert set(BESIDE) | IN_PART <= known
