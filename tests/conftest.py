"""What tests share: a spec to start from, and the whole of MNIST where there is one."""

import gc
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

# NumPy and scikit-learn wait for their threads by spinning: beside another test process that takes ten times as long as the
# work. Set before either is loaded; TensorFlow's threads are its own.
os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")

# `make test` draws the same few examples each time; `make fuzz` draws others, for as long as it is told to.
settings.register_profile("test", derandomize=True, max_examples=60, deadline=None, database=None)
settings.register_profile("fuzz", max_examples=int(os.environ.get("NNCTL_FUZZ", "20000")), deadline=None)
settings.load_profile("fuzz" if "NNCTL_FUZZ" in os.environ else "test")

# A shell's background job ignores interrupts, and a job behind nohup hang-ups, and what they start inherits that; here both are
# heard, and in every process.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)

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


# Folders and files of tests that share what takes long to make: each goes to one of `make test`'s processes as a whole.
TOGETHER = (
    "tests/bench/debugging/test_suite.py", "tests/cli/", "tests/engine/test_agreement.py", "tests/engine/test_backend.py",
    "tests/engine/network/test_embedding.py", "tests/engine/state/test_state_file.py", "tests/engine/test_evaluate.py",
    "tests/engine/test_predict.py", "tests/engine/test_resume.py", "tests/models/test_admission.py",
    "tests/topics/test_codes.py",
)  # fmt: skip


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """Gives out tests one by one, but those that share something together, and these first.

    xdist's own `loadgroup` does so by marks, which it loses with pytest 9.
    """
    from xdist.scheduler import LoadScopeScheduling

    class Scheduling(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return next((place for place in TOGETHER if nodeid.startswith(place)), nodeid)

    return Scheduling(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leaves out, with the reason, what wants all of MNIST where it is not at hand."""
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
