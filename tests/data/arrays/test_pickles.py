import os
import pickle
from contextlib import suppress

import numpy as np
import pytest

from nnctl.data.arrays.pickles import loads

# How Python 2 and NumPy of 2009 wrote a CIFAR file, by hand: its texts are bytes, its names those of numpy.core.
PYTHON_2 = (
    b"\x80\x02}q\x01(U\x06labelsq\x02]q\x03(K\x06K\x09eU\x04dataq\x04"
    b"cnumpy.core.multiarray\n_reconstruct\nq\x05cnumpy\nndarray\nq\x06K\x00\x85U\x01b\x87Rq\x07"
    b"(K\x01K\x02K\x03\x86cnumpy\ndtype\nq\x08U\x02u1K\x00K\x01\x87Rq\x09"
    b"(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89U\x06\x00\x01\x02\x03\x04\xfftbu."
)


class Evil:
    def __init__(self, function, *arguments):
        self.call = function, arguments

    def __reduce__(self):
        return self.call


def test_a_pickle_of_python_2():
    found = loads(PYTHON_2)
    assert found[b"labels"] == [6, 9]
    np.testing.assert_array_equal(found[b"data"], np.array([[0, 1, 2], [3, 4, 255]], np.uint8))


@pytest.mark.parametrize("protocol", [3, 4])
@pytest.mark.parametrize("order", ["C", "F"])
def test_pickles_of_python_3(protocol, order):
    data = np.asarray(np.arange(12, dtype=np.uint8).reshape(3, 4), order=order)
    held = {b"data": data, b"labels": [0, 1, 300], "text": "ü", b"nested": ((1,), [b"a", None, True], {}, (1, 2, 3, 4))}
    found = loads(pickle.dumps(held, protocol))
    np.testing.assert_array_equal(found.pop(b"data"), data)
    held.pop(b"data")
    assert found == held


@pytest.mark.parametrize(
    "value",
    [
        Evil(os.system, "true"),
        Evil(eval, "1"),
        Evil(np.load, "file"),
        Evil(np.dtype, "O"),
        np.array([None]),
        np.arange(3.0),
        np.arange(3, dtype=np.int8),
        1.5,
        {1, 2},
        bytearray(b"a"),
    ],
    ids=lambda value: type(value).__name__,
)
@pytest.mark.parametrize("protocol", [0, 2, 3, 4, 5])
def test_anything_else_is_refused(value, protocol):
    with pytest.raises(ValueError, match="pickle"):
        loads(pickle.dumps({b"data": value}, protocol))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no pickle",
        b".",
        b"\x80\x02].",  # a list
        b"\x80\x02}K\x01s.",  # a key without a map below it
        b"\x80\x02(K\x01e.",
        b"\x80\x02}h\x05.",  # what was never kept
        b"\x80\x02}K\x01Rs.",  # a call of a number
        b"\x80\x02}(K\x01u.",  # a key without its value
        b"\x80\x02cnumpy\nndarray\n)R.",
        b"\x80\x02cnumpy\ndtype\n)R.",
        b"\x80\x02}cos\nsystem\nK\x01s.",
        b"\x80\x02}(U\x01aP1\nu.",  # a persistent id
    ],
)
def test_damaged_pickles_are_refused(data):
    with pytest.raises(ValueError, match=r"pickle|exhausted|opcode"):
        loads(data)


def test_no_shortened_or_changed_pickle_gets_through_as_anything_but_data():
    for end in range(len(PYTHON_2)):
        with pytest.raises(ValueError):  # noqa: PT011
            loads(PYTHON_2[:end])
    for place in range(len(PYTHON_2)):
        changed = PYTHON_2[:place] + bytes([PYTHON_2[place] ^ 0x21]) + PYTHON_2[place + 1 :]
        with suppress(ValueError):
            assert isinstance(loads(changed), dict)


def test_an_array_must_be_as_large_as_it_says():
    with pytest.raises(ValueError, match="shape"):
        loads(PYTHON_2.replace(b"K\x02K\x03\x86", b"K\x02K\x04\x86"))


def test_a_pickle_that_fills_the_memory_with_nothing(monkeypatch):
    monkeypatch.setattr("nnctl.bounds.PICKLE", 100)
    with pytest.raises(ValueError, match="more than 100 instructions"):
        loads(b"\x80\x02" + b"]" * 200 + b".")
