"""That traits are right, `tests/engine/catalogue/test_traits.py` holds against Keras; here, that they are there."""

import pytest

from nnctl.spec import catalogue
from nnctl.spec.catalogue import traits

OF = {family: getattr(traits, f"get_{family}") for family in traits.FAMILIES}


@pytest.mark.parametrize("family", OF)
def test_every_component_of_a_family_has_its_traits(family: str) -> None:
    for name in catalogue.list_names(family):
        assert isinstance(OF[family](name), traits.FAMILIES[family])


@pytest.mark.parametrize("family", [family for family in OF if family != "activation"])
def test_what_is_not_there_has_none(family: str) -> None:
    with pytest.raises(KeyError):
        OF[family]("nonesuch")


def test_an_activation_of_which_nothing_is_known_has_no_traits() -> None:
    assert traits.get_activation(None) == traits.get_activation("prelu") == traits.ActivationTraits()


def test_a_layer_is_found_by_what_it_does() -> None:
    dropouts = ("alpha_dropout", "dropout", "gaussian_dropout", *(f"spatial_dropout{axes}d" for axes in (1, 2, 3)))
    assert traits.select_names("layer", lambda layer: layer.drops) == dropouts
    assert [name for name in catalogue.list_names("layer") if traits.is_wrapper(name)] == [
        "bidirectional",
        "spectral_normalization",
        "time_distributed",
    ]


def test_a_probability_is_no_share_and_what_clips_is_not_positive() -> None:
    sigmoid, softmax, relu = (traits.get_activation(name) for name in ("sigmoid", "softmax", "relu"))
    assert (sigmoid.probability, sigmoid.positive, sigmoid.bounded) == (True, True, True)
    assert (softmax.probability, softmax.positive, softmax.bounded) == (False, False, True)
    assert (relu.probability, relu.positive, relu.bounded) == (False, False, False)
    assert (traits.get_activation("tanh").signed, traits.get_activation("relu6").bounded) == (True, False)
