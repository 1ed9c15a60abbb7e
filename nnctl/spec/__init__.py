"""What the user wrote: YAML with places, checked against the catalogue, as frozen values."""

from nnctl.spec.load import load_spec
from nnctl.spec.sections import Component, Data, DataFacts, Spec, Train

__all__ = ["Component", "Data", "DataFacts", "Spec", "Train", "load_spec"]
