"""Whether nnctl works here, from Python: what it finds, and a training of two seconds that goes through all stages."""

import errno
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from nnctl.api.specs import load_spec
from nnctl.api.training import train
from nnctl.environment import Condition, find_conditions
from nnctl.errors import NnctlError
from nnctl.runs import find_root

# A network that gets 93 % of the digits of scikit-learn right; whoever gets less than four in five has a broken library.
ENOUGH = 0.8
_SPEC = """
name: doctor
data: {source: digits, validation: 0.1}
model: {layers: [flatten, {dense: {units: 32, activation: relu}}, {dense: {units: 10, activation: softmax}}]}
train: {loss: sparse_categorical_crossentropy, learning_rate: 0.01, epochs: 10}
"""


def examine(runs: str | Path | None = None) -> Iterator[Condition]:
    """Whether nnctl works here, one thing after the other: versions, memory, disk, data, devices, a short training.

    What is written goes into a folder that is removed.

    Args:
        runs: the folder of the run directories; `$NNCTL_RUNS` or `runs` if left out.

    Yields:
        What was found; its `fault` is None where all is well. Nothing is raised.
    """
    yield from find_conditions(find_root(runs))
    yield from _examine_engine()


def _examine_engine() -> Iterator[Condition]:
    """The devices, as soon as TensorFlow is loaded, and then how a short training went."""
    begun = time.perf_counter()
    try:
        from nnctl.engine import backend
    except Exception as error:  # a library that is broken raises what it likes
        yield Condition("tensorflow", "cannot be loaded", _explain_loading(error))
        return
    settings, seconds = backend.read_settings(), time.perf_counter() - begun
    devices = ", ".join(settings["devices"])
    told = f"{devices}, {settings['threads']} threads, oneDNN {'on' if settings['onednn'] else 'off'}"
    yield Condition("device", f"{told}; TensorFlow loaded in {seconds:.1f} s")
    yield _examine_training()


def _explain_loading(error: Exception) -> str:
    """Why TensorFlow is not there, and what to do: not always is it broken."""
    match error:
        case NnctlError(problems=(problem, *_)):
            return f"{problem.message}; {problem.hint}" if problem.hint else problem.message
        case MemoryError() | PermissionError():
            return _format_line(error)
        case OSError(errno=int(number)) if number != errno.ENOENT:  # refused by the system, and not lost
            return _format_line(error)
    return f"{_format_line(error)}: install nnctl anew"


def _examine_training() -> Condition:
    """Trains, saves, scores and loads a small network in a folder that is removed."""
    begun = time.perf_counter()
    try:
        tempfile.gettempdir()
    except OSError:
        told = "no folder for temporary files can be written to: $TMPDIR names one"
        return Condition("training", "was not tried", told)
    try:
        with TemporaryDirectory() as folder:
            path = Path(folder) / "doctor.yaml"
            path.write_text(_SPEC)
            run = train(load_spec(path), runs=folder)
            score = run.scores["test"]["accuracy"] or 0.0
            run.model()
    except Exception as error:  # whatever it is, it is what the user wants to know
        return Condition("training", "did not come to its end", _format_line(error))
    told = f"{score:.1%} of the test digits right, {time.perf_counter() - begun:.1f} s for all stages"
    fault = f"at least {ENOUGH:.0%} were expected: these versions compute wrong results" if score < ENOUGH else None
    return Condition("training", told, fault)


def _format_line(error: Exception) -> str:
    return " ".join(str(error).split())[:300] or type(error).__name__
