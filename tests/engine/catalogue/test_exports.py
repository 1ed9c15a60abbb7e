import keras
import pytest

from nnctl.engine.catalogue.exports import convert_to_snake_case, read_exports


@pytest.mark.parametrize(
    "name", ["Conv2DTranspose", "LeakyReLU", "MaxPool2D", "GRU", "AUC", "R2Score", "RMSprop", "ConvLSTM1D", "L1L2"]
)
def test_snake_case_is_that_of_keras(name: str) -> None:
    assert convert_to_snake_case(name) == keras.src.utils.naming.to_snake_case(name)


def test_a_class_comes_with_its_other_names_and_its_signature() -> None:
    pooling = read_exports("keras.layers")["MaxPooling2D"]
    assert pooling.others == ("MaxPool2D",)
    assert [parameter.name for parameter in pooling.parameters][:3] == ["pool_size", "strides", "padding"]
    assert pooling.parameters[0].default == [2, 2]
    assert not pooling.parameters[0].required
    assert pooling.takes_more
    assert "pool_size" in pooling.docs


def test_what_has_no_default_is_required() -> None:
    units, activation, *_ = read_exports("keras.layers")["Dense"].parameters
    assert units.required
    assert not activation.required


def test_a_class_without_a_constructor_of_its_own_takes_nothing() -> None:
    zeros = read_exports("keras.initializers")["Zeros"]
    assert zeros.parameters == ()
    assert not zeros.takes_more


def test_an_activation_is_a_function_without_its_input() -> None:
    found = read_exports("keras.activations")
    assert [parameter.name for parameter in found["leaky_relu"].parameters] == ["negative_slope"]
    assert found["silu"].others == ("swish",)
    assert "get" not in found
