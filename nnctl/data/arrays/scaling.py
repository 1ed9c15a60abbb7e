"""The scaling of a network's examples and targets: what it is, and how a run keeps it."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnctl import bounds
from nnctl.errors import DataError, Problem
from nnctl.files import read_kept

_ARRAYS = ("mean", "variance", "shift")


@dataclass(frozen=True, slots=True, eq=False)
class Scaling:
    """What is done to examples once they are float32.

    Behind a layer that masks steps, examples are what it gives: `mean` and `variance` are of a step's features.

    Attributes:
        kind: `unit`: x * factor; `standard`: (x - mean) / sqrt(variance); `none`: nothing.
        factor: of `unit`.
        mean: of `standard`, float32 of an example's shape.
        variance: of `standard`, float32 of an example's shape; 1 where training has one value only.
        shift: of `standard`, float32 of an example's shape, where float32 cannot tell the examples apart: it is taken away
            first, in float64, and mean and variance are of what is left; else None.
    """

    kind: str
    factor: float | None = None
    mean: NDArray[np.float32] | None = None
    variance: NDArray[np.float32] | None = None
    shift: NDArray[np.float32] | None = None

    @property
    def divisor(self) -> float | None:
        """What `unit` divides by."""
        return None if self.factor is None else 1.0 / self.factor

    def describe(self) -> str:
        """What is done, for the terminal and the run's manifest: `divided by 255`."""
        if self.divisor is not None:
            return f"divided by {self.divisor:.6g}"
        if self.kind == "none":
            return "as they are"
        return "standardised" if self.shift is None else "standardised in float64"


@dataclass(frozen=True, slots=True, eq=False)
class Scales:
    """How a network's examples and targets are scaled."""

    inputs: Scaling
    targets: Scaling

    def dump(self) -> str:
        """As JSON; `read_scales` reads it back, every number bit for bit."""
        return json.dumps({"inputs": _dump(self.inputs), "targets": _dump(self.targets)}) + "\n"


def read_scales(path: Path) -> Scales | None:
    """How a run scales its examples and targets; None where there is no such file: the run is older.

    Raises:
        RunError: the file cannot be read.
        DataError: it says something else.
    """
    return read_kept(path, bounds.SCALING, parse_scales)


def parse_scales(text: str) -> Scales:
    """What `Scales.dump` has written.

    Raises:
        DataError: the text is something else.
    """
    try:
        entry = json.loads(text)
        return Scales(_parse(entry["inputs"]), _parse(entry["targets"]))
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        hint = "put the run's own file back"
        raise DataError(Problem("bad-scaling", "scaling.json is not as nnctl writes it", hint=hint)) from None


def _dump(scaling: Scaling) -> dict[str, Any]:
    arrays = {name: getattr(scaling, name) for name in _ARRAYS}
    told = {name: array.tolist() for name, array in arrays.items() if array is not None}
    divisor = {} if scaling.factor is None else {"divided_by": scaling.divisor, "factor": scaling.factor}
    return {"kind": scaling.kind, **divisor, **told}


def _parse(entry: dict[str, Any]) -> Scaling:
    kind, factor = entry["kind"], entry.get("factor")
    if kind not in ("unit", "standard", "none") or not (factor is None or np.isfinite(float(factor))):
        raise ValueError(kind)
    arrays = {name: np.array(entry[name], np.float32) for name in _ARRAYS if name in entry}
    whole = all(np.isfinite(array).all() for array in arrays.values())
    if (
        (kind == "unit") != (factor is not None)
        or (kind == "standard") != ("mean" in arrays and "variance" in arrays)
        or not whole
    ):
        raise ValueError(kind)
    return Scaling(kind, None if factor is None else float(factor), **arrays)
