"""Where examples come from, and what is made sure of before they are trained on.

`sources`, `options` and `peek` load nothing heavy, so that a spec is checked in a fraction of a second; the rest brings
NumPy, and is imported when it is first asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

import nnctl.data.sources  # noqa: F401  first: the package of the sources bears the name of the function below
from nnctl.data.facts import peek
from nnctl.data.source import Arrays, DataSource, Pair, Report, options, sources

if TYPE_CHECKING:
    from nnctl.data.dataset import Dataset, Split
    from nnctl.data.labels import encode
    from nnctl.data.loading import load
    from nnctl.data.scales import Scaling, scaling

__all__ = [
    "Arrays",
    "DataSource",
    "Dataset",
    "Pair",
    "Report",
    "Scaling",
    "Split",
    "encode",
    "load",
    "options",
    "peek",
    "scaling",
    "sources",
]

_LATE = {
    "Dataset": "dataset",
    "Split": "dataset",
    "encode": "labels",
    "load": "loading",
    "Scaling": "scales",
    "scaling": "scales",
}


def __getattr__(name: str) -> Any:
    if name not in _LATE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_LATE[name]}"), name)
