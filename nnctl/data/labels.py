"""Labels in the form that a loss takes them in."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def encode(y: NDArray[Any], form: str, outputs: int) -> NDArray[Any]:
    """Labels in the form that `nnctl.spec.fit.label_form` names.

    Args:
        y: a split's labels: int32 of shape (n,) for classes, uint8 of shape (n, k) for several labels an example,
            float32 of shape (n,) or (n, k) for numbers.
        form: `integer`, `one_hot`, `binary`, `signed` or `number`.
        outputs: the number of classes or labels.

    Returns:
        `integer`: int32 as given; `one_hot`: float32 of shape (n, outputs); `binary`: float32, 0 or 1, of shape (n, 1);
        `signed`: float32, -1 or 1, of shape (n, 1) for two classes and (n, outputs) for more, or for several labels an
        example; `number`: float32 of the shape given.

    Raises:
        ValueError: there is no such form, or these labels have none.
    """
    classes = y.ndim == 1 and y.dtype.kind in "iu"
    if form == "number":
        return y.astype(np.float32)
    if form == "signed" and (classes or y.dtype == np.uint8):
        return 2 * _indicators(y, outputs) - 1
    if form == "binary" and y.dtype.kind in "iu":
        return y.astype(np.float32).reshape(len(y), -1)
    if form == "integer" and classes:
        return y.astype(np.int32)
    if form == "one_hot" and classes:
        return _one_hot(y, outputs)
    raise ValueError(f"labels of type {y.dtype} and shape {y.shape} have no form {form!r}")


def _indicators(y: NDArray[Any], outputs: int) -> NDArray[np.float32]:
    """Zeros and ones: a column for two classes or a column each."""
    if y.ndim == 2:
        return y.astype(np.float32)
    return y.astype(np.float32)[:, np.newaxis] if outputs <= 2 else _one_hot(y, outputs)


def _one_hot(y: NDArray[Any], outputs: int) -> NDArray[np.float32]:
    """A row an example, with a 1 in its class's column; a class beyond the columns raises IndexError."""
    hot = np.zeros((len(y), outputs), np.float32)
    hot[np.arange(len(y)), y] = 1
    return hot
