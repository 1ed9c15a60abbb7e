"""`make smoke` tells each spec with its time, and fails where one does. It trains them in CI; here nothing is trained."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.smoke import ROOT, SHORT, smoke


def test_each_spec_is_told_and_one_that_fails_keeps_no_other_from_its_turn(
    write: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcomes = {"good": "done", "wild": "diverged", "broken": ValueError("a bug")}
    asked = list[tuple[int | None, int]]()

    def train(spec: object, runs: str) -> object:
        asked.append((spec.data.subset, spec.train.epochs))  # type: ignore[attr-defined]
        outcome = outcomes[spec.name]  # type: ignore[attr-defined]
        if isinstance(outcome, Exception):
            raise outcome
        scores = {"test": {"accuracy": 0.5}}
        manifest = SimpleNamespace(message="the loss is not finite")
        return SimpleNamespace(status=outcome, manifest=manifest, scores=scores, model=lambda: "a model")

    monkeypatch.setattr("nnctl.api.train", train)
    paths = [write(name=f"{name}.yaml", **{"name: tiny": f"name: {name}"}) for name in ("wild", "broken", "good")]
    paths.insert(1, write(name="wrong.yaml", **{"flatten": "flaten"}))
    told = list[str]()
    assert smoke(paths, told.append) == 3
    assert asked == [(SHORT["data.subset"], 1)] * 3
    lines = "\n".join(told).splitlines()
    heads = [re.sub(r" +[\d.]+ s +", " ", line) for line in lines if line[:4] in ("ok  ", "FAIL")]
    assert heads == ["FAIL wild", "FAIL wrong", "FAIL broken", "ok good"]
    assert "      diverged: the loss is not finite" in lines
    assert any("unknown-layer: no layer is called 'flaten'" in line for line in lines)
    assert "      ValueError: a bug" in lines
    assert re.fullmatch(r"1 of 4 specs trained in \d+ s", lines[-1])


def test_its_exit_code_is_that_of_ci(write: Callable[..., Path]) -> None:
    path = write(name="wrong.yaml", **{"flatten": "flaten"})
    done = subprocess.run([sys.executable, "-m", "tests.smoke", str(path)], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stdout.startswith("FAIL")


def test_ci_takes_the_step() -> None:
    assert "\nmake smoke\n" in (ROOT / ".ci" / "run").read_text()
    assert "$(BIN)/python -m tests.smoke" in (ROOT / "Makefile").read_text()
