"""The files of data that the suite's specs name: drawn from fixed seeds, healthy or with one fault.

A name is `BASE.npz` or `BASE-FAULT.npz`; a file is written the first time that a spec asks for it. Faults touch what they
name and nothing else, so that a faulty file differs from its parent's by that alone.
"""

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tests.bench.debugging import stand_ins

Arrays = dict[str, NDArray[np.generic]]
Fault = Callable[[Arrays, np.random.Generator], None]

_FILE = re.compile(r"path: (?P<name>[\w-]+\.npz)")


def write_named(text: str, folder: Path) -> None:
    """Writes each NPZ file that a spec's text names into the folder, unless it lies there."""
    for found in _FILE.finditer(text):
        target = folder / found["name"]
        if not target.exists():
            np.savez(target, **make(target.stem))


def make(name: str) -> Arrays:
    """The arrays of a file: `x_train`, `y_train`, `x_test`, `y_test`."""
    base, _, fault = name.partition("-")
    found = BASES[base](np.random.default_rng(2020))
    if fault:
        FAULTS[fault](found, np.random.default_rng(7))
    return found


def _cut(x: NDArray[np.generic], y: NDArray[np.generic], train: int) -> Arrays:
    return {"x_train": x[:train], "y_train": y[:train], "x_test": x[train:], "y_test": y[train:]}


def _sensors(rng: np.random.Generator, counts: tuple[float, ...] = (0.25,) * 4) -> Arrays:
    """Four classes of three heaps each in ten standardised dimensions: no plane parts them."""
    centres = rng.normal(size=(12, 10)) * 1.3
    y = rng.choice(4, size=2000, p=counts)
    x = centres[y + 4 * rng.integers(0, 3, 2000)] + rng.normal(size=(2000, 10)) * 0.8
    x = (x - x.mean(0)) / x.std(0)
    return _cut(x.astype(np.float32), y.astype(np.int32), 1500)


def _rare(rng: np.random.Generator) -> Arrays:
    """`sensors` with two classes, one tenth as common as the other in training; even in test."""
    found = _sensors(rng)
    for key in ("y_train", "y_test"):
        found[key] = (found[key] == 3).astype(np.int32)
    return found


def _houses(rng: np.random.Generator) -> Arrays:
    """A standardised target, curved in six standardised features."""
    x = rng.normal(size=(1200, 6))
    y = np.sin(2 * x[:, 0]) + x[:, 1] * x[:, 2] + 0.5 * x[:, 3] ** 2 + x[:, 4] + 0.2 * rng.normal(size=1200)
    return _cut(x.astype(np.float32), ((y - y.mean()) / y.std()).astype(np.float32), 900)


def _tags(rng: np.random.Generator) -> Arrays:
    """Five labels an example, each the sign of a curved function of ten features."""
    x = rng.normal(size=(1600, 10))
    y = (x @ rng.normal(size=(10, 5)) + 1.5 * np.sin(x @ rng.normal(size=(10, 5))) > 0.3).astype(np.uint8)
    return _cut(x.astype(np.float32), y, 1200)


def _pixels(rng: np.random.Generator) -> Arrays:
    """scikit-learn's digits as floats of [0, 1], flat, so that nothing scales them by itself."""
    from sklearn.datasets import load_digits

    found = load_digits()
    order = rng.permutation(len(found.data))
    return _cut((found.data[order] / 16).astype(np.float32), found.target[order].astype(np.int32), 1400)


def _words(rng: np.random.Generator) -> Arrays:
    """Bags of twelve words of a vocabulary of 60; the class is the topic that most of them come from."""
    y = rng.integers(0, 3, 1500)
    own = rng.integers(0, 20, (1500, 12)) + 20 * y[:, None]
    x = np.where(rng.random((1500, 12)) < 0.6, own, rng.integers(0, 60, (1500, 12)))
    return _cut(x.astype(np.int32), y.astype(np.int32), 1200)


def _noisy(rng: np.random.Generator) -> Arrays:
    """One feature and a coin: the best any network can do is 70 %."""
    x = rng.uniform(-1, 1, (3000, 4))
    y = (x[:, 0] > 0) ^ (rng.random(3000) < 0.3)
    return _cut(x.astype(np.float32), y.astype(np.int32), 1500)


def _series(rng: np.random.Generator) -> Arrays:
    """Waves of 32 steps of one of three frequencies, at a random phase."""
    y = rng.integers(0, 3, 1200)
    time = np.arange(32) / 32
    x = np.sin(2 * np.pi * ((y[:, None] + 2) * time + rng.random((1200, 1)))) + 0.3 * rng.normal(size=(1200, 32))
    return _cut(x[:, :, None].astype(np.float32), y.astype(np.int32), 900)


def _copies(rng: np.random.Generator) -> Arrays:
    """For an autoencoder: the targets are the examples, 16 numbers that 4 hidden ones explain."""
    x = np.tanh(rng.normal(size=(1500, 4)) @ rng.normal(size=(4, 16))).astype(np.float32)
    return _cut(x, x.copy(), 1200)


def _steps(rng: np.random.Generator) -> Arrays:
    """y = a² for a whole number a of [-10, 10], with a little noise."""
    x = rng.uniform(-10, 10, (600, 1))
    return _cut(x.astype(np.float32), (x[:, 0] ** 2 + 3 + rng.normal(size=600)).astype(np.float32), 450)


BASES: dict[str, Callable[[np.random.Generator], Arrays]] = {
    **stand_ins.BASES,
    "sensors": _sensors,
    "rare": _rare,
    "houses": _houses,
    "tags": _tags,
    "pixels": _pixels,
    "words": _words,
    "noisy": _noisy,
    "series": _series,
    "copies": _copies,
    "steps": _steps,
}


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
