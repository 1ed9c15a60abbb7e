import numpy as np
import pytest
from sklearn import datasets

from nnctl.data import SOURCES, decide_scaling, load, peek


def test_digits_keep_their_stored_values(section):
    data = section("digits")
    found = load(data, lambda label, fraction: None)
    assert (found.train.x.shape, found.train.x.dtype) == ((1438, 8, 8), np.uint8)
    assert (found.train.x.min(), found.train.x.max(), len(found.test)) == (0, 16, 359)
    assert (found.outputs, found.class_names) == (10, tuple("0123456789"))
    assert decide_scaling(data, found).factor == 1 / 16
    assert peek(data).train == len(found.train)


def test_digits_are_those_that_scikit_learn_loads_and_do_not_wait_for_it(section, monkeypatch):
    theirs = datasets.load_digits()
    monkeypatch.delattr(datasets, "load_digits")
    ours = SOURCES["digits"].read(section("digits"), lambda label, fraction: None)
    assert (ours.train.x == theirs.images).all()
    assert (ours.train.y == theirs.target).all()


@pytest.mark.parametrize(
    ("name", "first", "test"),
    [
        ("iris", "sepal length (cm)", 30),
        ("wine", "alcohol", 36),
        ("breast_cancer", "mean radius", 114),
        ("diabetes", "age", 88),
    ],
)
def test_tables(section, name, first, test):
    data = section(name)
    facts, found = peek(data), load(data, lambda label, fraction: None)
    assert (facts.shape, facts.dtype) == (found.train.x.shape[1:], found.train.x.dtype.name)
    assert (facts.task, facts.outputs, facts.train) == (found.task, found.outputs, len(found.train))
    assert (found.columns.names[0], len(found.test)) == (first, test)
    assert decide_scaling(data, found).kind == "standard"


@pytest.mark.parametrize("name", ["iris", "wine", "breast_cancer"])
def test_the_names_of_classes_are_scikit_learns(name):
    found = getattr(datasets, f"load_{name}")()
    assert SOURCES[name].class_names == tuple(found.target_names)


def test_diabetes_keeps_its_units(section):
    found = load(section("diabetes"), lambda label, fraction: None)
    age = found.train.x[:, 0]
    assert (age.min() >= 19, age.max() <= 79, found.train.y.dtype) == (True, True, np.float32)
