from dataclasses import replace

import numpy as np
import pytest

from nnctl.data import load, silent
from nnctl.diagnosis.finding import Edit
from nnctl.diagnosis.rules.index import RULES
from nnctl.spec.sections import Data

from ...conftest import TRIAL, made
from .conftest import CLASSES, X

RNG = np.random.default_rng(0)


def test_healthy_data_are_passed_over(found, facts):
    assert found(facts(data=made(X, CLASSES, test=(X[:100] + 1, CLASSES[:100])))) == {}


def test_rows_that_stand_twice(found, facts):
    twice = made(np.concatenate([X, X[:50]]), np.concatenate([CLASSES, CLASSES[:50]]))
    assert set(found(facts(data=twice))) == {"X07"}
    other = made(np.concatenate([X, X[:50]]), np.concatenate([CLASSES, (CLASSES[:50] + 1) % 10]))
    assert set(found(facts(data=other))) == {"X07", "X16"}


@pytest.mark.parametrize(("shared", "level"), [(4, None), (20, "warning"), (100, "error")])
def test_test_rows_that_stand_in_train(found, facts, shared, level):
    test = np.concatenate([X[:shared], X[shared:100] + 1]), CLASSES[:100]
    one = found(facts(data=made(X, CLASSES, test=test))).get("X08")
    assert (one and one.level) == level


@pytest.mark.parametrize("numbers", [False, True])
def test_a_feature_that_tells_the_labels_in_train_only(found, facts, numbers):
    labels = X[:, 0] * 2 if numbers else CLASSES
    leak = np.column_stack([X, labels + 0.1 * RNG.normal(size=400)]).astype(np.float32)
    blind = leak[:100].copy()
    blind[:, 5] = RNG.permutation(blind[:, 5])
    loss = ("train.loss=mse", "model.layers=[{dense: 1}]") if numbers else ()
    one = found(facts(*loss, data=made(leak, labels, test=(blind, labels[:100]))))["X17"]
    assert "feature 5 in train" in one.found
    assert "X17" not in found(facts(*loss, data=made(leak, labels, test=(leak[:100] + 1, labels[:100]))))
    assert "X17" not in found(facts(*loss, data=made(leak, labels, test=(blind[:20], labels[:20]))))


def test_few(found, facts):
    assert set(found(facts(data=made(X[:40], np.arange(40) % 2)))) == {"X11"}


def probed(facts, score):
    """The facts with the outcome of a trial."""
    return replace(
        facts,
        probe=type(
            "Probe",
            (),
            {
                "reference": replace(TRIAL, score=score),
                "ranked": None,
                "held": 200,
                "twins": (),
                "exchanged": (),
                "moved": None,
            },
        ),
    )


@pytest.mark.parametrize(
    ("count", "score", "level"), [(60, 0.1, "warning"), (60, 1.0, None), (200, 0.1, None), (15, 0.1, "info")]
)
def test_a_handful_of_each_class_is_too_few_where_nothing_is_learned(found, facts, count, score, level):
    one = found(probed(facts("data.subset=500", data=made(X[:count], CLASSES[:count])), score)).get("X11")
    assert (one and one.level) == level
    if level == "warning":
        assert "60 training examples, about 6 of a class" in one.found
        assert one.fix.edits[0].path == ("data", "subset")


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ((), True),
        (("data.validation=none",), True),  # a share is cut for test in any case
        (("data.split={time: day}",), False),
        (("data.split={group: who}",), False),
        (("data.split=null",), False),
        (("data.test=held.csv", "data.validation=none"), False),
        (("data.path=born.csv", "data.source={csv: {label: kind, ignore: [birthday]}}"), False),
    ],
)
def test_rows_with_dates_are_not_cut_by_chance_in_silence(facts, tmp_path, monkeypatch, settings, told):
    rows = "".join(f"2024-01-{i % 28 + 1:02},p{i % 9},{i / 7},{'ab'[i % 2]}\n" for i in range(60))
    for name, day in (("own", "day"), ("held", "day"), ("born", "birthday")):
        (tmp_path / f"{name}.csv").write_text(f"{day},who,a,kind\n{rows}")
    monkeypatch.chdir(tmp_path)
    usual = (
        "data.source={csv: {label: kind, ignore: [day]}}",
        "data.path=own.csv",
        "model.layers=[{dense: {units: 2, activation: softmax}}]",
    )
    found = facts(*usual, *settings)
    told_of = list(RULES["X19"].apply(found))
    assert bool(told_of) == told
    for one in told_of:
        assert "column 'day'" in one.found
        assert one.fix.edits == (Edit(("data", "split"), {"time": "day"}),)
        assert list(RULES["X19"].apply(facts(*usual, *settings, "data.split={time: day}"))) == []


def test_dates_are_known_when_the_data_are_loaded(tmp_path):
    rows = "".join(f"2024-01-{i % 28 + 1:02},{i / 7},{'ab'[i % 2]}\n" for i in range(60))
    (tmp_path / "own.csv").write_text(f"day,a,kind\n{rows}")
    dataset = load(Data("csv", {"label": "kind", "ignore": ["day"]}, path=tmp_path / "own.csv"), silent)
    assert dataset.facts.dates == ("day",)


def test_sequences_that_were_cut_to_whole_numbers(found, facts):
    labels = np.arange(600) % 3
    waves = np.random.default_rng(7).normal(size=(600, 4, 2)) * 0.6 + labels[:, None, None] * 0.2
    values = ", ".join(map(str, np.unique(waves.astype(np.int8))))
    told = found(facts(data=made(waves.astype(np.int8), labels)))
    assert set(told) & {"X07", "X08", "X16", "X34"} == {"X34"}  # equal examples are what rounding made of them
    assert f"all inputs are one of {values}; " in told["X34"].found
    assert "X34" not in found(facts(data=made(waves.astype(np.float32), labels)))
    spikes = (RNG.random((600, 30, 2)) < 0.5).astype(np.int8)  # few values, and hardly two examples are equal
    assert "X34" not in found(facts(data=made(spikes, labels)))
