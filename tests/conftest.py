"""What tests share: a spec to start from, and the whole of MNIST where there is one."""

import gc
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

# `make test` draws the same few examples each time; `make fuzz` draws others, for as long as it is told to.
settings.register_profile("test", derandomize=True, max_examples=60, deadline=None, database=None)
settings.register_profile("fuzz", max_examples=int(os.environ.get("NNCTL_FUZZ", "20000")), deadline=None)
settings.load_profile("fuzz" if "NNCTL_FUZZ" in os.environ else "test")

# A shell's background job ignores interrupts, and what it starts inherits that; here they are heard, and in every process.
signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = Path(__file__).parent
SPEC = """\
name: tiny
seed: 3
data:
  source: digits
  validation: 0.2
model:
  layers:
    - flatten
    - dense: {units: 16, activation: relu}
    - dense: {units: 10, activation: softmax}
train:
  loss: categorical_crossentropy
  optimizer: adam
  learning_rate: 0.01
  batch_size: 32
  epochs: 2
"""


# Fixtures that take long and are made once a process; `forks` is one process for a folder, the others are a file's own.
ONCE = {"forks", "shelf", "hands", "digits", "loaded", "before", "written", "verdicts"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Brings tests that share something into one of `make test`'s processes, and leaves out, with the reason, what wants all
    of MNIST where it is not at hand.
    """
    for item in items:
        if shared := ONCE & {*getattr(item, "fixturenames", ())}:
            place = item.path.parent if "forks" in shared else item.path
            item.add_marker(pytest.mark.xdist_group(place.relative_to(ROOT).as_posix()))
    folder = os.environ.get("NNCTL_DATA_DIR")
    if folder and (Path(folder) / "mnist.npz").is_file():
        return
    absent = pytest.mark.skip(reason="needs the whole of MNIST: mnist.npz in $NNCTL_DATA_DIR")
    for item in items:
        if item.get_closest_marker("mnist"):
            item.add_marker(absent)


def pytest_collection_finish() -> None:
    """Keeps what is loaded by now, tests included, out of the search for garbage: each training ends with one, and found
    nothing in a million objects.
    """
    gc.collect()
    gc.freeze()


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes a spec: the text as it is, or the usual one with pieces replaced."""

    def write(text: str = SPEC, *, name: str = "spec.yaml", **replaced: str) -> Path:
        for old, new in replaced.items():
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write
