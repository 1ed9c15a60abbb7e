"""A finding in the usual spec, for the tests of what tells of findings."""

from nnctl.diagnosis.finding import Finding, Fix
from nnctl.spec import Spec
from nnctl.spec.origins import find_place

PATH = ("model", "layers", 2, "activation")


def make_finding(spec: Spec) -> Finding:
    """A finding at the activation of the usual spec's last layer, whose edit was tried."""
    fix = Fix.set(PATH, "linear", "or a loss that takes logits")
    found = Finding("the head gives [0, 1]", "it cannot learn", PATH, "layers[2] dense", fix, checked="0.1 -> 0.9")
    return found.replace(code="H02", level="error", place=find_place(spec, PATH))
