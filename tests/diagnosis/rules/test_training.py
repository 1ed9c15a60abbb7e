import pytest

from nnctl.diagnosis.rules.index import RULES


@pytest.mark.parametrize(
    ("units", "rate", "level"), [(16, 0.1, None), (16, 0.3, "error"), (4, 0.3, None), (64, 0.1, "warning")]
)
def test_networks_of_few_units_bear_larger_rates(facts, units, rate, level):
    layers = f"model.layers=[{{dense: {units}}}, relu, {{dense: {units}}}, relu, {{dense: {{units: 1, activation: sigmoid}}}}]"
    settings = ("data.source=moons", "train.loss=binary_crossentropy", "train.optimizer=adam", layers)
    found = list(RULES["C01"].findings(facts(*settings, f"train.learning_rate={rate}")))
    assert [one.level for one in found] == ([] if level is None else [level])


def test_gradients_that_are_gathered_for_too_long(facts):
    setting = "train.optimizer={adam: {gradient_accumulation_steps: 100}}"
    (one,) = RULES["C02"].findings(facts(setting, "train.epochs=5", "train.learning_rate=0.001"))
    assert one.level == "warning"
    assert "each of the gradients of 100 steps" in one.found
    assert [(edit.kind, edit.path[-1]) for edit in one.fix.edits] == [("remove", "gradient_accumulation_steps")]
