"""The command line in a process, with or without TensorFlow to be had."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from nnctl.cli.shell import envelope
from tests.forks import ROOT, Forks

HEAVY = ("tensorflow", "keras")
# Refuses TensorFlow and Keras, and says who asked.
GUARD = f"""
import sys
class Guard:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {HEAVY}:
            raise ImportError("guarded: " + name)
sys.meta_path.insert(0, Guard())
from nnctl.cli.main import main
main()
"""


@pytest.fixture(autouse=True)
def _begun() -> None:
    """Begins an answer, as `main` does."""
    envelope.begin()


@pytest.fixture
def answer(capsys: pytest.CaptureFixture[str]) -> Callable[..., dict[str, Any]]:
    """Asks for JSON; ends the answer with an exit code and returns what it holds."""
    context: Any = SimpleNamespace(command_path="nnctl verb")
    envelope.ask(context, True)

    def answer(code: int = 0) -> dict[str, Any]:
        envelope.finish(code)
        told: dict[str, Any] = json.loads(capsys.readouterr().out)
        return told

    return answer


@pytest.fixture(scope="session")
def forks() -> Iterator[Forks]:
    """What most processes are forked from: it has imported all that verbs do but TensorFlow."""
    forks = Forks("light")
    yield forks
    forks.close()


@pytest.fixture
def nnctl(tmp_path: Path, forks: Forks) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs nnctl without TensorFlow in an empty folder; in a process from its very beginning where code is given."""

    def nnctl(*arguments: object, code: str | None = None) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "dumb", "COLUMNS": "100"}
        environment.pop("NNCTL_RUNS", None)
        if code is None:
            return forks.run(arguments, tmp_path, environment, refused=HEAVY)
        command = [sys.executable, "-c", code, *map(str, arguments)]
        return subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60, check=False
        )

    return nnctl
