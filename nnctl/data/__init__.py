"""Where examples come from, and what is made sure of before they are trained on.

`SOURCES` and `peek` load nothing heavy, so that a spec is checked in a fraction of a second; the rest brings
NumPy, and is imported when it is first asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from nnctl.data.facts import Glance, count_examples, find_label_problems, peek, plan_ahead
from nnctl.data.source import DataSource, Report, silent
from nnctl.data.sources import SOURCES

if TYPE_CHECKING:
    from nnctl.data.arrays.scaling import Scales, Scaling, read_scales
    from nnctl.data.census import Column, Count, Part, Summary, compute_imbalance, summarise
    from nnctl.data.dataset import Dataset, Split, decide_labels
    from nnctl.data.inventory import Stock, fetch, stock
    from nnctl.data.loading import load
    from nnctl.data.preparing.labelled import look_at_labels
    from nnctl.data.preparing.lost import describe_lost
    from nnctl.data.preparing.scales import (
        decide_scales,
        decide_scaling,
        decide_target_scaling,
        find_data_reader,
        scale_examples,
    )

__all__ = [
    "SOURCES",
    "Column",
    "Count",
    "DataSource",
    "Dataset",
    "Glance",
    "Part",
    "Report",
    "Scales",
    "Scaling",
    "Split",
    "Stock",
    "Summary",
    "compute_imbalance",
    "count_examples",
    "decide_labels",
    "decide_scales",
    "decide_scaling",
    "decide_target_scaling",
    "describe_lost",
    "fetch",
    "find_data_reader",
    "find_label_problems",
    "load",
    "look_at_labels",
    "peek",
    "plan_ahead",
    "read_scales",
    "scale_examples",
    "silent",
    "stock",
    "summarise",
]

_LATE = {
    "dataset": ("Dataset", "Split", "decide_labels"),
    "loading": ("load",),
    "preparing.labelled": ("look_at_labels",),
    "preparing.lost": ("describe_lost",),
    "preparing.scales": (
        "decide_scales",
        "decide_scaling",
        "decide_target_scaling",
        "find_data_reader",
        "scale_examples",
    ),
    "arrays.scaling": ("Scales", "Scaling", "read_scales"),
    "inventory": ("Stock", "fetch", "stock"),
    "census": ("Column", "Count", "Part", "Summary", "compute_imbalance", "summarise"),
}


def __getattr__(name: str) -> Any:
    module = next((module for module, names in _LATE.items() if name in names), None)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{module}"), name)
