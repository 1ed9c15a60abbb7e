"""The rules, a family a file."""

from nnctl.diagnosis.rules import (
    architecture,
    examples,
    heads,
    losses,
    optimizers,
    probes,
    regularisation,
    remedies,
    scales,
    size,
    targets,
    training,
    validation,
    weights,
)

__all__ = [
    "architecture",
    "examples",
    "heads",
    "losses",
    "optimizers",
    "probes",
    "regularisation",
    "remedies",
    "scales",
    "size",
    "targets",
    "training",
    "validation",
    "weights",
]
