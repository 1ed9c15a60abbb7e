"""`nnctl debug RUN` as a user types it: tests/engine/test_debug_command.py."""

import math
from types import SimpleNamespace

import pytest

from nnctl.cli import autopsy


def test_a_score_that_is_no_number_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """R2 of a run whose validation loss overflowed; JSON has no infinity."""
    monkeypatch.setattr(autopsy, "run_scores", lambda facts: {"train": -1e300, "held": -math.inf})
    facts = SimpleNamespace(dataset=None, run=SimpleNamespace(status="diverged", history=[1]))
    trained = autopsy._trained(SimpleNamespace(path="runs/x"), facts)  # type: ignore[arg-type]
    assert trained.scores == {"train": -1e300}
    assert "held" not in autopsy._headline(trained)
