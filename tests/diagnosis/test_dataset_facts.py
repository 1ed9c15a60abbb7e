import numpy as np
import pytest

from .conftest import made

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


def test_purity_is_the_share_of_batches_of_one_class(facts):
    x = RNG.normal(size=(320, 4)).astype(np.float32)
    assert facts(data=made(x, np.arange(320) // 32)).dataset.purity == 1
    assert facts(data=made(x, np.arange(320) % 10)).dataset.purity == 0


def test_numbers_have_a_range_and_no_counts(facts):
    x = RNG.normal(size=(50, 4)).astype(np.float32)
    found = facts(data=made(x, x[:, 0] * 10)).dataset
    assert found.class_counts is None
    assert found.targets.deviation == pytest.approx(np.std(x[:, 0] * 10), rel=1e-5)
