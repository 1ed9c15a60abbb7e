import contextlib

import h5py
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnctl.errors import RunError
from nnctl.models.weights import read

from .conftest import weights

HELD = weights()


def test_every_array_is_read_by_its_path() -> None:
    found = read(HELD)
    assert {path: array.shape for path, array in found.arrays.items()} == {
        "layers/dense/vars/0": (4, 3),
        "layers/dense/vars/1": (3,),
        "layers/dense_1/vars/0": (3, 2),
        "layers/dense_1/vars/1": (2,),
    }
    assert found.groups[0] == "layers"
    assert found.find_not_finite() is None


@pytest.mark.parametrize("bits", [0x7F80, 0xFF80, 0x7FC0])
def test_what_is_not_finite_is_found_in_bfloat16_too(bits: int) -> None:
    def brain(file: h5py.File) -> None:
        made = file.create_dataset("layers/x/vars/0", data=np.array([0x3F80, bits], np.uint16).view("V2"))
        made.attrs["dtype"] = "bfloat16"

    found = read(weights(brain))
    assert found.bfloat16 == {"layers/x/vars/0"}
    assert found.find_not_finite() == "layers/x/vars/0"


@given(st.lists(st.tuples(st.integers(0, len(HELD) - 1), st.integers(0, 255)), min_size=1, max_size=6))
def test_a_damaged_file_is_read_or_refused(changes: list[tuple[int, int]]) -> None:
    content = bytearray(HELD)
    for place, byte in changes:
        content[place] = byte
    with contextlib.suppress(RunError):  # anything else that is raised fails the test
        assert read(bytes(content)).count < len(HELD)
