"""Where examples come from, and what is made sure of before they are trained on.

`sources`, `options` and `peek` load nothing heavy, so that a spec is checked in a fraction of a second; the rest brings
NumPy, and is imported when it is first asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

import nnctl.data.sources  # noqa: F401  first: the package of the sources bears the name of the function below
from nnctl.data.facts import counts, peek, plan_ahead
from nnctl.data.source import Arrays, DataSource, Pair, Report, options, sources

if TYPE_CHECKING:
    from nnctl.data.census import Column, Count, Part, Summary, balance, summary
    from nnctl.data.dataset import Dataset, Split
    from nnctl.data.inventory import Stock, fetch, stock
    from nnctl.data.loading import load
    from nnctl.data.scales import Scaling, scaling, target_scaling

__all__ = [
    "Arrays",
    "Column",
    "Count",
    "DataSource",
    "Dataset",
    "Pair",
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
    "options",
    "peek",
    "plan_ahead",
    "scaling",
    "sources",
    "stock",
    "summary",
    "target_scaling",
]

_LATE = {
    "Dataset": "dataset",
    "Split": "dataset",
    "load": "loading",
    "Scaling": "scales",
    "scaling": "scales",
    "target_scaling": "scales",
    "Stock": "inventory",
    "fetch": "inventory",
    "stock": "inventory",
    "Column": "census",
    "Count": "census",
    "Part": "census",
    "Summary": "census",
    "balance": "census",
    "summary": "census",
}


def __getattr__(name: str) -> Any:
    if name not in _LATE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_LATE[name]}"), name)
