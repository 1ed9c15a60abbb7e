"""Every rule of nnctl.spec.network.shapes against Keras itself: same shape, same number of weights, same refusals."""

import itertools
import os
from collections.abc import Iterator
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import pytest

from nnctl.spec.catalogue import find_entry, list_names, traits
from nnctl.spec.network.shapes import compute_outcome, follow
from nnctl.spec.network.shapes.rules import RULES
from nnctl.spec.outcomes import Shape, ShapeError, add_up, count
from nnctl.spec.sections import Component

FIRST_LAST = ["channels_last", "channels_first"]
SERIES: list[Shape] = [(7, 3), (2, 4), (1, 1), (None, 3)]
IMAGES: list[Shape] = [(8, 7, 4), (3, 2, 1), (4, 4, 3), (None, 5, 2)]
VOLUMES: list[Shape] = [(5, 4, 6, 2), (2, 3, 2, 1)]
BY_RANK = {1: SERIES, 2: IMAGES, 3: VOLUMES}
ANY: list[Shape] = [(5,), (4, 3), (6, 4, 2), (2, 3, 4, 5), (None, 4)]


def layer(name: str, /, **arguments: Any) -> Component:
    return Component("layer", name, arguments)


class Grid:
    """Every combination of some values of a layer's arguments, on every shape."""

    def __init__(self, shapes: list[Shape], **choices: list[Any]) -> None:
        self.shapes, self.choices = shapes, choices

    def cases(self, name: str) -> Iterator[tuple[Component, Shape]]:
        for values in itertools.product(*self.choices.values()):
            for shape in self.shapes:
                yield layer(name, **dict(zip(self.choices, values, strict=True))), shape


def _convolutions() -> dict[str, list[Grid]]:
    grids = {}
    for rank, shapes in BY_RANK.items():
        kernels = [1, 2, 3, [2, 3, 1][:rank]] if rank < 3 else [1, 2, [2, 3, 1]]
        steps = [1, 2, [1, 3, 2][:rank]] if rank < 3 else [1, 2]
        slide = {"kernel_size": kernels, "strides": steps, "padding": ["valid", "same"], "dilation_rate": [1, 2]}
        grids[f"conv{rank}d"] = [
            Grid(shapes, filters=[4], groups=[1, 2], data_format=FIRST_LAST, **slide),
            Grid(shapes[:1], filters=[6], kernel_size=[2], groups=[4], use_bias=[False], lora_rank=[None, 2]),
            Grid([(4,), (3, 3), (2, 3, 4), (2, 3, 4, 5), (1, 2, 3, 4, 5)], filters=[2], kernel_size=[1]),
        ]
        growth = {"strides": [1, 2, 3], "padding": ["valid", "same"], "output_padding": [None, 0, 1, 2]}
        grids[f"conv{rank}d_transpose"] = [
            Grid(shapes[:2], filters=[3], kernel_size=[1, 2, 3], dilation_rate=[1, 2], **growth),
            Grid(shapes, filters=[3], kernel_size=kernels[-1:], data_format=FIRST_LAST, use_bias=[True, False]),
        ]
        if rank < 3:
            for name, more in {"depthwise": {}, "separable": {"filters": [5]}}.items():
                grids[f"{name}_conv{rank}d"] = [
                    Grid(shapes, **slide, **more),
                    Grid(
                        shapes, kernel_size=[2], depth_multiplier=[1, 2], data_format=FIRST_LAST, strides=[1, 2], **more
                    ),
                    Grid(shapes[:1], kernel_size=[2], use_bias=[False], **more),
                ]
    grids["conv1d"].append(Grid(SERIES, filters=[2], kernel_size=[2, 5], padding=["causal"], strides=[1, 2]))
    return grids


def _poolings() -> dict[str, list[Grid]]:
    grids = {}
    for rank, shapes in BY_RANK.items():
        several: list[Any] = [1, 2, 3, [3, 1, 2][:rank]]
        other_ranks: list[Shape] = [(4,), (3, 3), (2, 3, 4), (2, 3, 4, 5)]
        for kind in ("max", "average"):
            slide = {"pool_size": several, "strides": [None, *several], "padding": ["valid", "same"]}
            grids[f"{kind}_pooling{rank}d"] = [
                Grid(shapes, data_format=FIRST_LAST, **slide),
                Grid(other_ranks, pool_size=[2]),
            ]
            keep = {"keepdims": [False, True], "data_format": FIRST_LAST}
            grids[f"global_{kind}_pooling{rank}d"] = [Grid(shapes, **keep), Grid(other_ranks)]
            sizes = {"output_size": [2, [3, 1, 2][:rank]], "data_format": FIRST_LAST}
            grids[f"adaptive_{kind}_pooling{rank}d"] = [Grid([shape for shape in shapes if None not in shape], **sizes)]
    return grids


