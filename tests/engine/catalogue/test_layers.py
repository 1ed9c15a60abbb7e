"""Every layer of the catalogue, written as a spec writes it, stands in a Sequential and trains where it has weights."""

import re

import nnctl.engine  # noqa: F401, isort: skip  (first: it loads TensorFlow quietly)

import keras
import numpy as np
import pytest

from nnctl.engine.network.build import build_component
from nnctl.errors import Source
from nnctl.spec import catalogue
from nnctl.spec.reader import Reader
from nnctl.spec.sections import Component
from nnctl.spec.text.document import parse

SERIES, IMAGE, VOLUME = (6, 4), (8, 8, 3), (6, 6, 6, 2)
INPUTS = {
    **dict.fromkeys(("embedding", "reversible_embedding", "integer_lookup", "hashing", "category_encoding"), (5,)),
    **dict.fromkeys(("lstm", "gru", "simple_rnn", "bidirectional", "time_distributed", "masking"), SERIES),
    **dict.fromkeys(("conv_lstm1d",), (3, *SERIES)),
    **dict.fromkeys(("conv_lstm2d",), (3, *IMAGE)),
    **dict.fromkeys(("conv_lstm3d",), (3, *VOLUME)),
    **dict.fromkeys(("resizing", "center_crop", "rand_augment", "aug_mix", "auto_contrast", "equalization"), IMAGE),
    **dict.fromkeys(("mix_up", "cut_mix"), IMAGE),
    **dict.fromkeys(("contrast_limited_adaptive_histogram_equalization", "solarization"), IMAGE),
    "einsum_dense": SERIES,
    "mel_spectrogram": (256,),
    "stft_spectrogram": (256, 1),
    "repeat_vector": (4,),
    "normalization": (4,),
    "rescaling": (4,),
}
# What a layer cannot do without, or what makes it small; `conv` is for conv1d, conv2d_transpose and so on.
ARGUMENTS = {
    "activation": "tanh",
    "adaptive_average_pooling": "2",
    "adaptive_max_pooling": "2",
    "alpha_dropout": "0.5",
    "average_pooling": "2",
    "bidirectional": "{lstm: 2}",
    "category_encoding": "8",
    "center_crop": "{height: 4, width: 5}",
    "contrast_limited_adaptive_histogram_equalization": "{tile_grid_size: [2, 2]}",
    "conv": "{filters: 2, kernel_size: 2}",
    "conv_lstm": "{filters: 2, kernel_size: 2}",
    "dense": "3",
    "depthwise_conv": "2",
    "discretization": "[0.0, 0.5]",
    "dropout": "0.5",
    "einsum_dense": "{equation: 'abc,cd->abd', output_shape: [6, 2], bias_axes: d}",
    "embedding": "{input_dim: 8, output_dim: 3}",
    "gaussian_dropout": "0.5",
    "gaussian_noise": "0.5",
    "group_normalization": "{groups: -1}",
    "gru": "2",
    "hashing": "8",
    "integer_lookup": "[1, 2, 3]",
    "lstm": "2",
    "mel_spectrogram": "{fft_length: 64, sequence_stride: 32, num_mel_bins: 8}",
    "normalization": "{mean: 1.0, variance: 4.0}",
    "permute": "[2, 1]",
    "random_brightness": "0.2",
    "random_color_degeneration": "0.2",
    "random_color_jitter": "{brightness_factor: 0.2, contrast_factor: 0.2, saturation_factor: 0.4, hue_factor: 0.1}",
    "random_contrast": "0.2",
    "random_crop": "{height: 8, width: 8}",
    "random_hue": "0.2",
    "random_posterization": "4",
    "random_rotation": "0.2",
    "random_saturation": "0.4",
    "random_sharpness": "0.2",
    "random_shear": "{x_factor: 0.2}",
    "random_translation": "{height_factor: 0.2, width_factor: 0.2}",
    "random_zoom": "0.2",
    "repeat_vector": "2",
    "rescaling": "0.1",
    "reshape": "[2, -1]",
    "resizing": "{height: 4, width: 5}",
    "reversible_embedding": "{input_dim: 8, output_dim: 3}",
    "separable_conv": "{filters: 2, kernel_size: 2}",
    "simple_rnn": "2",
    "spatial_dropout": "0.5",
    "spectral_normalization": "{dense: 2}",
    "stft_spectrogram": "{frame_length: 32}",
    "time_distributed": "{dense: 2}",
}
NAMES = catalogue.list_names("layer")


