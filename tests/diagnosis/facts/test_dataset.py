from dataclasses import replace

import numpy as np
import pytest

from tests.diagnosis.conftest import made

RNG = np.random.default_rng(0)


def test_inputs_are_measured_as_the_network_gets_them(facts):
    images = RNG.integers(0, 256, (60, 8, 8)).astype(np.uint8)
    found = facts(data=made(images, np.arange(60) % 10, test=(images, np.arange(60) % 10))).dataset
    assert found.image
    assert found.scaling == "unit"
    assert found.stored.high == 255
    assert found.inputs.high == pytest.approx(1)
    assert found.test_inputs == found.inputs
    assert found.class_counts == (6,) * 10


def test_purity_is_how_far_one_class_rules_the_batches(facts):
    x = RNG.normal(size=(320, 4)).astype(np.float32)
    assert facts(data=made(x, np.arange(320) // 32)).dataset.purity == 1
    assert facts(data=made(x, np.arange(320) % 10)).dataset.purity == 0
    assert facts(data=made(x, np.arange(320) // 40)).dataset.purity > 0.7  # though most batches hold two
    rare = made(x, np.random.default_rng(0).permutation(np.arange(320) < 20).astype(int))
    assert facts(data=rare).dataset.purity < 0.1  # one class rules the batches because there is little else


def test_numbers_have_a_range_and_no_counts(facts):
    x = RNG.normal(size=(50, 4)).astype(np.float32)
    found = facts(data=made(x, x[:, 0] * 10)).dataset
    assert found.class_counts is None
    assert found.targets.deviation == pytest.approx(np.std(x[:, 0] * 10), rel=1e-5)


@pytest.mark.parametrize(
    ("labels", "one"), [(np.full(50, 3), True), (np.arange(50) % 2, False), (np.full(50, 2.5, np.float32), False)]
)
def test_one_class_is_that_of_all_training_examples(facts, labels, one):
    x = RNG.normal(size=(50, 4)).astype(np.float32)
    numbers = () if labels.dtype.kind in "iu" else ("train.loss=mse", "model.layers=[{dense: 1}]")
    assert facts(*numbers, data=made(x, labels)).dataset.one_class == one


SHARES = np.random.default_rng(1).dirichlet((4, 1, 1), 90).astype(np.float32)


def shared(x, y):
    """The same examples in train and in test, with shares of classes."""
    task = "binary" if y.shape[1] == 2 else "multiclass"
    return replace(made(x, y, test=(x, y)), task=task, outputs=y.shape[1])


def test_labels_that_are_shares_are_measured_as_what_they_count_as(facts):
    x = RNG.normal(size=(90, 4)).astype(np.float32)
    x[:, 0] += 3 * SHARES.argmax(axis=1)
    mixed, plain = (
        facts(data=shared(x, SHARES)).dataset,
        facts(data=made(x, classes := SHARES.argmax(axis=1), (x, classes))).dataset,
    )
    assert (mixed.task, mixed.classes, mixed.targets, mixed.one_class) == ("multiclass", True, None, False)
    assert (mixed.baselines, mixed.overlap, mixed.telling) == (plain.baselines, plain.overlap, plain.telling)
    assert mixed.purity == plain.purity
    assert mixed.class_counts == mixed.test_counts == tuple(np.rint(SHARES.sum(axis=0)).astype(int))


def test_a_class_that_never_has_the_largest_share_is_there_all_the_same(facts):
    rare = np.tile(np.array([[0.7, 0.3], [0.9, 0.1]], np.float32), (30, 1))
    found = facts(data=shared(RNG.normal(size=(60, 4)).astype(np.float32), rare)).dataset
    assert (found.one_class, found.class_counts) == (False, (48, 12))
