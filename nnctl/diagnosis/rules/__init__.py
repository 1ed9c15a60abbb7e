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
    "training",
    "validation",
    "weights",
]
