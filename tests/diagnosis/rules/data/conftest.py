"""Data sets of made-up numbers, and what the rules of data find in them."""

from collections.abc import Callable

import numpy as np
import pytest

from nnctl.diagnosis import Facts, Finding
from nnctl.diagnosis.rules.index import RULES

X = np.random.default_rng(0).normal(size=(400, 5)).astype(np.float32)
CLASSES = np.digitize(X[:, 0], np.quantile(X[:, 0], np.arange(1, 10) / 10))


@pytest.fixture
def found() -> Callable[[Facts], dict[str, Finding]]:
    """What the rules of data find, by code."""

    def found(facts: Facts) -> dict[str, Finding]:
        ready = [
            each for each in RULES.values() if each.code.startswith("X") and (facts.probe or each.stage != "probe")
        ]
        return {one.code: one for each in ready for one in each.apply(facts)}

    return found
