"""Pictures of what a run or a data set holds, each a function from numbers to a PNG file."""

from nnctl.plots.boundary import draw_boundary
from nnctl.plots.columns import draw_columns
from nnctl.plots.confusion import draw_confusion
from nnctl.plots.curves import draw_curves
from nnctl.plots.layers import draw_layers
from nnctl.plots.mistakes import draw_mistakes
from nnctl.plots.ranking import draw_ranking
from nnctl.plots.rates import draw_rates
from nnctl.plots.reliability import draw_reliability
from nnctl.plots.residuals import draw_residuals
from nnctl.plots.samples import draw_samples

__all__ = [
    "draw_boundary",
    "draw_columns",
    "draw_confusion",
    "draw_curves",
    "draw_layers",
    "draw_mistakes",
    "draw_ranking",
    "draw_rates",
    "draw_reliability",
    "draw_residuals",
    "draw_samples",
]