def _borders() -> dict[str, list[Grid]]:
    amounts: dict[int, list[Any]] = {
        1: [0, 1, 2, [1, 0], [0, 3]],
        2: [0, 1, [1, 0], [[0, 2], [1, 1]]],
        3: [0, 1, [1, 0, 2], [[0, 1], [1, 1], [0, 0]]],
    }
    grids = {}
    for rank, shapes in BY_RANK.items():
        order = {} if rank == 1 else {"data_format": FIRST_LAST}
        grids[f"cropping{rank}d"] = [Grid(shapes, cropping=amounts[rank], **order), Grid([(4,)])]
        grids[f"zero_padding{rank}d"] = [Grid(shapes, padding=amounts[rank], data_format=FIRST_LAST), Grid([(4,)])]
        factors = [1, 2] if rank == 1 else [1, 2, [2, 3, 1][:rank]]
        grids[f"up_sampling{rank}d"] = [Grid(shapes, size=factors, **order), Grid([(4,)])]
        grids[f"spatial_dropout{rank}d"] = [Grid([*shapes, (4,), (1, 2, 3, 4, 5)], rate=[0.5])]
    return grids


def _recurrent() -> dict[str, list[Grid]]:
    flags = [False, True]
    shapes: list[Shape] = [(5, 4), (None, 3), (4,), (2, 3, 4)]
    reading = {"units": [3], "return_sequences": flags, "return_state": flags, "use_bias": flags}
    grids = {
        name: [Grid(shapes, **reading), Grid(shapes, units=[2], stateful=[True])] for name in ("lstm", "simple_rnn")
    }
    grids["gru"] = [Grid(shapes, reset_after=flags, **reading)]
    for rank, inner in BY_RANK.items():
        films: list[Shape] = [(3, *shape) for shape in inner[:2]]
        slide = {"kernel_size": [1, 2], "strides": [1, 2], "padding": ["valid", "same"], "dilation_rate": [1, 2]}
        grids[f"conv_lstm{rank}d"] = [
            Grid(films, filters=[2], return_sequences=flags, **slide),
            Grid([*films, *inner[:1]], filters=[2], kernel_size=[2], data_format=FIRST_LAST, use_bias=[False]),
        ]
    return grids


def _wrappers() -> dict[str, list[Grid]]:
    shapes: list[Shape] = [(5, 4), (None, 3), (4,), (2, 3, 4), (3, 6, 6, 2)]
    inside = [
        *(layer("dense", units=3), layer("dropout", rate=0.5), layer("flatten"), layer("lstm", units=2)),
        *(
            layer("conv2d", filters=2, kernel_size=3),
            layer("batch_normalization"),
            layer("reshape", target_shape=[2, -1]),
        ),
        layer("bidirectional", layer=layer("gru", units=2)),
    ]
    readers = [
        *(layer("lstm", units=3), layer("gru", units=3, return_sequences=True), layer("dense", units=3)),
        *(layer("simple_rnn", units=2, go_backwards=True), layer("lstm", units=2, return_state=True)),
        layer("conv_lstm1d", filters=2, kernel_size=2),
    ]
    both = [layer("gru", units=3, go_backwards=True), layer("gru", units=3), None]
    kernels = [
        *(layer("dense", units=3), layer("conv2d", filters=2, kernel_size=2), layer("flatten"), layer("lstm", units=3)),
        *(layer("embedding", input_dim=5, output_dim=3), layer("conv1d_transpose", filters=2, kernel_size=2)),
        *(layer("separable_conv1d", filters=2, kernel_size=1), layer("depthwise_conv2d", kernel_size=1)),
    ]
    return {
        "time_distributed": [Grid(shapes, layer=inside)],
        "bidirectional": [
            Grid(shapes, layer=readers, merge_mode=["concat", "sum", "mul", "ave", None]),
            Grid([(5, 4)], layer=[layer("lstm", units=3)], backward_layer=both),
        ],
        "spectral_normalization": [Grid(shapes, layer=kernels)],
    }


