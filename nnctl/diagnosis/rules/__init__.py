"""The rules, a family a file."""

from nnctl.diagnosis.rules import examples, heads, probes, remedies, scales

__all__ = ["examples", "heads", "probes", "remedies", "scales"]
