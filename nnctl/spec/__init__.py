"""What the user wrote: YAML with places, checked against the catalogue, as frozen values."""

from nnctl.spec.load import load_spec
from nnctl.spec.sections import Component, Data, Facts, Spec, Train

__all__ = ["Component", "Data", "Facts", "Spec", "Train", "load_spec"]
