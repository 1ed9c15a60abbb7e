"""Where examples come from, and what is made sure of before they are trained on.

`SOURCES` and `peek` load nothing heavy, so that a spec is checked in a fraction of a second; the rest brings
NumPy, and is imported when it is first asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from nnctl.data.facts import counts, peek, plan_ahead
from nnctl.data.source import DataSource, Report, silent
from nnctl.data.sources import SOURCES

if TYPE_CHECKING:
    from nnctl.data.census import Column, Count, Part, Summary, balance, summary
    from nnctl.data.dataset import Dataset, Split
    from nnctl.data.inventory import Stock, fetch, stock
    from nnctl.data.loading import load
    from nnctl.data.preparing.scales import Scaling, scaling, target_scaling

__all__ = [
    "SOURCES",
    "Column",
    "Count",
    "DataSource",
    "Dataset",
    "Part",
    "Report",
    "Scaling",
    "Split",
    "Stock",
    "Summary",
    "balance",
    "counts",
    "fetch",
    "load",
    "peek",
    "plan_ahead",
    "scaling",
    "silent",
    "stock",
    "summary",
    "target_scaling",
]

_LATE = {
    "dataset": ("Dataset", "Split"),
    "loading": ("load",),
    "preparing.scales": ("Scaling", "scaling", "target_scaling"),
    "inventory": ("Stock", "fetch", "stock"),
    "census": ("Column", "Count", "Part", "Summary", "balance", "summary"),
}


def __getattr__(name: str) -> Any:
    module = next((module for module, names in _LATE.items() if name in names), None)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{module}"), name)
