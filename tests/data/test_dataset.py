import hashlib

import numpy as np

from nnctl.data import Split
from nnctl.data.dataset import fingerprint


def split(x=((1, 2), (3, 4)), y=(0, 1), dtype=np.uint8):
    return Split(np.array(x, dtype), np.array(y, np.int32), np.arange(len(y)))


def test_the_fingerprint_is_sha256_over_names_types_shapes_and_bytes():
    text = b"train.x |u1 (2, 2)\n" + bytes([1, 2, 3, 4]) + b"train.y <i4 (2,)\n" + bytes([0, 0, 0, 0, 1, 0, 0, 0])
    assert fingerprint({"train": split(), "validation": None}) == hashlib.sha256(text).hexdigest()


def test_whatever_changes_the_data_changes_the_fingerprint():
    found = [
        fingerprint({"train": split()}),
        fingerprint({"train": split(), "test": split()}),
        fingerprint({"train": split(), "validation": split()}),
        fingerprint({"train": split(x=((1, 2), (3, 5)))}),
        fingerprint({"train": split(x=((1,), (2,)))}),
        fingerprint({"train": split(y=(1, 1))}),
        fingerprint({"train": split(dtype=np.int8)}),
    ]
    assert len(set(found)) == len(found)


def test_the_order_of_memory_does_not():
    fortran = Split(np.asfortranarray(split().x), split().y, split().rows)
    assert fingerprint({"train": fortran}) == fingerprint({"train": split()})


def test_the_length_of_a_split_is_its_number_of_examples():
    assert len(split()) == 2
