"""TensorFlow, loaded quietly, and the settings that the bits of a result depend on.

Results depend on the number of threads and on oneDNN (measured: even with op determinism), so both are fixed when
TensorFlow is loaded, recorded in `run.json`, and taken from there when a run goes on. It is the threads that share one
operation (`intra_op`) that bits depend on: they cut it into pieces. How many operations run side by side (`inter_op`) moves
none: what has an effect is kept in order by the graph, and the rest is a function of its inputs. Measured on 28 kinds of
network and training, with 1, 2 and 4 of them, on free and on loaded cores; recurrent layers take two thirds of the time.
"""

import contextlib
import gc
import os
import platform
import sys
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TypedDict

import numpy as np

from nnctl.cores import count_cores
from nnctl.data.memory.available import format_bytes, measure_address_space
from nnctl.errors import Problem, UsageError

# Bytes of addresses that TensorFlow takes with its first training: measured, 1.3 GiB loaded and 0.6 for its threads. Where
# there are fewer it does not raise an error, but ends the process.
_ADDRESSES = 7 * 2**28
_NEEDLESS = ("sklearn", "pandas", "matplotlib")


def _silence() -> None:
    """Sets what silences TensorFlow.

    h5py, which Keras imports, asks for the processor: Python would start `uname -p` for it, whatever program of this name lies
    first in the folders of PATH. So the answer, which Python keeps, is given before the question.
    """
    vars(platform.uname()).setdefault("processor", platform.machine())
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")


@contextlib.contextmanager
def _hide_settings() -> Iterator[None]:
    """Keeps Keras from its own settings, a `keras.json` at home and variables: no spec and no run holds them, and they would
    change numbers (another `floatx` or `epsilon`), or end or block the import if they are not what it takes.
    """
    kept = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("KERAS_")}
    # Below a file no folder is, nor can one be made: Keras, which would write a `keras.json`, goes on without.
    os.environ.update(KERAS_BACKEND="tensorflow", KERAS_HOME=f"{os.devnull}/keras")
    try:
        yield
    finally:
        del os.environ["KERAS_HOME"]
        os.environ.update({**kept, "KERAS_BACKEND": "tensorflow"})


@contextlib.contextmanager
def _block_needless() -> Iterator[None]:
    """Makes imports fail of what Keras imports if it is installed, for parts of it that nnctl does not use: wrappers, pictures,
    data frames. Together they take a third of the time of loading it. What has been imported before stays.
    """
    absent = [name for name in _NEEDLESS if name not in sys.modules]
    for name in absent:
        sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]


@contextlib.contextmanager
def _pause_collections() -> Iterator[None]:
    """Keeps Python from looking for garbage among three thousand modules, while they load (a sixth of that time) and later."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if enabled:
            gc.enable()


@contextlib.contextmanager
def _withhold_stderr() -> Iterator[None]:
    """Sets file descriptor 2 aside, and replays what was written to it if the block fails.

    Three kinds of TensorFlow's log lines reach it whatever the log level: they are written before logging is set up. Who
    interrupts the loading wants none of them.
    """
    sys.stderr.flush()
    kept = os.dup(2)
    with _open_aside() as aside:
        os.dup2(aside.fileno(), 2)
        try:
            yield
        except Exception:
            aside.seek(0)
            os.write(kept, aside.read())
            raise
        finally:
            os.dup2(kept, 2)
            os.close(kept)


def _open_aside() -> IO[bytes]:
    """A file without a name: in memory, where the system has such, since the folders for temporary files may all be read-only."""
    try:
        return os.fdopen(os.memfd_create("stderr"), "w+b")
    except (AttributeError, OSError):
        return tempfile.TemporaryFile()


@contextlib.contextmanager
def _do_without_temporary() -> Iterator[None]:
    """Names a folder for temporary files where none can be written to: absl, which TensorFlow imports, asks for one."""
    before = tempfile.tempdir
    try:
        tempfile.gettempdir()
    except OSError:
        tempfile.tempdir = os.sep
    try:
        yield
    finally:
        tempfile.tempdir = before


def _read_threads() -> int:
    """How many threads a product is shared among: $NNCTL_THREADS, or as many as this process may run on."""
    given = os.environ.get("NNCTL_THREADS")
    if given is None:
        return count_cores()
    if not given.isdecimal() or not 1 <= int(given) <= 1024:
        raise UsageError(Problem("bad-threads", f"$NNCTL_THREADS is {given!r}, expected a whole number from 1 to 1024"))
    return int(given)


def _refuse_little_room() -> None:
    """Refuses to load TensorFlow where it could not work.

    Raises:
        UsageError: what is left of the address space is too little.
    """
    room = measure_address_space()
    if room is not None and room < _ADDRESSES:
        told, hint = format_bytes(_ADDRESSES), "`ulimit -v` sets the limit; `ulimit -v unlimited` lifts it"
        message = f"TensorFlow takes {told} of addresses, and this process may have {format_bytes(room)}"
        raise UsageError(Problem("out-of-memory", message, hint=hint))


_silence()
_refuse_little_room()
_given = _read_threads()
with _withhold_stderr(), _do_without_temporary(), _hide_settings(), _block_needless(), _pause_collections():
    import keras
    import tensorflow as tf

    tf.get_logger().setLevel("ERROR")  # its warnings about retracing mean nothing to who wrote a spec
    tf.config.threading.set_intra_op_parallelism_threads(_given)
    tf.config.threading.set_inter_op_parallelism_threads(_given)
    tf.config.list_logical_devices()  # initialises the devices, which logs
# Where Keras was imported before nnctl, its settings are those of its file.
keras.config.set_floatx("float32")
keras.config.set_epsilon(1e-7)
keras.config.set_image_data_format("channels_last")
# What Keras warns of stands in its own code and names no line of a spec; the rules tell of it with a place and an edit.
warnings.filterwarnings("ignore", module=r"keras\.")


class Settings(TypedDict):
    """What bits depend on beside the versions: the machine, the devices, and how TensorFlow uses them."""

    system: str
    processor: str
    devices: list[str]
    threads: int
    onednn: bool


def read_versions() -> dict[str, str]:
    """The versions that a result depends on."""
    return {
        "python": platform.python_version(),
        "keras": keras.__version__,
        "tensorflow": tf.__version__,
        "numpy": np.__version__,
    }


def read_settings() -> Settings:
    """The machine and the settings that a result depends on, as `run.json` records them."""
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "processor": _read_processor(),
        "devices": [device.name.removeprefix("/device:") for device in tf.config.list_logical_devices()],
        "threads": tf.config.threading.get_intra_op_parallelism_threads(),
        "onednn": os.environ["TF_ENABLE_ONEDNN_OPTS"] != "0",
    }


def _read_processor() -> str:
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
