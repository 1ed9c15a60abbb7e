import hashlib

import numpy as np
import pytest

from nnctl.data import Split
from nnctl.data.dataset import compute_fingerprint, decide_labels


def split(x=((1, 2), (3, 4)), y=(0, 1), dtype=np.uint8):
    return Split(np.array(x, dtype), np.array(y, np.int32), np.arange(len(y)))


def test_the_fingerprint_is_sha256_over_names_types_shapes_and_bytes():
    text = b"train.x |u1 (2, 2)\n" + bytes([1, 2, 3, 4]) + b"train.y <i4 (2,)\n" + bytes([0, 0, 0, 0, 1, 0, 0, 0])
    assert compute_fingerprint({"train": split(), "validation": None}) == hashlib.sha256(text).hexdigest()


def test_whatever_changes_the_data_changes_the_fingerprint():
    found = [
        compute_fingerprint({"train": split()}),
        compute_fingerprint({"train": split(), "test": split()}),
        compute_fingerprint({"train": split(), "validation": split()}),
        compute_fingerprint({"train": split(x=((1, 2), (3, 5)))}),
        compute_fingerprint({"train": split(x=((1,), (2,)))}),
        compute_fingerprint({"train": split(y=(1, 1))}),
        compute_fingerprint({"train": split(dtype=np.int8)}),
    ]
    assert len(set(found)) == len(found)


def test_the_order_of_memory_does_not():
    fortran = Split(np.asfortranarray(split().x), split().y, split().rows)
    assert compute_fingerprint({"train": fortran}) == compute_fingerprint({"train": split()})


def test_the_length_of_a_split_is_its_number_of_examples():
    assert len(split()) == 2


SHARES = np.array([[0.2, 0.5, 0.3], [0.4, 0.4, 0.2], [0, 0, 1]], np.float32)


@pytest.mark.parametrize("task", ["multiclass", "binary"])
def test_the_largest_share_decides_and_of_equal_ones_the_first(task):
    found = decide_labels(SHARES, task)
    assert (found.dtype, found.tolist()) == (np.int32, [1, 0, 2])
    assert decide_labels(found, task) is found


def test_one_half_and_more_is_a_yes():
    found = decide_labels(SHARES, "multilabel")
    assert (found.dtype, found.tolist()) == (np.uint8, [[0, 1, 0], [0, 0, 0], [0, 0, 1]])
    assert decide_labels(found, "multilabel") is found


def test_numbers_are_not_decided():
    assert decide_labels(SHARES, "regression") is SHARES
