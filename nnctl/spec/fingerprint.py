"""What of a spec the bits of a training depend on, as one number: two specs with the same are resumed as one."""

import hashlib
import json
from typing import Any

from nnctl.spec.dump import resolve_spec
from nnctl.spec.sections import Spec

# How long to train may be changed, and the files may have moved: what is in them has a fingerprint of its own.
_FREE = {"data": ("path", "offline"), "train": ("epochs", "max_time", "checkpoint", "tensorboard", "init_from")}


def compute_fingerprint(spec: Spec) -> str:
    """SHA-256, in hex, of the resolved spec without its name, its lengths and its paths."""
    sections = resolve_spec(spec)
    del sections["name"]
    for section, keys in _FREE.items():
        sections[section] = {key: value for key, value in sections[section].items() if key not in keys}
    for key in ("validation", "test"):
        value = sections["data"][key]
        sections["data"][key] = "a path" if isinstance(value, str) and value != "none" else value
    for key in ("split", "skip"):  # what no run of an earlier version could say
        if sections["data"][key] is None:
            del sections["data"][key]
    return hashlib.sha256(json.dumps(_sort_keys(sections)).encode()).hexdigest()


def _sort_keys(value: Any) -> Any:
    """A value with the keys of its maps in order: numbers, as of classes, before names, which may stand side by side."""
    if isinstance(value, dict):
        ordered = sorted(value, key=lambda key: (isinstance(key, str), key))
        return {key: _sort_keys(value[key]) for key in ordered}
    return [_sort_keys(item) for item in value] if isinstance(value, list) else value
