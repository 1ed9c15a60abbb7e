"""Trainings on scikit-learn's 1,797 digits, and an observer that only remembers."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from nnctl.data import load, peek
from nnctl.engine.observer import Progress
from nnctl.engine.training import Training
from nnctl.runs import Row
from nnctl.spec import Spec, load_spec


class Quiet:
    """An observer that remembers what it was told, and asks to stop after so many calls."""

    def __init__(self, stop_after: int | None = None) -> None:
        self.calls, self.rows, self.bests, self.stop_after = 0, list[Row](), list[bool](), stop_after

    def stepped(self, progress: Progress) -> None:
        self.calls += 1

    def ended_epoch(self, row: Row, best: bool) -> None:
        self.rows.append(row)
        self.bests.append(best)

    def said(self, message: str) -> None:
        pass

    def trained(self) -> None:
        pass

    def interrupted(self) -> bool:
        return self.stop_after is not None and self.calls >= self.stop_after


@pytest.fixture(autouse=True)
def seeded() -> None:
    """Every test draws the same numbers each time, whichever test ran before it."""
    import keras

    keras.utils.set_random_seed(0)


@pytest.fixture
def read(write: Callable[..., Path]) -> Callable[..., Spec]:
    """The spec of a text, with values set as by `--set`."""

    def read(*settings: str, **replaced: str) -> Spec:
        return load_spec(write(**replaced), [("--set", text) for text in settings], peek)

    return read


@pytest.fixture
def training(read: Callable[..., Spec]) -> Callable[..., Training]:
    """The training of the usual spec, with values set as by `--set`."""

    def training(*settings: str, **replaced: str) -> Training:
        spec = read(*settings, **replaced)
        return Training(spec, load(spec.data, lambda label, share: None))

    return training


def arrays(training: Training) -> list[np.ndarray]:
    """Every number that a training holds: weights, optimizer, seeds, metrics."""
    model = training.model
    return [variable.numpy() for variable in [*model.variables, *model.optimizer.variables]]


def same(first: list[np.ndarray], second: list[np.ndarray]) -> bool:
    """Whether two lists of arrays are equal bit for bit."""
    return len(first) == len(second) and all(
        a.dtype == b.dtype and a.tobytes() == b.tobytes() for a, b in zip(first, second, strict=True)
    )
