import pytest

from nnctl.diagnosis.rules.index import RULES


@pytest.mark.parametrize(
    ("units", "rate", "level"), [(16, 0.1, None), (16, 0.3, "error"), (4, 0.3, None), (64, 0.1, "warning")]
)
def test_networks_of_few_units_bear_larger_rates(facts, units, rate, level):
    layers = f"model.layers=[{{dense: {units}}}, relu, {{dense: {units}}}, relu, {{dense: {{units: 1, activation: sigmoid}}}}]"
    settings = ("data.source=moons", "train.loss=binary_crossentropy", "train.optimizer=adam", layers)
    found = list(RULES["C01"].apply(facts(*settings, f"train.learning_rate={rate}")))
    assert [one.level for one in found] == ([] if level is None else [level])
