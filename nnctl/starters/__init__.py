"""Specs to start from: on a built-in data set, or fitted to what the user's own data turn out to be.

A starter is a text with comments, written once and then the user's; it needs no Keras to be written.
"""

from nnctl.starters.schema import write_schema
from nnctl.starters.start import Starter, begin, write
from nnctl.starters.templates import TEMPLATES

__all__ = ["TEMPLATES", "Starter", "begin", "write", "write_schema"]
