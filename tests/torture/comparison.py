"""What of a finished run must be equal, bit for bit: all but dates, seconds and names."""

import csv
import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import h5py

from nnctl.runs import RunDirectory, checkpoints

_TIMES = ("seconds", "elapsed", "fingerprints")


def final(run: RunDirectory) -> dict[str, Any]:
    """The final state: variables, optimizer, callbacks and best weights; metrics.csv; model.keras's arrays; the evaluation."""
    newest = checkpoints.list_checkpoints(run.checkpoints)[0]
    files = checkpoints.read_checkpoint(newest)
    facts = json.loads(files.pop("state.json"))
    history = [{name: value for name, value in row.items() if name != "seconds"} for row in facts.pop("history")]
    manifest = run.manifest
    return {
        "checkpoint": newest.name,
        "arrays": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
        "facts": {name: value for name, value in facts.items() if name not in _TIMES},
        "history": history,
        "metrics": history_of(run.metrics),
        "model": weights_of(run.model),
        "predictions": (run.evaluation("test") / "predictions.csv").read_bytes(),
        "scores": (run.evaluation("test") / "metrics.json").read_bytes(),
        "manifest": [manifest.status, manifest.epochs, manifest.best_epoch, manifest.best, manifest.scores],
    }


def differences(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """The parts that differ."""
    return [name for name in one if one[name] != other[name]]


def history_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as lines:
        return [{name: cell for name, cell in row.items() if name != "seconds"} for row in csv.DictReader(lines)]


def weights_of(path: Path) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    with zipfile.ZipFile(path) as archive, h5py.File(io.BytesIO(archive.read("model.weights.h5"))) as weights:
        weights.visititems(
            lambda name, item: found.update({name: item[()].tobytes()}) if isinstance(item, h5py.Dataset) else None
        )
    return found
