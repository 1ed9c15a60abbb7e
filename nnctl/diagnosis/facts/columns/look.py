"""All that is looked for in the columns of a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from nnctl.diagnosis import thresholds
from nnctl.diagnosis.facts.baselines import Yardstick
from nnctl.diagnosis.facts.columns.codes import Codes, find_codes, find_steps
from nnctl.diagnosis.facts.columns.sentinels import Sentinel, find_sentinels
from nnctl.diagnosis.facts.columns.tails import Tail, find_tails
from nnctl.diagnosis.facts.columns.units import Units, find_units


@dataclass(frozen=True, slots=True)
class ColumnFacts:
    """What the columns of a table hold that a network does not take for what it is.

    Attributes:
        sentinels: values that stand for something else than a number.
        units: those of one quantity in two units.
        codes: whole numbers that tell more as categories, or None.
        tails: those with values far from all others.
        steps: one that tells more in steps than as a number, or None.
    """

    sentinels: tuple[Sentinel, ...] = ()
    units: tuple[Units, ...] = ()
    codes: Codes | None = None
    tails: tuple[Tail, ...] = ()
    steps: Codes | None = None

    @property
    def best(self) -> float | None:
        """The best score of a linear model that reads some of them as categories or in steps."""
        return max((one.score for one in (self.codes, self.steps) if one is not None), default=None)


NO_COLUMNS = ColumnFacts()


def look_at_columns(stored: NDArray[Any], yardstick: Yardstick, names: Sequence[str]) -> ColumnFacts:
    """What the columns of a table hold.

    Args:
        stored: examples of shape (n, features), as they are stored.
        yardstick: scores models on the labels of some of them.
        names: what the features are called, if they have names.
    """
    enough = len(yardstick.rows) >= thresholds.FEW_EXAMPLES
    return ColumnFacts(
        find_sentinels(stored, names),
        find_units(stored, names, yardstick),
        find_codes(stored, yardstick, names) if enough else None,
        find_tails(stored, names) if enough else (),
        find_steps(stored, yardstick, names) if enough else None,
    )
