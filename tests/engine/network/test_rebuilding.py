"""Every layer of the catalogue, saved by Keras, passes the gate and is built anew with the same bits."""

import io
import json
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nnctl.engine  # noqa: F401, isort: skip  (first: it loads TensorFlow quietly)

import h5py
import keras
import numpy as np
import pytest

from nnctl.engine.network import model_file, rebuilding
from nnctl.engine.network.build import build_component
from nnctl.errors import RunError
from tests.engine.catalogue.test_layers import NAMES, component, examples, minimal, model_of


def plain(config: Any) -> Any:
    """A configuration without what tells objects from one another: names inside layers and of slices are Keras's own."""
    if isinstance(config, dict):
        return {
            key: plain(value)
            for key, value in config.items()
            if key not in ("shared_object_id", "name", "keras_history")
        }
    return [plain(item) for item in config] if isinstance(config, (list, tuple)) else config


def same(path: Path, model: keras.Model, x: Any) -> None:
    """Whether a saved model comes back with the same names, weights and outputs, bit for bit."""
    model.save(path)
    again = model_file.load(path)
    assert type(again) is type(model)
    assert [each.name for each in again.layers] == [each.name for each in model.layers]
    assert plain(model.get_config()) == plain(again.get_config())
    mine, theirs = model.get_weights(), again.get_weights()
    assert [w.dtype for w in mine] == [w.dtype for w in theirs]
    assert all(a.tobytes() == b.tobytes() for a, b in zip(mine, theirs, strict=True))
    assert np.array_equal(*(np.asarray(each(x, training=False)) for each in (model, again)), equal_nan=True)


@pytest.mark.parametrize("name", NAMES)
def test_every_layer_of_the_catalogue_comes_back(name: str, tmp_path: Path) -> None:
    keras.utils.set_random_seed(1)
    x = examples(name)
    same(tmp_path / "m.keras", model_of(build_component(component(minimal(name))), x), x)


ARGUMENTS = [
    "dense: {units: 3, kernel_regularizer: {l2: 1e-4}, kernel_constraint: {max_norm: 2}, bias_initializer: ones}",
    "dense: {units: 3, activation: {leaky_relu: 0.1}, kernel_initializer: {random_normal: {stddev: 0.1, seed: 4}}}",
    "dense: {units: 3, activation: {relu: {max_value: 6}}, trainable: false}",
    "dense: {units: 3, activation: {softmax: {axis: -1}}, dtype: float64}",
    "dense: {units: 3, activation: {elu: 0.5}, dtype: mixed_bfloat16}",
    "dense: {units: 3, dtype: bfloat16}",
    "dense: {units: 3, dtype: float16}",
    "bidirectional: {layer: {gru: {units: 2, return_sequences: true}}, merge_mode: sum}",
    "bidirectional: {layer: {lstm: 2}, backward_layer: {lstm: {units: 2, go_backwards: true}}}",
    "time_distributed: {dense: {units: 2, activation: tanh}}",
    "conv1d: {filters: 2, kernel_size: 3, padding: causal, dilation_rate: 2}",
    "zero_padding1d: [1, 2]",
    "batch_normalization: {momentum: 0.9, scale: false}",
    "layer_normalization: {axis: [1, 2]}",
    "dropout: {rate: 0.5, noise_shape: [null, 1, 4], seed: 3}",
]


@pytest.mark.parametrize("text", ARGUMENTS)
def test_arguments_come_back(text: str, tmp_path: Path) -> None:
    keras.utils.set_random_seed(1)
    x = np.random.default_rng(0).normal(size=(4, 6, 4)).astype("float32")
    same(tmp_path / "m.keras", model_of(build_component(component(text)), x), x)


def test_a_front_for_a_table_comes_back(tmp_path: Path) -> None:
    entry = keras.Input((5,), name="input")
    words = keras.layers.Reshape((2,))(keras.layers.Embedding(4, 2)(entry[:, 3]))
    others = keras.layers.Embedding(7, 3)(entry[:, 4:])
    numbers = keras.layers.Normalization(mean=[1.0, 2.0, 3.0], variance=[1.0, 4.0, 9.0])(entry[:, 0:3])
    joined = keras.layers.Concatenate()([numbers, words, keras.layers.Flatten()(others)])
    tensor = keras.layers.Dense(3, activation="relu")(joined)
    model = keras.Model(entry, keras.layers.Dense(2, activation="softmax")(tensor))
    x = np.random.default_rng(0).integers(0, 4, (6, 5)).astype("float32")
    same(tmp_path / "m.keras", model, x)


