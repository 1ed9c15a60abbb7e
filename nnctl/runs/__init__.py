"""Run directories: what a training leaves behind, and how it is found again."""

from nnctl.runs.directory import RunDirectory, create_run
from nnctl.runs.history import History, Row
from nnctl.runs.lock import hold_lock
from nnctl.runs.lookup import find_root, find_run, list_runs
from nnctl.runs.manifest import STATUSES, Manifest
from nnctl.runs.verification import Verdict, verify_run

__all__ = [
    "STATUSES", "History", "Manifest", "Row", "RunDirectory", "Verdict", "create_run", "find_root", "find_run", "hold_lock",
    "list_runs", "verify_run",
]  # fmt: skip
