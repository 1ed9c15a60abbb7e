"""The files of data that the suite's specs name: drawn from fixed seeds, healthy or with one fault.

A name is `BASE.npz` or `BASE-FAULT.npz`; a file is written the first time that a spec asks for it. Faults touch what they
name and nothing else, so that a faulty file differs from its parent's by that alone.
"""

import re
from pathlib import Path

import numpy as np

from tests.bench.debugging import bases, corruptions, stand_ins

BASES = {**bases.BASES, **stand_ins.BASES}
_FILE = re.compile(r"path: (?P<name>[\w-]+\.npz)")


def write_named(text: str, folder: Path) -> None:
    """Writes each NPZ file that a spec's text names into the folder, unless it lies there."""
    for found in _FILE.finditer(text):
        target = folder / found["name"]
        if not target.exists():
            np.savez(target, **make(target.stem))


def make(name: str) -> bases.Arrays:
    """The arrays of a file: `x_train`, `y_train`, `x_test`, `y_test`."""
    base, _, fault = name.partition("-")
    found = BASES[base](np.random.default_rng(2020))
    if fault:
        corruptions.FAULTS[fault](found, np.random.default_rng(7))
    return found