def test_the_statistics_of_each_pixel_come_back(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    moments = {"mean": random.normal(size=(5, 4)), "variance": random.uniform(1, 2, (5, 4))}
    x = random.integers(0, 255, (3, 5, 4)).astype("uint8")
    scaling = keras.layers.Normalization(axis=(1, 2), dtype="float32", **moments)
    layers = [keras.Input((5, 4), dtype="uint8"), scaling, keras.layers.Flatten(), keras.layers.Dense(2)]
    same(tmp_path / "m.keras", keras.Sequential(layers), x)


def test_a_compiled_model_comes_back_without_its_optimizer(tmp_path: Path) -> None:
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    model.compile("adam", "mse")
    model.train_on_batch(np.ones((4, 3)), np.ones((4, 2)))
    same(tmp_path / "m.keras", model, np.ones((4, 3), "float32"))


@pytest.mark.filterwarnings("ignore:The object being serialized")
@pytest.mark.parametrize(
    "layer", [lambda: keras.layers.Lambda(lambda x: x), lambda: keras.layers.Dense(2, activation=lambda x: x)]
)
def test_what_keras_saves_of_a_function_is_refused(layer: Any, tmp_path: Path) -> None:
    keras.Sequential([keras.Input((3,)), layer()]).save(tmp_path / "m.keras")
    with pytest.raises(RunError) as caught:
        model_file.load(tmp_path / "m.keras")
    assert caught.value.problems[0].code == "refused-model"


def test_low_rank_parts_are_merged_by_keras_when_it_saves(tmp_path: Path) -> None:
    x = np.ones((4, 6, 4), "float32")
    model = model_of(build_component(component("dense: {units: 3, lora_rank: 2}")), x)
    model.save(tmp_path / "m.keras")
    assert np.array_equal(np.asarray(model(x)), np.asarray(model_file.load(tmp_path / "m.keras")(x)))


def rewrite(path: Path, change: Callable[[dict[str, Any]], object], drop: str = "") -> Path:
    """The model file after a change of its layers' configurations by name, without the weights of a layer."""
    with zipfile.ZipFile(path) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    config = json.loads(held["config.json"])
    change({each["config"]["name"]: each["config"] for each in config["config"]["layers"]})
    weights = io.BytesIO(held["model.weights.h5"])
    if drop:
        with h5py.File(weights, "r+") as file:
            del file[drop]
    held |= {"config.json": json.dumps(config).encode(), "model.weights.h5": weights.getvalue()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in held.items():
            archive.writestr(name, content)
    return path


def refuse(path: Path) -> str:
    with pytest.raises(RunError) as caught:
        model_file.load(path)
    return caught.value.problems[0].message


# Layers whose shapes no rule knows, and what makes them, or the layer behind them, large: 2**20 by 2**8 values are a gibibyte.
LARGE = {
    "category_encoding: 8": {"num_tokens": 2**20},
    "einsum_dense: {equation: 'ab,bc->ac', output_shape: 4}": {"output_shape": [2**20]},
    "integer_lookup: {vocabulary: [1, 2, 3], output_mode: multi_hot, max_tokens: 8, pad_to_max_tokens: true}": {
        "max_tokens": 2**20
    },
    "reversible_embedding: {input_dim: 8, output_dim: 3}": {"input_dim": 2**20, "output_dim": 2**8},
}


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="the peak of memory is Linux's to tell")
@pytest.mark.parametrize("text", LARGE)
def test_what_is_not_in_the_file_is_never_built(text: str, tmp_path: Path) -> None:
    """A small file asks for gibibytes behind a shape that no rule knows; not one of them is taken."""
    x = np.ones((4, 6), "float32" if "einsum" in text else "int32")
    layers = [build_component(component(text)), keras.layers.Dense(4, name="behind")]
    model = keras.Sequential([keras.Input((6,), dtype=x.dtype), *layers])
    model.save(tmp_path / "m.keras")
    name = layers[0].name

    def enlarge(found: dict[str, Any]) -> None:
        found[name].update(LARGE[text])
        found["behind"].update(units=2**8)

    rewrite(tmp_path / "m.keras", enlarge)
    Path("/proc/self/clear_refs").write_text("5")
    before = measure_peak()
    assert "damaged" in refuse(tmp_path / "m.keras")
    keras.Sequential([keras.Input((6,)), keras.layers.Dense(1)])  # at which Keras would build what it has noted
    assert measure_peak() - before < 200


def measure_peak() -> int:
    """The most memory that this process has had, in MiB."""
    return int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) // 1024


@pytest.mark.parametrize(("key", "value"), [("units", 1), ("use_bias", False)])
def test_a_variable_of_another_shape_is_told_by_its_layer(key: str, value: Any, tmp_path: Path) -> None:
    keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, name="head")]).save(tmp_path / "m.keras")
    rewrite(tmp_path / "m.keras", lambda found: found["head"].update({key: value}))
    assert "the weights of 'head'" in refuse(tmp_path / "m.keras")


@pytest.mark.parametrize("drop", ["layers/dense/vars/1", "layers/dense", "layers"])
def test_weights_that_are_missing_are_told(drop: str, tmp_path: Path) -> None:
    layers = [keras.Input((3,)), keras.layers.Dense(2, name="head"), keras.layers.BatchNormalization()]
    keras.Sequential(layers).save(tmp_path / "m.keras")
    assert "m.keras" in refuse(rewrite(tmp_path / "m.keras", lambda found: None, drop))


def test_an_output_that_fits_into_no_memory_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = keras.Sequential([keras.Input((6,), dtype="int32"), keras.layers.CategoryEncoding(8, name="encoding")])
    model.save(tmp_path / "m.keras")
    rewrite(tmp_path / "m.keras", lambda found: found["encoding"].update(num_tokens=2**27))
    monkeypatch.setattr(rebuilding, "measure_available", lambda: 2**28)
    assert "134,217,728 numbers an example" in refuse(tmp_path / "m.keras")


def test_nothing_is_written_on_the_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A temporary folder that is full or gone is not asked for."""
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    model.save(tmp_path / "m.keras")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    assert model_file.load(tmp_path / "m.keras").count_params() == 8
