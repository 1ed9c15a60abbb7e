"""What `debug` leaves, from Python; tests/engine/test_debug_command.py debugs."""

import math
import os
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from nnctl.api import debugging
from nnctl.api.debugging import Debugged, Standing, write_fixed, write_rate
from nnctl.diagnosis import Diagnosis, Fix
from nnctl.errors import UsageError
from nnctl.spec import load_spec

EPOCHS = Fix.set(("train", "epochs"), 3)


def test_a_score_that_is_no_number_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """R2 of a run whose validation loss overflowed; JSON has no infinity."""
    monkeypatch.setattr(debugging, "find_scores", lambda facts: {"train": -1e300, "held": -math.inf})
    facts = SimpleNamespace(dataset=None, run=SimpleNamespace(status="diverged", history=[1]))
    standing = debugging._find_standing(SimpleNamespace(path="runs/x"), facts)  # type: ignore[arg-type]
    assert standing == Standing("runs/x", "diverged", 1, {"train": -1e300}, None)


def test_what_became_of_a_run_stands_in_front_of_the_verdict_as_json(write: Callable[..., Path]) -> None:
    spec = load_spec(write())
    facts = SimpleNamespace(spec=spec, as_written=spec)
    verdict = Debugged(Diagnosis((), None, ()), facts, Path("spec.yaml"))  # type: ignore[arg-type]
    assert list(verdict.document()) == ["primary", "alternatives", "findings", "shortfall", "tried"]
    standing = Standing("runs/x", "done", 2, {"held": 0.5}, None)
    told = Debugged(verdict.diagnosis, facts, verdict.path, standing).document()  # type: ignore[arg-type]
    assert list(told) == ["run", "status", "epochs", "scores", "baselines", *verdict.document()]


def test_the_mended_spec_lies_beside_its_own_and_takes_the_place_of_nothing_else(write: Callable[..., Path]) -> None:
    path = write(**{"epochs: 2": "epochs: 2  # few"})
    spec = load_spec(path)
    fixed = write_fixed(spec, EPOCHS, path)
    assert fixed == path.with_name("spec.fixed.yaml")
    assert fixed.read_text() == path.read_text().replace("epochs: 2", "epochs: 3")
    assert write_fixed(spec, EPOCHS, path) == fixed  # the same once more
    with pytest.raises(UsageError, match="is there already"):
        write_rate(spec, 0.5, path)
    fixed.unlink()
    assert load_spec(write_rate(spec, 0.5, path)).train.learning_rate == 0.5


def test_a_pipe_in_the_place_of_the_mended_spec_is_not_waited_for(write: Callable[..., Path]) -> None:
    path = write()
    os.mkfifo(path.with_name("spec.fixed.yaml"))
    with pytest.raises(UsageError, match="is there already"):
        write_fixed(load_spec(path), EPOCHS, path)
