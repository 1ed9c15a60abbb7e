import pytest

from nnctl.diagnosis.rule import rules


@pytest.mark.parametrize(("momentum", "heard"), [(0.9, False), (0.99, False), (0.999, True), (1.0, False)])
def test_a_momentum_that_hardly_forgets(facts, momentum, heard):
    found = list(rules["C09"].findings(facts(f"train.optimizer={{sgd: {{momentum: {momentum}}}}}")))
    assert [one.level for one in found] == ["warning"] * heard
    if heard:
        assert "1,000 steps add up" in found[0].found
        assert found[0].fix.edits[0].value == 0.9


@pytest.mark.parametrize(("given", "heard"), [(0.1, False), (1000.0, True)])
def test_an_accumulator_that_begins_full(facts, given, heard):
    found = list(rules["C09"].findings(facts(f"train.optimizer={{adagrad: {{initial_accumulator_value: {given}}}}}")))
    assert [one.found for one in found] == ["initial_accumulator_value is 1000"] * heard
