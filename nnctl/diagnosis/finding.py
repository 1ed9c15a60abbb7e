"""One shape for everything that is found: what was seen, what it does, and the edit that mends it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from nnctl.errors import Place
from nnctl.spec.edits import Edit
from nnctl.spec.text.path import Path

__all__ = ["LEVELS", "Edit", "Finding", "Fix", "Level", "Path", "Stage", "has_loud", "rank"]

Level = Literal["error", "warning", "info"]
"""`error`: the network cannot learn what it should. `warning`: it very likely learns worse. `info`: worth knowing."""

Stage = Literal["static", "data", "probe", "run"]
"""What had to be looked at: the spec alone; the data; the network on a few examples; a whole training."""

LEVELS: tuple[Level, ...] = ("error", "warning", "info")


@dataclass(frozen=True, slots=True)
class Fix:
    """The edits that mend a fault, all of which are needed.

    Attributes:
        edits: in the order in which they apply.
        instead: what else would do, in words, or None.
    """

    edits: tuple[Edit, ...]
    instead: str | None = None

    @classmethod
    def set(cls, path: Path, value: Any, instead: str | None = None) -> "Fix":
        """The fix that sets one value."""
        return cls((Edit(path, value),), instead)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that keeps a network from learning, or looks as if it did.

    Attributes:
        found: what was observed, with the numbers.
        effect: what it does to training.
        path: the part of the YAML that is to blame, or () for none.
        where: what that is in words (`layers[5] dense`), or "".
        fix: the edits that mend it, or None where no edit of the spec does.
        level: how bad it is; a rule's own level unless it says otherwise.
        confidence: how sure the rule is, from 0 to 1; what a probe confirmed counts 1.
        checked: what confirmed it, in numbers, or None.
        code: the rule's code, filled in when the rule has run.
        stage: the rule's stage, filled in likewise.
        place: where `path` stands in the file, filled in likewise.
        explained_by: the code of the finding that causes this one, or None.
    """

    found: str
    effect: str
    path: Path = ()
    where: str = ""
    fix: Fix | None = None
    level: Level | None = None
    confidence: float = 0.8
    checked: str | None = None
    code: str = ""
    stage: Stage = "static"
    place: Place | None = None
    explained_by: str | None = None

    @property
    def loud(self) -> bool:
        """Whether it is a warning or worse: what makes a verb exit with 1."""
        return self.level in ("error", "warning")

    def replace(self, **changed: Any) -> "Finding":
        """The finding with some attributes changed."""
        return replace(self, **changed)


def rank(finding: Finding) -> int:
    """How far down the list of levels a finding is, from 0."""
    return LEVELS.index(finding.level or "warning")


def has_loud(findings: Sequence[Finding]) -> bool:
    """Whether any finding that nothing else explains is a warning or worse."""
    return any(finding.loud and finding.explained_by is None for finding in findings)
