import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnctl.diagnosis.facts.run import collect_run_facts, compute_fall
from nnctl.metrics.scores import Scores
from nnctl.runs import Manifest, RunDirectory, history

ROWS = [{"epoch": 1, "step": 4, "seconds": 1.0, "loss": 2.0}, {"epoch": 2, "step": 8, "seconds": 1.0, "loss": 1.0}]


def written(folder: Path, score: float | None) -> RunDirectory:
    """A run of two epochs that was scored on the test split."""
    run = RunDirectory(folder)
    created = "2026-01-01T00:00:00+00:00"
    Manifest("x", "x", "done", "s.yaml", [], [], 0, created, best_epoch=2).write(folder / "run.json")
    history.write_history(ROWS, run.metrics)
    Scores("regression", {"n": 3, "mse": score}, ({"class": "0"},)).write(run.evaluation("test"))
    return run


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_what_a_run_has_written_is_read(tmp_path_factory: pytest.TempPathFactory, score: float) -> None:
    facts = collect_run_facts(written(tmp_path_factory.getbasetemp() / "run-facts", score))
    assert (facts.status, facts.held, facts.scores["mse"], facts.losses) == ("done", 3, score, [2.0, 1.0])
    assert facts.kept["epoch"] == 2


@pytest.mark.parametrize("count", ["NaN", "1e999", "1" * 400, "null", "[]"])
def test_a_count_that_is_no_number_is_none(tmp_path: Path, count: str) -> None:
    run = written(tmp_path, None)
    told = json.dumps({"mse": 1.0})
    (run.evaluation("test") / "metrics.json").write_text(f'{told[:-1]}, "n": {count}}}')
    assert collect_run_facts(run).held == 0


@pytest.mark.parametrize(
    ("losses", "share"), [([2.0, 9.0, 1.0], 0.5), ([1.0, 2.0], -1.0), ([-2.0, -3.0], 0.5), ([0.0, 1.0], 0.0), ([], 0.0)]
)
def test_a_fall_is_a_share_of_the_first_losss_size(losses: list[float], share: float) -> None:
    assert compute_fall(losses) == share
    assert math.isnan(compute_fall([1.0, math.nan]))
