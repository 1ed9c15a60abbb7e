"""The rules, a family a file."""

from nnctl.diagnosis.rules import examples, heads, scales

__all__ = ["examples", "heads", "scales"]
