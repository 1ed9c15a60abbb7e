"""Looks at a network with a few examples and a few seconds: short trainings, one batch by heart, a range of rates."""

from nnctl.engine.probes.measure import Bench, measure

__all__ = ["Bench", "measure"]
