"""The rules, a family a file."""

from nnctl.diagnosis.rules import (  # noqa: F401, each enters its rules
    architecture,
    courses,
    examples,
    heads,
    losses,
    optimizers,
    probes,
    recorded,
    regularisation,
    remedies,
    runs,
    scales,
    size,
    targets,
    training,
    validation,
    weights,
)
