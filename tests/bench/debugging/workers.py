"""Warm processes that take case after case: each loads TensorFlow once."""

import multiprocessing
import os
import signal
import tempfile
import time
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

from tests.bench.debugging import proof
from tests.bench.debugging.runner import measure, published
from tests.bench.debugging.suite import Case
from tests.bench.debugging.tool import Nnctl

LIMIT = 300  # seconds of the processor for a case, after which it counts as silent; a busy machine does not count
CASES_PER_WORKER = 30  # what TensorFlow keeps of each network adds up


def measured(chosen: Sequence[Case], jobs: int) -> Iterator[dict[str, Any]]:
    """A record for each case, as they come to their end, from `jobs` processes."""
    with tempfile.TemporaryDirectory(prefix="bench-debug-") as folder:
        context = multiprocessing.get_context("spawn")  # TensorFlow does not survive a fork
        with context.Pool(jobs, _warm, maxtasksperchild=CASES_PER_WORKER) as pool:
            yield from pool.imap_unordered(_one, [(case, folder) for case in chosen])


def _warm() -> None:
    """Loads TensorFlow, so that no case pays for it."""
    os.environ.setdefault("PYTHONWARNINGS", "ignore")
    import nnctl.engine.train  # noqa: F401

    signal.signal(signal.SIGPROF, _too_long)


def _one(task: tuple[Case, str]) -> dict[str, Any]:
    case, folder = task
    inner = Path(folder) / case.name
    inner.mkdir()
    signal.setitimer(signal.ITIMER_PROF, LIMIT)
    begun = time.perf_counter()
    try:
        record = measure(case, Nnctl(), inner, proof.read().get(case.name, {}))
        record |= {} if record["refused"] else {"published": published(case, inner)}
        return {**record, "took": round(time.perf_counter() - begun, 1)}
    except Exception:
        return _silent(case, traceback.format_exc()[-400:])
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _silent(case: Case, reason: str) -> dict[str, Any]:
    """The record of a case that the runner could not bring to its end: nothing found, and it says so."""
    head = {name: getattr(case, name) for name in ("name", "kind", "half", "family", "level", "mendable")}
    blank = {"refused": False, "found": False, "stage": None, "first": None, "top1": False, "top3": False}
    return {**head, **blank, "seconds": {}, "took": LIMIT, "broken": [reason]}


def _too_long(number: int, frame: FrameType | None) -> None:
    raise TimeoutError(f"a case took more than {LIMIT} s of the processor")