def _normalizations() -> dict[str, list[Grid]]:
    flags, axes = [False, True], [-4, -3, -2, -1, 0, 1, 2, 3]
    learned = {"center": flags, "scale": flags}
    several: list[Any] = [*axes, [1], [1, 2], [-1, -2], [0, 1]]
    shapes: list[Shape] = [(4,), (6, 4), (2, 4, 6), (None, 4)]
    return {
        "batch_normalization": [Grid(shapes, axis=axes, **learned), Grid(shapes, renorm=flags)],
        "layer_normalization": [Grid(shapes, axis=several, **learned)],
        "rms_normalization": [Grid(shapes, axis=several)],
        "group_normalization": [
            Grid([*shapes, (3, 64)], groups=[1, 2, 3, 4, 32, -1], axis=[-1, 1, 2]),
            Grid(shapes, **learned),
        ],
        "unit_normalization": [Grid(shapes, axis=several)],
        "softmax": [Grid([(4,), (6, 4), (2, 4, 6)], axis=several)],
        "normalization": [
            Grid(shapes, axis=[None, *several]),
            Grid(
                [(4, 3)],
                mean=[None, 1.0, [1.0], [1.0, 2.0, 3.0], [1.0, 2.0]],
                variance=[None, 2.0, [2.0], [2.0, 3.0, 4.0], [1.0, 2.0]],
                axis=[-1, None, 1, [1, 2]],
            ),
        ],
    }


def _images() -> dict[str, list[Grid]]:
    grids: dict[str, list[Grid]] = {}
    required: dict[str, dict[str, Any]] = {
        "random_posterization": {"factor": [3]},
        "random_shear": {"x_factor": [0.1]},
        "random_translation": {"height_factor": [0.1], "width_factor": [0.1]},
        "random_zoom": {"height_factor": [0.1]},
        "random_color_jitter": {"hue_factor": [None, 0.1], "brightness_factor": [0.1]},
        "resizing": {"height": [3, 9], "width": [5], "data_format": FIRST_LAST},
        "random_crop": {"height": [3, 9], "width": [5], "data_format": FIRST_LAST},
        "center_crop": {"height": [3, 9], "width": [5], "data_format": FIRST_LAST},
        **{f"random_{name}": {"factor": [0.1]} for name in ("brightness", "contrast", "hue", "saturation", "rotation")},
        **{f"random_{name}": {"factor": [0.2]} for name in ("sharpness", "color_degeneration")},
    }
    for name in list_names("layer"):
        if RULES[traits.get_layer(name).shape].outcome.__module__.endswith(".images"):
            grids[name] = [Grid([(8, 8, 1), (8, 6, 3), (8, 8, 2)], **required.get(name, {}))]
    return grids


CASES: dict[str, list[Grid]] = {
    **_convolutions(),
    **_poolings(),
    **_borders(),
    **_recurrent(),
    **_wrappers(),
    **_normalizations(),
    **_images(),
    "dense": [Grid([(), *ANY], units=[1, 3], use_bias=[False, True], lora_rank=[None, 2])],
    "embedding": [Grid([(), *ANY], input_dim=[9], output_dim=[1, 3], lora_rank=[None, 2])],
    "flatten": [Grid([(), *ANY], data_format=FIRST_LAST)],
    "reshape": [
        Grid(
            [(12,), (4, 3), (2, 3, 2), (1,), ()],
            target_shape=[[12], [-1], [3, 4], [2, -1, 3], [-1, 5], [6], [1], [-1, -1]],
        ),
        Grid([(None, 3)], target_shape=[[-1], [6, 2], [-1, 3]]),
    ],
    "permute": [Grid(ANY, dims=[[1], [2, 1], [1, 2], [3, 1, 2], [2, 3], [1, 1], [4, 3, 2, 1]])],
    "repeat_vector": [Grid(ANY, n=[1, 3])],
    "activation": [Grid(ANY, activation=["relu"])],
    **{name: [Grid(ANY)] for name in ("relu", "leaky_relu", "elu", "identity", "masking", "activity_regularization")},
    **{name: [Grid(ANY, rate=[0.5])] for name in ("dropout", "alpha_dropout", "gaussian_dropout")},
    "gaussian_noise": [Grid(ANY, stddev=[0.5])],
    "prelu": [Grid(ANY, shared_axes=[None, 1, [1], [1, 2], [2, 3], [5]])],
    "rescaling": [Grid([(3,), (4, 3), (4, 2)], scale=[0.5, [1.0, 2.0, 3.0], [2.0]], offset=[0.0, [1.0, 2.0]])],
    "discretization": [Grid(ANY[:3], bin_boundaries=[[0.0, 1.0]], output_mode=["int", "one_hot"])],
    "hashing": [Grid(ANY[:3], num_bins=[4], output_mode=["int", "one_hot"])],
}


def in_keras(component: Component) -> keras.Layer:
    known = find_entry("layer", component.name)
    assert known is not None
    assert known.class_name is not None
    return getattr(keras.layers, known.class_name)(**{key: plain(value) for key, value in component.arguments.items()})


