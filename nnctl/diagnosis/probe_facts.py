"""What was measured on the network itself, with a few examples and a few seconds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ProbeFacts:
    """What the probes saw.

    Attributes:
        initial_loss: the loss before the first step, without penalties.
    """

    initial_loss: float
