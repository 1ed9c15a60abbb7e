"""Pictures of what a run holds, each a function from numbers to a PNG file."""

from nnctl.plots.confusion import confusion
from nnctl.plots.curves import curves
from nnctl.plots.mistakes import mistakes
from nnctl.plots.reliability import reliability

__all__ = ["confusion", "curves", "mistakes", "reliability"]
