"""The command line in a process of its own, with or without TensorFlow to be had."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

# Refuses TensorFlow and Keras, and says who asked.
GUARD = """
import sys
class Guard:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("tensorflow", "keras"):
            raise ImportError("guarded: " + name)
sys.meta_path.insert(0, Guard())
from nnctl.cli.main import main
main()
"""


@pytest.fixture
def nnctl(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs nnctl without TensorFlow in an empty folder."""

    def nnctl(*arguments: object, code: str = GUARD) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "TERM": "dumb", "COLUMNS": "100"}
        environment.pop("NNCTL_RUNS", None)
        command = [sys.executable, "-c", code, *map(str, arguments)]
        return subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60, check=False
        )

    return nnctl
