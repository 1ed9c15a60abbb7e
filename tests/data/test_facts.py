import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from nnctl.data import count_examples, find_label_problems, load, peek, plan_ahead
from nnctl.data.facts import apply_label_form, count_portion
from nnctl.spec import load_spec
from nnctl.spec.sections import DataFacts


def test_built_in_sources(section):
    assert peek(section("mnist")) == DataFacts((28, 28), "uint8", "multiclass", 10, 60_000, zeros=True)
    assert peek(section("fashion_mnist")) == DataFacts((28, 28), "uint8", "multiclass", 10, 60_000)
    assert peek(section("mnist_5k")) == DataFacts((28, 28), "uint8", "multiclass", 10, 4_000, zeros=True)
    assert peek(section("digits")) == DataFacts((8, 8), "uint8", "multiclass", 10, 1_438, zeros=True)


@pytest.mark.parametrize(
    ("values", "train"),
    [
        ({"validation": 0.1}, 60_000),
        ({"test": 0.25}, 45_000),
        ({"subset": 500}, 500),
        ({"subset": 500, "test": 0.25}, 500),
        ({"subset": 70_000}, 60_000),
    ],
)
def test_training_examples_are_counted_after_test_and_subset(section, values, train):
    assert peek(section("mnist", **values)).train == train


@pytest.mark.parametrize("source", ["mnist", "digits", "iris", "moons", "cifar10"])
def test_peeking_at_a_built_in_source_loads_nothing_heavy(source):
    code = (
        "import sys; from nnctl.data import SOURCES, peek; from nnctl.spec.sections import Data\n"
        f"peek(Data({source!r}, {{}})); SOURCES['npz'].options\n"
        "heavy = {'numpy', 'sklearn', 'mlxtend', 'requests', 'keras', 'tensorflow'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    root = Path(__file__).parents[2]
    found = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_an_npz_is_peeked_at_by_its_headers(section, npz):
    path = npz(x=np.zeros((50, 8, 8, 3), np.float32), y=np.zeros(50, np.int64))
    assert peek(section("npz", path=path)) == DataFacts((8, 8, 3), "float32", "multiclass", None, 40)
    own_test = npz(
        "own-test.npz", x_train=np.zeros((6, 2)), y_train=np.zeros(6), x_test=np.zeros((3, 2)), y_test=np.zeros(3)
    )
    assert peek(section("npz", path=own_test)) == DataFacts((2,), "float64", "regression", 1, 6)


@pytest.mark.parametrize(
    ("y", "task", "outputs"),
    [
        (np.zeros(4, bool), "binary", 2),
        (np.zeros((4, 1), np.uint8), "multiclass", None),
        (np.zeros((4, 3), np.uint8), None, 3),
        (np.zeros((4, 3)), None, 3),
        (np.array(["a", "b", "a", "b"]), "multiclass", None),
    ],
)
def test_what_the_type_of_labels_tells(section, npz, y, task, outputs):
    facts = peek(section("npz", path=npz(x=np.zeros(4), y=y)))
    assert (facts.shape, facts.task, facts.outputs) == ((1,), task, outputs)


@pytest.mark.parametrize(
    ("facts", "labels", "task", "outputs"),
    [
        (("multiclass", 10), "auto", "multiclass", 10),
        (("multiclass", 10), "integer", "multiclass", 10),
        (("multiclass", 10), "raw", "regression", 1),
        (("multiclass", None), "raw", "regression", 1),
        (("regression", 1), "integer", "multiclass", None),
        ((None, 3), "one_hot", "multiclass", 3),
        ((None, 2), "one_hot", "binary", 2),
        ((None, 3), "multilabel", "multilabel", 3),
        ((None, 3), "raw", "regression", 3),
    ],
)
def test_the_form_of_labels_that_is_asked_for(facts, labels, task, outputs):
    found = apply_label_form(DataFacts(task=facts[0], outputs=facts[1]), labels)
    assert (found.task, found.outputs) == (task, outputs)


@pytest.mark.parametrize(
    ("arrays", "code"),
    [
        ({"x": np.zeros((3, 2)), "y": np.zeros(4)}, "lengths-differ"),
        ({"x": np.zeros(3)}, "missing-array"),
        ({"x": np.array([None]), "y": np.zeros(1)}, "object-array"),
        ({"a": np.zeros(3), "b": np.zeros(3)}, "missing-array"),
        ({"x": np.zeros(3), "y": np.array(3)}, "bad-array"),
    ],
)
def test_what_headers_give_away_is_refused_with_the_place_of_the_path(section, npz, refused, arrays, code):
    problem = refused(code, peek, section("npz", path=npz(**arrays)))
    assert problem.place.line == 2


def test_paths_must_be_there(section, tmp_path, refused):
    assert refused("unreadable-data", peek, section("npz", path=tmp_path / "none.npz")).place.line == 2
    assert refused("unreadable-data", peek, section("mnist", validation=tmp_path / "none.npz")).place.line == 4


def test_halves_are_rounded_up():
    assert [count_portion(10, 0.25), count_portion(10, 0.24), count_portion(1797, 0.2), count_portion(60_000, 0.1)] == [
        3,
        2,
        359,
        6000,
    ]


@pytest.mark.parametrize(
    "values", [{"validation": 0.1}, {"validation": 0.33, "subset": 77}, {"test": 0.3, "validation": 0.15}, {}]
)
def test_the_examples_of_an_epoch_are_counted_as_they_are_cut(section, values) -> None:
    data = section("digits", **values)
    dataset = load(data, lambda label, share: None)
    held = 0 if dataset.validation is None else len(dataset.validation.x)
    assert count_examples(data, peek(data)) == (len(dataset.train.x), held)


@pytest.mark.parametrize("source", ["digits", "mnist_5k", "iris"])
def test_which_inputs_are_always_0_is_known_before_and_after_a_look(section, source):
    found = load(section(source), lambda *_: None)
    assert peek(section(source)).zeros == found.facts.zeros == bool((found.train.x == 0).all(axis=0).any())


@pytest.mark.parametrize(
    ("keys", "weighed", "codes"),
    [
        ("balanced", False, []),
        ("balanced", True, ["contradiction"]),
        ("{0: 1.0, 9: 2.0}", False, []),
        ("{12: 2.0}", False, ["class-weight"]),
        ("{zero: 2.0}", False, ["class-weight"]),
    ],
)
def test_weights_fit_classes(write, keys, weighed, codes):
    spec = load_spec(write(), [("--set", f"train.class_weight={keys}")], peek)
    found = find_label_problems(plan_ahead(spec), None, weighed)
    assert [problem.code for problem in found] == codes


def test_keys_are_compared_with_the_names_of_classes(write):
    spec = load_spec(write(), [("--set", "train.class_weight={zero: 2.0}")], peek)
    names = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    assert find_label_problems(plan_ahead(spec), names, False) == []
