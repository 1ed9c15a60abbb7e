"""`debug/diagnostics.jsonl`: what the network's layers looked like on the way, a line for each look."""

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from nnctl import bounds
from nnctl.files import read_bytes, write_text


@dataclass(frozen=True, slots=True)
class LayerCheck:
    """One layer with weights, seen on the same examples each time. What was not finite is NaN here and null in the file.

    Attributes:
        index: its place in `model.layers`, from 0.
        name: its kind.
        gradient: the root mean square of its kernel's gradient, penalties left out.
        update: what its kernel moved a step since the last look, root mean square over that of the kernel; 0 at the first.
        dead: the share of units that are 0 for every example (of ReLU and its kin).
        saturated: the share of units that sit at a bound of their activation for nine examples in ten.
    """

    index: int
    name: str
    gradient: float
    update: float
    dead: float
    saturated: float


@dataclass(frozen=True, slots=True)
class Check:
    """One look at a training.

    Attributes:
        epoch: the epoch, from 1.
        step: steps since the beginning of the training, as in `metrics.csv`.
        loss: on at most 256 training examples, in inference mode, without penalties.
        penalties: what the network's regularizers add to it.
        metrics: the loss and metrics of the epoch so far.
        layers: the layers with weights, in order.
    """

    epoch: int
    step: int
    loss: float
    penalties: float
    metrics: Mapping[str, float]
    layers: tuple[LayerCheck, ...]


def format_line(check: Check) -> str:
    """A look as a line of JSON, its end included."""
    return json.dumps(_encode_value(asdict(check)), allow_nan=False) + "\n"


def read_checks(path: Path) -> list[Check]:
    """The looks in a file, by their steps; lines that are no looks are passed over, and a missing file has none."""
    try:
        lines = read_bytes(path, bounds.DIAGNOSTICS).decode("utf-8", errors="replace").splitlines()
    except OSError:
        return []
    checks = [check for text in lines if (check := _parse_line(text)) is not None]
    return sorted(checks, key=lambda check: check.step)  # steps may have waited for their look


def drop_later(path: Path, step: int) -> None:
    """Drops the looks behind a step: what a resumed training is about to see again.

    Raises:
        OSError: the file cannot be written.
    """
    if path.is_file():
        write_checks(path, [check for check in read_checks(path) if check.step <= step])


def write_checks(path: Path, checks: Iterable[Check]) -> None:
    """Writes looks atomically.

    Raises:
        OSError: the file cannot be written.
    """
    write_text(path, "".join(map(format_line, checks)))


def _encode_value(value: Any) -> Any:
    """Six digits are plenty, and JSON has no NaN."""
    if isinstance(value, dict):
        return {key: _encode_value(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_encode_value(each) for each in value]
    if isinstance(value, float):
        return float(f"{value:.6g}") if math.isfinite(value) else None
    return value


def _parse_line(text: str) -> Check | None:
    try:
        content = json.loads(text)
        layers = tuple(
            LayerCheck(
                int(each["index"]), str(each["name"]), *(_decode_value(each[name]) for name in LayerCheck.__slots__[2:])
            )
            for each in content["layers"]
        )
        metrics = {str(name): _decode_value(value) for name, value in content["metrics"].items()}
        numbers = _decode_value(content["loss"]), _decode_value(content["penalties"])
        return Check(int(content["epoch"]), int(content["step"]), *numbers, metrics, layers)
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        return None


def _decode_value(value: Any) -> float:
    return math.nan if value is None else float(value)
