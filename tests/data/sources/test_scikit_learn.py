import numpy as np

from nnctl.data import load, peek, scaling


def test_digits_keep_their_stored_values(section):
    data = section("digits")
    found = load(data, lambda label, fraction: None)
    assert (found.train.x.shape, found.train.x.dtype) == ((1438, 8, 8), np.uint8)
    assert (found.train.x.min(), found.train.x.max(), len(found.test)) == (0, 16, 359)
    assert (found.outputs, found.class_names) == (10, tuple("0123456789"))
    assert scaling(data, found).factor == 1 / 16
    assert peek(data).train == len(found.train)
