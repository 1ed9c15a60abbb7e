"""What the user wrote: YAML with places, checked against the catalogue, as frozen values."""

from nnctl.spec.edits import Edit
from nnctl.spec.load import load_spec
from nnctl.spec.sections import Component, Data, DataFacts, Spec, Train
from nnctl.spec.text.path import Path

__all__ = ["Component", "Data", "DataFacts", "Edit", "Path", "Spec", "Train", "load_spec"]
