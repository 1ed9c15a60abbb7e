"""The rules, a family a file."""

from nnctl.diagnosis.rules import heads

__all__ = ["heads"]
