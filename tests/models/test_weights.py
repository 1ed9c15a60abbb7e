import contextlib
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnctl.errors import RunError
from nnctl.models import confined
from nnctl.models.weights import read

from .conftest import SHAPES, weights

HELD = weights()


def laid_out(layout: str, libver: str) -> bytes:
    """The weights of the whole model, kept in one of HDF5's layouts, with attributes as Keras writes them and others."""
    content = io.BytesIO()
    plan = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    plan.set_layout(h5py.h5d.COMPACT)
    ways: dict[str, dict[str, Any]] = {
        "contiguous": {},
        "chunked": {"chunks": True},
        "compressed": {"chunks": True, "compression": "gzip", "shuffle": True},
        "compact": {"dcpl": plan},
    }
    with h5py.File(content, "w", libver=libver) as file:
        for name, shapes in SHAPES.items():
            for index, shape in enumerate(shapes):
                values = np.ones(shape, np.float32)
                made = file.create_dataset(f"layers/{name}/vars/{index}", data=values, **ways[layout])
                made.attrs["dtype"] = "bfloat16"
            file[f"layers/{name}/vars"].attrs["name"] = name
    return content.getvalue()


def test_every_array_is_read_by_its_path() -> None:
    found = read(HELD)
    assert {path: array.shape for path, array in found.arrays.items()} == {
        "layers/dense/vars/0": (4, 3),
        "layers/dense/vars/1": (3,),
        "layers/dense_1/vars/0": (3, 2),
        "layers/dense_1/vars/1": (2,),
    }
    assert all(np.array_equal(array, np.ones(array.shape)) for array in found.arrays.values())
    assert found.find_not_finite() is None


@pytest.mark.parametrize("kind", ["<f2", "<f4", ">f8", "|i1", "|u1", ">i2", "<i4", "<u8", "|V2"])
@pytest.mark.parametrize("shape", [(), (0, 3), (5,), (2, 3, 1)])
def test_types_and_shapes_come_as_they_are(kind: str, shape: tuple[int, ...]) -> None:
    bits = np.random.default_rng(0).integers(0, 256, np.prod(shape, dtype=int) * np.dtype(kind).itemsize, np.uint8)
    values = bits.view(kind).reshape(shape)
    array = read(weights(lambda file: file.create_dataset("x", data=values))).arrays["x"]
    assert (array.shape, array.dtype) == (shape, np.dtype(kind).newbyteorder("=") if shape == () else np.dtype(kind))
    assert array.astype(kind).tobytes() == values.tobytes()


@pytest.mark.parametrize("bits", [0x7F80, 0xFF80, 0x7FC0])
def test_what_is_not_finite_is_found_in_bfloat16_too(bits: int) -> None:
    values = np.array([0x3F80, bits], np.uint16).view("V2")
    found = read(weights(lambda file: file.create_dataset("layers/x/vars/0", data=values)))
    assert found.find_not_finite() == "layers/x/vars/0"


def endless(file: h5py.File) -> None:
    for index in range(4):
        file["layers"].attrs[str(index)] = "a text of any length"
        file["layers/dense/vars/0"].attrs.create(str(index), [b"x", b"yz"], dtype=h5py.string_dtype())


def test_attributes_of_any_length_are_not_looked_at() -> None:
    """Nor what HDF5 keeps them in: without its heaps a file reads as well."""
    content = weights(endless)
    assert b"GCOL" in content
    assert read(content.replace(b"GCOL", b"\xff" * 4)).count == 23


@pytest.mark.parametrize("layout", ["contiguous", "chunked", "compressed", "compact"])
@pytest.mark.parametrize("libver", ["earliest", "latest"])
def test_a_layout_is_read_or_refused(layout: str, libver: str) -> None:
    content = laid_out(layout, libver)
    if layout in ("contiguous", "compact"):
        assert read(content).count == 23
        return
    with pytest.raises(RunError, match="compressed or scattered"):
        read(content)


LAYOUTS = [("contiguous", "earliest"), ("chunked", "earliest"), ("compressed", "latest"), ("compact", "latest")]


