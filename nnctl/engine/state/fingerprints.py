"""What the bits of a training depend on, and what of it is another where it is resumed."""

from typing import Any

from nnctl.engine import backend
from nnctl.engine.loop.training import Training
from nnctl.runs import Manifest
from nnctl.spec.fingerprint import compute_fingerprint
from nnctl.version import __version__

Fingerprints = dict[str, Any]


def compute_fingerprints(training: Training) -> Fingerprints:
    """The spec, the data, the versions and the machine of a training, as JSON holds them."""
    return make_fingerprints(compute_fingerprint(training.resolve_spec()), training.dataset.fingerprint)


def make_fingerprints(spec: str, data: str) -> Fingerprints:
    """The fingerprints of a spec and data on this machine."""
    versions = {"nnctl": __version__, **backend.read_versions()}
    return {"spec": spec, "data": data, "versions": versions, "platform": backend.read_settings()}


def read_fingerprints(manifest: Manifest) -> Fingerprints:
    """Those that a run was begun with."""
    data, versions, platform = manifest.data.get("fingerprint"), manifest.versions, manifest.platform
    return {"spec": manifest.fingerprint, "data": data, "versions": versions, "platform": platform}


def find_differences(then: Fingerprints, now: Fingerprints) -> list[str]:
    """What differs, in words; an empty list if the bits will be those of one unbroken training."""
    told = [f"the {key} is another" for key in ("spec",) if then.get(key) != now[key]]
    told += ["the data differ" for key in ("data",) if then.get(key) != now[key]]
    for key in ("versions", "platform"):
        before = then.get(key) if isinstance(then.get(key), dict) else {}
        assert before is not None
        told += [
            f"{name} is {_format_value(value)}, and was {_format_value(before.get(name))}"
            for name, value in now[key].items()
            if before.get(name) != value
        ]
    return told


def _format_value(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
