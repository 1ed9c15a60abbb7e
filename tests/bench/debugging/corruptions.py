"""The faults of data: each changes the arrays that it is named after, and nothing else."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Arrays = dict[str, NDArray[np.generic]]
Fault = Callable[[Arrays, np.random.Generator], None]


def _on_x(change: Callable[[NDArray[np.float32]], NDArray[np.generic]], *keys: str) -> Fault:
    def fault(arrays: Arrays, rng: np.random.Generator) -> None:
        for key in keys or ("x_train", "x_test"):
            arrays[key] = np.asarray(change(arrays[key].astype(np.float32)), np.float32)

    return fault


def _on_y(change: Callable[[NDArray[np.float32]], NDArray[np.generic]]) -> Fault:
    def fault(arrays: Arrays, rng: np.random.Generator) -> None:
        for key in ("y_train", "y_test"):
            arrays[key] = np.asarray(change(arrays[key].astype(np.float32)), np.float32)

    return fault


def _units(x: NDArray[np.float32]) -> NDArray[np.generic]:
    """Each column in a unit of its own, from a hundredth to tens of thousands, as money beside ages beside shares is."""
    return (x + 2) * np.logspace(-2, 4.5, x.shape[1])


def _one_column(x: NDArray[np.float32]) -> NDArray[np.generic]:
    return np.concatenate([x[:, :1] * 3000 + 9000, x[:, 1:]], axis=1)


def _shuffled(share: float) -> Fault:
    """The labels of a share of the training examples dealt out anew among them; test stays right."""

    def fault(arrays: Arrays, rng: np.random.Generator) -> None:
        y = arrays["y_train"].copy()
        rows = rng.permutation(len(y))[: int(share * len(y))]
        y[rows] = y[rng.permutation(rows)]
        arrays["y_train"] = y

    return fault


def _rolled(arrays: Arrays, rng: np.random.Generator) -> None:
    """Each example beside its neighbour's label: off by one row."""
    arrays["y_train"] = np.roll(arrays["y_train"], 1, axis=0)


def _sorted(arrays: Arrays, rng: np.random.Generator) -> None:
    order = np.argsort(arrays["y_train"], kind="stable")
    arrays["x_train"], arrays["y_train"] = arrays["x_train"][order], arrays["y_train"][order]


def _grouped(arrays: Arrays, rng: np.random.Generator) -> None:
    """Sorted, and cut into stretches of 150 of one class that follow each other in turn."""
    _sorted(arrays, rng)
    blocks = np.array_split(np.arange(len(arrays["y_train"])), 10)
    order = np.concatenate([blocks[i] for i in rng.permutation(10)])
    arrays["x_train"], arrays["y_train"] = arrays["x_train"][order], arrays["y_train"][order]


def _leak(strength: float) -> Fault:
    """A column that tells the label in training, and is noise in test."""

    def fault(arrays: Arrays, rng: np.random.Generator) -> None:
        train, test = arrays["y_train"].astype(np.float32), len(arrays["y_test"])
        told = strength * (train - train.mean()) + 0.05 * rng.normal(size=len(train))
        blind = strength * (rng.permutation(arrays["y_test"]) - train.mean()) + 0.05 * rng.normal(size=test)
        for key, column in (("x_train", told), ("x_test", blind)):
            arrays[key] = np.column_stack([arrays[key], column]).astype(np.float32)

    return fault


def _sentinel(value: float, share: float, columns: int | None = None) -> Fault:
    """A number that stands for `missing` in a share of the cells."""

    def fault(arrays: Arrays, rng: np.random.Generator) -> None:
        for key in ("x_train", "x_test"):
            x = arrays[key].copy()
            holes = rng.random(x.shape) < share
            holes[:, columns:] &= columns is None
            x[holes] = value
            arrays[key] = x

    return fault


def _imbalance(share: float) -> Fault:
    """Keeps a share of all training examples but those of class 0."""

    def fault(arrays: Arrays, rng: np.random.Generator) -> None:
        y = arrays["y_train"]
        kept = (y == 0) | (rng.random(len(y)) < share)
        arrays["x_train"], arrays["y_train"] = arrays["x_train"][kept], y[kept]

    return fault


FAULTS: dict[str, Fault] = {
    "bytes": _on_x(lambda x: x * 255),
    "units": _on_x(_units),
    "column": _on_x(_one_column),
    "offset": _on_x(lambda x: x + 300),
    "tiny": _on_x(lambda x: x * 1e-4),
    "huge": _on_x(lambda x: x * 1000),
    "test-bytes": _on_x(lambda x: x * 255, "x_test"),
    "test-small": _on_x(lambda x: x * 0.05, "x_test"),
    "test-shifted": _on_x(lambda x: x + 4, "x_test"),
    "test-255th": _on_x(lambda x: x / 255, "x_test"),
    "y-euros": _on_y(lambda y: y * 8e4 + 3e5),
    "y-offset": _on_y(lambda y: y * 10 + 2000),
    "y-cents": _on_y(lambda y: y * 5e3),
    "shuffled": _shuffled(1.0),
    "half-shuffled": _shuffled(0.75),
    "rolled": _rolled,
    "sorted": _sorted,
    "grouped": _grouped,
    "leak": _leak(2.0),
    "leak-small": _leak(0.5),
    "leak-large": _leak(5.0),
    "missing-9999": _sentinel(-9999.0, 0.05),
    "missing-column": _sentinel(99999.0, 0.3, 2),
    "missing-999": _sentinel(-999.0, 0.02),
    "imbalance-tenth": _imbalance(0.35),
    "imbalance": _imbalance(0.01),
    "imbalance-mild": _imbalance(0.03),
    "imbalance-strong": _imbalance(0.005),
}