# A process for each example: a few in a usual run, and a twelfth of what `make fuzz` asks of the others.
@pytest.mark.parametrize("content", [laid_out(*each) for each in LAYOUTS], ids=[each[0] for each in LAYOUTS])
@settings(max_examples=settings.default.max_examples // 12)  # type: ignore[union-attr]
@given(data=st.data())
def test_several_damaged_bytes_are_read_or_refused(content: bytes, data: st.DataObject) -> None:
    place = st.integers(0, len(content) - 1)
    damaged = bytearray(content)
    for at, byte in data.draw(st.lists(st.tuples(place, st.integers(0, 255)), min_size=1, max_size=16)):
        damaged[at] = byte
    with contextlib.suppress(RunError):  # anything else that is raised fails the test
        assert sum(array.nbytes for array in read(bytes(damaged)).arrays.values()) <= len(content)


Answer = Callable[..., None]


@pytest.fixture
def answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Answer:
    """Has a process in the reader's place that answers as told: a document, and what follows it."""

    def put(document: Any, behind: bytes = b"", length: int | None = None) -> None:
        text = document if isinstance(document, bytes) else json.dumps(document).encode()
        said = confined.MARK + (len(text) if length is None else length).to_bytes(8, "little") + text + behind
        program = tmp_path / "program.py"
        program.write_text(f"import sys\nsys.stdout.buffer.write({said!r})\nsys.stdout.flush()\nsys.stdin.read()")
        monkeypatch.setattr(confined, "_PROGRAM", program)

    return put


def test_an_answer_is_taken(answer: Answer) -> None:
    answer({"arrays": [["a", "<f4", [2]]]}, np.array([1, 2], "<f4").tobytes())
    assert np.array_equal(read(b"x" * 8).arrays["a"], [1, 2])


LIES: dict[str, tuple[Any, ...]] = {
    "a document without end": (b"", b"", 2**60),
    "no document": (b"\xff",),
    "a number": (7,),
    "nothing": ({},),
    "a deep one": (b"[" * 100_000,),
    "another key": ({"arrays": [], "more": 1},),
    "a verdict of its own": ({"fine": "x"},),
    "a reason that steers the terminal": ({"refused": "\x1b[2J"},),
    "a reason without end": ({"damaged": "x" * 5000},),
    "a reason that is none": ({"damaged": [1]},),
    "more than the file holds": ({"arrays": [["a", "<f4", [2**40]]]},),
    "more than the file holds, in parts": ({"arrays": [["a", "<f4", [1]], ["b", "<f4", [2]]]}, bytes(12)),
    "nothing of great size": ({"arrays": [["a", "<f4", [0, 2**62, 2**62]]]},),
    "a negative size": ({"arrays": [["a", "<f4", [-1]]]},),
    "sizes that are none": ({"arrays": [["a", "<f4", ["1"]]]},),
    "a truth as a size": ({"arrays": [["a", "<f4", [True]]]},),
    "axes without end": ({"arrays": [["a", "<f4", [1] * 100]]}, bytes(4)),
    "objects": ({"arrays": [["a", "|O8", [1]]]}, bytes(8)),
    "records": ({"arrays": [["a", "i4,O", [1]]]}, bytes(8)),
    "a path that steers the terminal": ({"arrays": [["\x1b[2J", "<f4", [1]]]}, bytes(4)),
    "a path that is none": ({"arrays": [[1, "<f4", [1]]]}, bytes(4)),
    "a path twice": ({"arrays": [["a", "<f4", [1]], ["a", "<f4", [1]]]}, bytes(8)),
    "an array in two parts": ({"arrays": [["a", "<f4"]]},),
}  # fmt: skip


@pytest.mark.parametrize("name", LIES)
def test_what_the_process_says_is_not_believed(name: str, answer: Answer) -> None:
    answer(*LIES[name])
    with pytest.raises(RunError, match="does not answer as it should") as caught:
        read(b"x" * 8)
    assert caught.value.problems[0].code == "bad-model"
