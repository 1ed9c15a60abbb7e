"""Run directories: what a training leaves behind, and how it is found again."""

from nnctl.runs.directory import RunDirectory, create, find, listing
from nnctl.runs.history import History, Row
from nnctl.runs.lock import locked
from nnctl.runs.manifest import STATUSES, Manifest
from nnctl.runs.verification import Verdict, verify

__all__ = [
    "STATUSES", "History", "Manifest", "Row", "RunDirectory", "Verdict", "create", "find", "listing", "locked", "verify"
]  # fmt: skip
