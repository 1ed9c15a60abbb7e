"""Specs to start from: on a built-in data set, or fitted to what the user's own data turn out to be.

A starter is a text with comments, written once and then the user's; it needs no Keras to be written.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from nnctl.starters.schema import write_schema
from nnctl.starters.templates import TEMPLATES

if TYPE_CHECKING:
    from nnctl.starters.start import Starter, make_starter, write_starter

__all__ = ["TEMPLATES", "Starter", "make_starter", "write_schema", "write_starter"]


def __getattr__(name: str) -> Any:
    # A look at the user's data brings NumPy, which the list of templates and the schema need not wait for.
    if name not in ("Starter", "make_starter", "write_starter"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module("nnctl.starters.start"), name)