def input_shape(name: str) -> tuple[int, ...]:
    """The shape of an example that the layer takes."""
    if name in INPUTS:
        return INPUTS[name]
    if name.startswith("random_"):
        return IMAGE
    by_rank = {"1d": SERIES, "2d": IMAGE, "3d": VOLUME}
    return next((shape for rank, shape in by_rank.items() if rank in name), SERIES)


def stem(name: str) -> str:
    """The layer's name without its number of dimensions: `conv` for conv2d_transpose."""
    return re.sub(r"[123]d(_transpose)?$", "", name)


def minimal(name: str) -> str:
    """The shortest YAML that the layer can be written with here."""
    return f"{name}: {ARGUMENTS[stem(name)]}" if stem(name) in ARGUMENTS else name


def component(text: str) -> Component:
    """The layer that a line of YAML describes."""
    reader = Reader()
    found = reader.read_component("layer", parse(Source("test", text)))
    assert reader.problems == []
    return found


def examples(name: str, count: int = 4) -> np.ndarray:
    """Examples of the shape and kind of numbers that the layer takes."""
    random = np.random.default_rng(0)
    shape = (count, *input_shape(name))
    if name in ("embedding", "reversible_embedding", "integer_lookup", "hashing", "category_encoding"):
        return random.integers(0, 8, shape, dtype="int32")
    low, high = (0, 255) if input_shape(name) == IMAGE else (-1, 1)
    return random.uniform(low, high, shape).astype("float32")


def model_of(layer: keras.Layer, x: np.ndarray) -> keras.Sequential:
    """The layer between an input and one output, with what comes after it fit for a mask and for whole numbers."""
    reader = keras.layers.LSTM(2) if isinstance(layer, keras.layers.Masking) else keras.layers.Flatten()
    cast = keras.layers.Rescaling(1.0, dtype="float32")
    return keras.Sequential([keras.Input(x.shape[1:], dtype=x.dtype.name), layer, cast, reader, keras.layers.Dense(1)])


def weights(layer: keras.Layer) -> list[np.ndarray]:
    return [keras.ops.convert_to_numpy(weight) for weight in layer.trainable_variables]


@pytest.mark.parametrize("name", NAMES)
def test_a_layer_stands_in_a_network_and_trains(name: str) -> None:
    keras.utils.set_random_seed(1)
    x, layer = examples(name), build_component(component(minimal(name)))
    model = model_of(layer, x)
    model.compile(keras.optimizers.SGD(1e-6), "mse", run_eagerly=True)
    before = weights(layer)
    assert np.isfinite(model.train_on_batch(x, np.ones((len(x), 1), "float32")))
    assert np.isfinite(model(x, training=False)).all()
    assert not before or any((one != other).any() for one, other in zip(before, weights(layer), strict=True))


@pytest.mark.parametrize("name", NAMES)
def test_a_layer_takes_a_name_and_a_type_and_can_be_frozen(name: str) -> None:
    dtype = "int32" if name == "hashing" else "float32"  # by default it gives whole numbers
    offered = catalogue.find_entry("layer", name).arguments
    given = {"name": "mine", "dtype": dtype, "trainable": False}
    given = {key: value for key, value in given.items() if key in offered}
    layer = build_component(component(minimal(name)), **given)
    assert {key: getattr(layer, key) for key in given} == given


def test_the_tables_name_layers_only() -> None:
    assert set(INPUTS) <= set(NAMES)
    assert set(ARGUMENTS) <= {stem(name) for name in NAMES}
