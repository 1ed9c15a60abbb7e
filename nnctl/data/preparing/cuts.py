"""What became of the shares that were asked for where rows are cut by time or group: real shares, and where the cuts lie."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnctl.data.preparing.row_keys import RowKeys
from nnctl.spec.sections import Data


@dataclass(frozen=True, slots=True)
class CutPart:
    """What was cut for one split, or is left of the training examples.

    Attributes:
        rows: how many there are.
        groups: how many groups these are of; None for a cut by time.
        first: the first time, as it is written; None for groups, and where the order of the rows is that of time.
        last: the last time, likewise.
        share: the real share of the rows that it was cut from; None of what is left.
    """

    rows: int
    groups: int | None
    first: str | None
    last: str | None
    share: float | None


@dataclass(frozen=True, slots=True)
class CutBy:
    """How the training examples were cut.

    Attributes:
        kind: `time` or `group`.
        name: by what, for messages: `column 'date'`.
        parts: what was cut, by split: `train`, which is left, and `validation` and `test`, if they were cut from it.
        notes: the same in sentences.
    """

    kind: str
    name: str
    parts: Mapping[str, CutPart]
    notes: tuple[str, ...]

    def document(self) -> dict[str, Any]:
        """It as the manifest has it."""
        return {"kind": self.kind, "name": self.name, "parts": {key: asdict(part) for key, part in self.parts.items()}}


def describe_cut(keys: RowKeys, data: Data, rows: Mapping[str, NDArray[np.int64]]) -> CutBy:
    """How training's rows were cut.

    Args:
        keys: the time or group of each row.
        data: the section.
        rows: training's rows in each split that was cut from them, and in what is left, which is `train`.
    """
    rest = sum(len(rows.get(key, ())) for key in ("train", "validation"))
    shares = {key: len(rows[key]) / (len(keys.codes) if key == "test" else rest) for key in rows if key != "train"}
    if data.subset is not None:
        shares.pop("test", None)  # of what a subset leaves of test the share says nothing
    known = [key for key in ("train", "validation", "test") if key in rows]
    parts = {key: _describe_part(keys, rows[key], shares.get(key)) for key in known}
    whole = {"test": "all", "validation": "all" if rest == len(keys.codes) else "the rest"}
    told = ", ".join(_tell(name, part, whole.get(name, "")) for name, part in parts.items())
    told = f"cut by {keys.kind}, {keys.name}: {told}"
    return CutBy(keys.kind, keys.name, parts, (told, *([] if keys.told is None else [keys.told])))


def _describe_part(keys: RowKeys, rows: NDArray[np.int64], share: float | None) -> CutPart:
    codes = keys.codes[rows]
    if keys.kind == "group":
        return CutPart(len(rows), len(np.unique(codes)), None, None, share)
    first, last = (None if keys.texts is None else keys.texts[int(code)] for code in (codes.min(), codes.max()))
    return CutPart(len(rows), None, first, last, share)


def _tell(name: str, part: CutPart, whole: str) -> str:
    share = "" if part.share is None else f", {part.share:.3g} of {whole}"
    if part.groups is not None:
        groups = "1 group" if part.groups == 1 else f"{part.groups:,} groups"
        return f"{name} {groups} ({part.rows:,} rows{share})"
    span = (
        "" if part.first is None else f"{part.first} to {part.last} " if part.first != part.last else f"{part.first} "
    )
    return f"{name} {span}({part.rows:,} rows{share})"
