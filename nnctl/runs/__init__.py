"""Run directories: what a training leaves behind, and how it is found again."""

from nnctl.runs.directory import Run, create, find, listing
from nnctl.runs.history import History, Row
from nnctl.runs.manifest import STATUSES, Manifest

__all__ = ["STATUSES", "History", "Manifest", "Row", "Run", "create", "find", "listing"]
