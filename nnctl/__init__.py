"""nnctl: a neural network from a YAML file, trained, evaluated and explained.

From Python: `load_spec` reads a spec, `check`, `show` and `debug` look at it, `train` trains it; `load_run` finds what was
trained, which `evaluate`, `predict`, `debug` and `resume` take. Whatever takes a spec takes its path or a map of its sections.
`train` and `resume` show how far they are, in a terminal and in a notebook. `nnctl.api` has what the other verbs do, silent,
and the types; errors are those of `nnctl.errors`. Importing nnctl loads nothing; each of these is imported when it is first
asked for.

>>> import nnctl
>>> spec = nnctl.load_spec("first.yaml", {"train.epochs": 3})
>>> spec.train.epochs
3
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from nnctl.version import __version__

if TYPE_CHECKING:
    from nnctl.api import Run, Spec, check, debug, evaluate, load_run, load_spec, predict, show
    from nnctl.interactive import resume, train

__all__ = [
    "Run", "Spec", "__version__", "check", "debug", "evaluate", "load_run", "load_spec", "predict", "resume", "show", "train"
]  # fmt: skip


def __getattr__(name: str) -> Any:
    # `nnctl --version` and TAB must not wait for what they do not need.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    # These two show how far they are, with what the command line shows it with, which is above `nnctl.api`.
    return getattr(import_module("nnctl.interactive" if name in ("resume", "train") else "nnctl.api"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
