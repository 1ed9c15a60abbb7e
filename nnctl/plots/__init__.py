"""Pictures of what a run or a data set holds, each a function from numbers to a PNG file."""

from nnctl.plots.confusion import confusion
from nnctl.plots.curves import curves
from nnctl.plots.layers import layers
from nnctl.plots.mistakes import mistakes
from nnctl.plots.rates import rates
from nnctl.plots.reliability import reliability
from nnctl.plots.residuals import residuals
from nnctl.plots.samples import samples

__all__ = ["confusion", "curves", "layers", "mistakes", "rates", "reliability", "residuals", "samples"]
