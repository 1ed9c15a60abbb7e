import pytest

from nnctl.spec import catalogue
from nnctl.spec.catalogue import traits
from nnctl.topics.formulas import find_formula, find_gradient

# What a network is made of: what changes images while they are trained on has no gradient that anybody needs.
LAYERS = [
    name
    for name in catalogue.list_names("layer")
    if not (traits.get_layer(name).training_only or traits.get_layer(name).augments)
]


@pytest.mark.parametrize("name", LAYERS)
def test_every_layer_of_a_network_says_how_it_is_computed_and_how_the_gradient_goes_back(name: str) -> None:
    formula, rule = find_formula("layer", name), find_gradient(name)
    assert formula
    assert rule
    assert formula.count("(") == formula.count(")")


@pytest.mark.parametrize(
    ("activation", "formula", "rule"),
    [
        (None, "activation(x @ W + b)", "dz = g * activation'(z); dW = x.T @ dz"),
        ("relu", "relu(x @ W + b)", "dz = g * relu'(z); dW = x.T @ dz"),
        ("linear", "x @ W + b", "dz = g; dW = x.T @ dz"),
    ],
)
def test_the_activation_stands_in_the_formula(activation: str | None, formula: str, rule: str) -> None:
    assert find_formula("layer", "dense", activation) == formula
    assert str(find_gradient("dense", activation)).startswith(rule)


def test_a_word_that_only_begins_like_it_stays() -> None:
    assert find_formula("layer", "conv2d", "linear") == "sum(W * patch of x) + b, at each place"
    assert find_formula("layer", "activation", "linear") == "x"
    assert find_gradient("activation", "linear") == "dx = g"
    assert find_formula("layer", "no_such") is None
