"""What a training left behind: its history, its recorded diagnostics, and its outcome beside the baselines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What a run shows.

    Attributes:
        status: the status of the run's manifest.
        history: a row for each epoch.
    """

    status: str
    history: Sequence[Mapping[str, float]]
