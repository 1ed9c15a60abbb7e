"""The types of arrays that can be trained on."""

from typing import Any

import numpy as np

from nnctl.errors import Place, Problem


def find_dtype_problem(name: str, dtype: np.dtype[Any], place: Place | None) -> Problem | None:
    """What is wrong with the type of an array, or None: numbers pass, and texts, which can be the names of classes."""
    if dtype.hasobject:
        message = f"{name} holds Python objects, which are not loaded: they can run code"
        hint = (
            f"store numbers as such: {name}.astype('float32'), and texts, such as names of classes: {name}.astype(str)"
        )
        return Problem("object-array", message, place, hint)
    if dtype.kind in "US" or (dtype.kind in "buif" and dtype.itemsize <= 8 and dtype.names is None):
        return None
    return Problem("bad-dtype", f"{name} is of type {dtype}, expected whole numbers, floats or booleans", place)
