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
        return {one.code: one for code, rule in RULES.items() if code.startswith("X") for one in rule.apply(facts)}

    return found
