"""`python -m tests.smoke` trains each spec of `configs/` for one epoch on 200 examples, as `nnctl train --smoke` does.

`python -m tests.smoke SPEC ...` trains these. One process trains them all: TensorFlow, which takes seconds to load, is loaded
once. What is trained is thrown away. The exit code is 1 if a spec cannot be read, built, trained or scored.
"""

import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

from nnctl import api
from nnctl.errors import NnctlError

ROOT = Path(__file__).parent.parent
SHORT = {"data.subset": 200, "train.epochs": 1}


def smoke(paths: Sequence[Path], write: Callable[[str], object] = print) -> int:
    """Trains the specs; how many of them failed.

    Args:
        paths: the specs.
        write: told of each spec and its time, and of all.
    """
    failed, began = 0, time.perf_counter()
    for path in paths:
        start = time.perf_counter()
        fault = _train(path)
        write(f"{'FAIL' if fault else 'ok  '}  {time.perf_counter() - start:5.1f} s  {path.stem}")
        if fault:
            failed += 1
            write("\n".join(f"      {line}" for line in fault.strip().splitlines()))
    write(f"{len(paths) - failed} of {len(paths)} specs trained in {time.perf_counter() - began:.0f} s")
    return failed


def _train(path: Path) -> str | None:
    """What keeps a spec from being trained and scored, or None."""
    try:
        with tempfile.TemporaryDirectory() as runs:
            run = api.train(api.load_spec(path, SHORT), runs)
            if run.status != "done":
                return f"{run.status}: {run.manifest.message}"
            return None if run.scores and run.model() else "it has no scores"
    except NnctlError as error:
        return str(error)
    except Exception:
        return traceback.format_exc()


if __name__ == "__main__":
    named = [Path(argument) for argument in sys.argv[1:]]
    sys.exit(min(1, smoke(named or sorted((ROOT / "configs").glob("*.yaml")))))