def plain(value: Any) -> Any:
    if isinstance(value, Component):
        return in_keras(value)
    return tuple(plain(item) for item in value) if isinstance(value, list) else value


def built(component: Component, shape: Shape) -> tuple[Shape | None, int, int] | None:
    """The shape, the number of weights and of trained ones in Keras, or None if it refuses; no shape for several tensors."""
    try:
        with keras.StatelessScope(initialize_variables=False):  # shapes are asked for, and no numbers
            made = in_keras(component)
            output = made(keras.KerasTensor((None, *shape)))
    except (ValueError, TypeError, IndexError, ZeroDivisionError, AttributeError, RuntimeError) as error:
        return refused(error)
    except Exception as error:
        if "InvalidArgument" not in type(error).__name__:
            raise
        return refused(error)
    counts = (made.count_params(), sum(int(np.prod(weight.shape)) for weight in made.trainable_weights))
    if isinstance(output, (list, tuple)):
        return None if any(impossible(one.shape) for one in output) else (None, *counts)
    return None if impossible(output.shape) else (tuple(output.shape[1:]), *counts)


def refused(error: Exception) -> None:
    assert "unexpected keyword" not in str(error), error
    assert "missing" not in str(error), error


def impossible(shape: Shape) -> bool:
    return any(size is not None and size < 1 for size in shape)


def runs(component: Component, shape: Shape) -> bool:
    """Whether Keras trains the layer on examples of this shape; some layers notice only then, and not at every draw."""
    keras.utils.set_random_seed(0)
    try:
        for _ in range(8):
            in_keras(component)(np.zeros((2, *shape), "float32"), training=True)
    except Exception:
        return False
    return True


def disagreement(component: Component, shape: Shape) -> str | None:
    """What the rule and Keras say, where they do not say the same."""
    theirs = built(component, shape)
    try:
        ours = follow(component, shape)
    except ShapeError as error:
        agree = theirs is None or (None not in shape and not runs(component, shape))
        return None if agree else f"{component} on {shape}: {error}, but Keras gives {theirs}"
    if theirs is None:
        # A size that is not known to the spec is known when the network is built: the rule stays silent.
        return None if ours is None or None in shape else f"{component} on {shape}: {ours}, but Keras refuses"
    found = compute_outcome(component, shape)
    trained = None if found.trained is None else add_up(map(count, found.trained))
    weights = (found.parameters, trained)
    same_shape = ours is None or theirs[0] is None or ours == theirs[0]
    if same_shape and (weights == theirs[1:] or (ours is None and found.parameters is None)):
        return None
    return f"{component} on {shape}: {ours} with {weights} weights, but Keras gives {theirs}"


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_rule_says_what_keras_says(name: str) -> None:
    cases = [case for grid in CASES[name] for case in grid.cases(name)]
    assert [found for case in cases if (found := disagreement(*case))] == []


@pytest.mark.parametrize("name", sorted(CASES))
def test_the_cases_of_a_rule_hold_one_that_passes(name: str) -> None:
    cases = [case for grid in CASES[name] for case in grid.cases(name)]
    assert any(weighed(*case) for case in cases)


def weighed(component: Component, shape: Shape) -> bool:
    """Whether the rule takes the shape, and knows the layer's weights."""
    try:
        return compute_outcome(component, shape).parameters is not None
    except ShapeError:
        return False


def test_every_layer_that_is_followed_has_cases() -> None:
    assert set(CASES) == {name for name in list_names("layer") if traits.get_layer(name).shape != "leave_unknown"}


@pytest.mark.parametrize(
    ("component", "shape"),
    [
        (layer("adaptive_max_pooling2d", output_size=3), (8, 8)),
        (layer("rescaling", scale=[1.0, 2.0, 3.0]), (4, 1)),
        (layer("resizing", height=3, width=5), (8, 8)),
        (
            layer(
                "bidirectional",
                layer=layer("gru", units=3),
                backward_layer=layer("gru", units=4, go_backwards=True),
            ),
            (5, 2),
        ),
    ],
    ids=lambda value: value.name if isinstance(value, Component) else str(value),
)
def test_a_rule_refuses_what_keras_takes_and_gets_wrong(component: Component, shape: Shape) -> None:
    with pytest.raises(ShapeError):
        follow(component, shape)
    announced = in_keras(component)(keras.KerasTensor((2, *shape))).shape
    given = in_keras(component)(np.zeros((2, *shape), "float32")).shape
    assert announced != given or given[0] != 2
