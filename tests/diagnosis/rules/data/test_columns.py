from dataclasses import replace

import numpy as np
import pytest

from ...conftest import made
from ..conftest import GOOD, PROBE

RNG = np.random.default_rng(3)


def test_a_word_for_what_is_missing_among_the_numbers(found, facts):
    x = np.random.default_rng(0).integers(18, 90, (400, 3)).astype(np.float32)
    assert "X21" not in found(facts(data=made(x, np.arange(400) % 2)))
    x[::20, 1] = -999
    one = found(facts(data=made(x, np.arange(400) % 2)))["X21"]
    assert "-999 in feature 1 of 5.0% of the examples" in one.found
    assert one.fix is None  # of an array no option says so


def test_names_that_are_numbers(found, facts):
    codes, x = RNG.integers(0, 20, 800), RNG.normal(size=(800, 3))
    effect = RNG.permutation(np.repeat([-3.0, 3.0], 10))
    y = (x[:, 0] + effect[codes] > 0).astype(int)
    known = facts(data=made(np.c_[x, codes].astype(np.float32), y))
    assert "X22" not in found(known)  # it takes a network that does no better
    low = replace(PROBE, reference=replace(GOOD, score=0.6), held=200)
    one = found(replace(known, probe=low))["X22"]
    assert "feature 3 (20 values)" in one.found
    assert one.fix is None  # of an array no option says so
    assert "X22" not in found(replace(known, probe=replace(low, reference=replace(GOOD, score=0.98))))


def test_two_units_in_one_column(found, facts):
    weights = RNG.lognormal(1, 0.3, 400)
    mixed = np.where(np.arange(400) % 3 == 0, 1000 * weights, weights)
    one = found(facts(data=made(np.c_[mixed, RNG.normal(size=400)].astype(np.float32), np.arange(400) % 2)))["X23"]
    assert one.found.startswith("33.5% of feature 0 lie above")
    assert "times 1000" in one.found


def test_targets_of_two_units(found, facts):
    rents = RNG.lognormal(6.5, 0.3, 400)
    for share, heard in ((12, True), (500, False)):
        told = np.where(np.arange(400) % share == 0, 100 * rents, rents).astype(np.float32)
        known = facts("train.loss=mse", "model.layers=[{dense: 1}]", data=made(RNG.normal(size=(400, 3)), told))
        assert ("X23" in found(known)) == heard
        if heard:
            assert found(known)["X23"].found.startswith("8.5% of target 0 lie above")


@pytest.mark.parametrize(("score", "heard"), [(0.9, True), (0.62, False)])
def test_far_values_are_told_where_ranks_do_better(found, facts, score, heard):
    x = RNG.normal(size=(400, 3)).astype(np.float32)
    x[7, 1] = 1e6
    known = facts(data=made(x, np.arange(400) % 2))
    low = replace(GOOD, score=0.6)
    told = found(replace(known, probe=replace(PROBE, reference=low, ranked=replace(GOOD, score=score), held=500)))
    assert ("X24" in told) == heard
    if heard:
        assert "1e+06 in feature 1 lies 20 deviations from its mean" in told["X24"].found
        assert told["X24"].checked is not None


def test_a_column_of_several_quantities(found, facts):
    day, x = RNG.integers(0, 720, 900), RNG.normal(size=900)
    date = 20180000 + day // 360 * 10000 + (day % 360 // 30 + 1) * 100 + day % 30
    season = np.where(day % 360 < 180, 1.0, -1.0) + 0.1 * x
    known = facts(data=made(np.c_[x, date].astype(np.float32), season.astype(np.float32)))
    low = replace(PROBE, reference=replace(GOOD, score=0.2), held=200)
    assert "feature 1: a linear model has r2" in found(replace(known, probe=low))["X25"].found
    assert "X25" not in found(replace(known, probe=replace(low, reference=replace(GOOD, score=0.99))))
    line = facts(data=made(np.c_[x, date].astype(np.float32), x.astype(np.float32)))
    assert "X25" not in found(replace(line, probe=low))


def test_numbers_to_predict_far_from_all_others(found, facts):
    x = RNG.normal(size=(400, 3)).astype(np.float32)
    y = x @ [2.0, 1.0, -1.0]
    assert "X32" not in found(facts(data=made(x, y.astype(np.float32))))
    y[[3, 9]] = 1e5, -2e5
    told = found(facts(data=made(x, y.astype(np.float32))))["X32"]
    assert told.found.startswith("2 of the numbers to predict are far from all others: the farthest is -2e+05, half of")
    assert told.fix is None  # which of them are slips only the file's owner knows
