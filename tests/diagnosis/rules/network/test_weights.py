import pytest

from nnctl.diagnosis.rules.index import RULES


@pytest.mark.parametrize(
    ("activation", "begins", "levels"),
    [("relu", -50, ["warning"]), ("relu", -3, ["info"]), ("relu", 0.1, []), ("linear", 152, []), ("tanh", 4, ["info"])],
)
def test_biases_that_begin_beyond_the_inputs(facts, activation, begins, levels):
    layer = f"model.layers.1.dense={{units: 8, activation: {activation}, bias_initializer: {{constant: {begins}}}}}"
    found = list(RULES["A07"].apply(facts(layer)))
    assert [one.level for one in found] == levels
    assert all(one.fix.edits[0].path[-1] == "bias_initializer" for one in found)


@pytest.mark.parametrize(
    ("constraint", "levels"),
    [
        ("{max_norm: 0.01}", ["warning"]),
        ("{max_norm: 0.4}", ["info"]),
        ("{min_max_norm: {max_value: 0.05}}", ["warning"]),
        ("{max_norm: 2}", []),
        ("max_norm", []),
        ("non_neg", []),
    ],
)
def test_norms_that_are_held_too_small(facts, constraint, levels):
    found = list(RULES["A19"].apply(facts(f"model.layers.1.dense.kernel_constraint={constraint}")))
    assert [one.level for one in found] == levels


def test_layers_frozen_at_random_are_trained_all_at_once(facts):
    both = ("model.layers.1.dense.trainable=false", "model.layers.2.dense.trainable=false")
    assert list(RULES["A18"].apply(facts())) == []
    assert list(RULES["A18"].apply(facts(both[1]))) == [], "a head alone is for A17"
    assert list(RULES["A18"].apply(facts(*both))) == [], "and so are all layers"
    (found,) = RULES["A18"].apply(facts(both[0]))
    assert [(edit.path[2], edit.value) for edit in found.fix.edits] == [(1, True)]
    assert found.level == "info"
