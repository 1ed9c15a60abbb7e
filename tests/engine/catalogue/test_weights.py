"""Every activation, initializer, regularizer and constraint of the catalogue works inside a layer."""

import nnctl.engine  # noqa: F401, isort: skip  (first: it loads TensorFlow quietly)

import keras
import numpy as np
import pytest

from nnctl.engine.network.build import build_component
from nnctl.spec import catalogue
from nnctl.spec.sections import Component

X = np.linspace(-3, 3, 8, dtype="float32").reshape(2, 4)


@pytest.mark.parametrize("name", catalogue.list_names("activation"))
def test_an_activation_works_by_its_name(name: str) -> None:
    layer = build_component(Component("layer", "activation", {"activation": Component("activation", name, {})}))
    after = keras.ops.convert_to_numpy(layer(X))
    assert np.isfinite(after).all()
    assert after.shape == X.shape
    assert (name == "linear") == np.array_equal(after, X)


@pytest.mark.parametrize(
    ("name", "argument"),
    [
        (name, key)
        for name in catalogue.list_names("activation")
        for key in catalogue.find_entry("activation", name).arguments
    ],
)
def test_an_activation_with_its_default_written_out_is_the_one_without(name: str, argument: str) -> None:
    default = catalogue.find_entry("activation", name).arguments[argument].default
    bare, spelt = Component("activation", name, {}), Component("activation", name, {argument: default})
    first, second = (
        build_component(Component("layer", "activation", {"activation": each}))(X) for each in (bare, spelt)
    )
    assert np.allclose(first, second)


@pytest.mark.parametrize("name", catalogue.list_names("activation"))
def test_a_network_with_an_activation_is_saved_and_loaded(name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    arguments = {key: each.default for key, each in catalogue.find_entry("activation", name).arguments.items()}
    layer = build_component(
        Component("layer", "dense", {"units": 4, "activation": Component("activation", name, arguments)})
    )
    model = keras.Sequential([keras.Input((4,)), layer])
    path = tmp_path_factory.mktemp("model") / "model.keras"
    model.save(path)
    assert np.array_equal(keras.saving.load_model(path)(X), model(X))


@pytest.mark.parametrize("name", catalogue.list_names("initializer"))
def test_an_initializer_draws_weights(name: str) -> None:
    keras.utils.set_random_seed(0)
    drawn = build_component(Component("initializer", name, {}))((16, 1, 9) if name == "stft" else (6, 4))
    assert np.isfinite(drawn).all()
    assert (name == "zeros") == (not np.any(drawn)) or name == "constant"


@pytest.mark.parametrize("name", catalogue.list_names("regularizer"))
def test_a_regularizer_adds_to_the_loss(name: str) -> None:
    arguments = {
        key: 0.5 for key, each in catalogue.find_entry("regularizer", name).arguments.items() if "float" in each.kind
    }
    regularizer = Component("regularizer", name, arguments)
    layer = build_component(Component("layer", "dense", {"units": 3, "kernel_regularizer": regularizer}))
    layer(X)
    assert float(sum(layer.losses)) > 0


@pytest.mark.parametrize("name", catalogue.list_names("constraint"))
def test_a_constraint_holds_after_a_step(name: str) -> None:
    constraint = build_component(Component("constraint", name, {}))
    kept = keras.ops.convert_to_numpy(constraint(np.array([[-9.0, 4.0], [8.0, -6.0]], "float32")))
    norms = np.linalg.norm(kept, axis=0)
    held = {"max_norm": norms <= 2.001, "min_max_norm": norms <= 1.001, "unit_norm": abs(norms - 1) < 1e-3}
    assert np.all(held.get(name, kept >= 0))
