import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nnctl.engine import backend


def fresh(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)


NEEDLESS = ("sklearn", "pandas", "matplotlib")
LOADED = f"""
import gc, json, sys, nnctl.engine, keras
keras.ops.ones(3)
told = {{"loaded": sorted({{*{NEEDLESS}}} & {{*sys.modules}}), "on": gc.isenabled(), "frozen": gc.get_freeze_count()}}
print(json.dumps({{**told, "names": [__import__(name).__name__ for name in {NEEDLESS}]}}))
"""
# What was loaded before, and garbage that was not collected before.
BEFORE = """
import gc, json, pandas
gc.disable()
import nnctl.engine, keras, numpy
model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
shape = model.predict(pandas.DataFrame(numpy.ones((3, 2), "float32")), verbose=0).shape
print(json.dumps({"on": gc.isenabled(), "shape": shape}))
"""


@pytest.fixture(scope="module")
def loaded() -> subprocess.CompletedProcess[str]:
    """What a process says that has loaded TensorFlow as nnctl does."""
    return fresh(LOADED)


@pytest.fixture(scope="module")
def before() -> dict[str, Any]:
    """What a process says that had loaded something before."""
    return json.loads(fresh(BEFORE).stdout)


def test_loading_tensorflow_prints_nothing(loaded: subprocess.CompletedProcess[str]) -> None:
    assert (len(loaded.stdout.splitlines()), loaded.stderr) == (1, "")


@pytest.mark.parametrize("package", NEEDLESS)
def test_loading_keras_does_not_load_what_nnctl_does_not_need_and_leaves_it_to_be_loaded(
    loaded: subprocess.CompletedProcess[str], package: str
) -> None:
    told = json.loads(loaded.stdout)
    assert package not in told["loaded"]
    assert package in told["names"]


def test_what_was_loaded_before_stays(before: dict[str, Any]) -> None:
    assert before["shape"] == [3, 1]


def test_garbage_is_collected_again_but_not_among_what_was_loaded(
    loaded: subprocess.CompletedProcess[str], before: dict[str, Any]
) -> None:
    told = json.loads(loaded.stdout)
    assert told["on"]
    assert told["frozen"] > 100_000
    assert not before["on"]


SETTINGS = """
import json, os, sys
{first}
import nnctl.engine, keras
layer = keras.layers.Dense(1)
layer.build((None, 2))
told = [keras.config.floatx(), keras.config.epsilon(), keras.config.image_data_format(), keras.config.backend(),
        layer.kernel.dtype, keras.layers.Flatten().data_format]
print(json.dumps([told, sorted((n, v) for n, v in os.environ.items() if n.startswith("KERAS_"))]))
"""
OWN = ["float32", 1e-7, "channels_last", "tensorflow", "float32", "channels_last"]
OTHERS = {"floatx": "float64", "epsilon": 0.5, "backend": "jax", "image_data_format": "channels_first"}


@pytest.mark.parametrize(
    "content", [json.dumps(OTHERS), "[]", '{"epsilon": "x"}', '{"floatx": "bfloat16"}', '{"nnx_enabled": true}', None]
)
def test_keras_own_settings_have_no_effect_and_stay(
    content: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tmp_path / "keras.json"
    if content is None:
        os.mkfifo(settings)
    else:
        settings.write_text(content)
    given = {"KERAS_HOME": str(tmp_path), "KERAS_MAX_EPOCHS": "x", "KERAS_NNX_ENABLED": "true"}
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    told, variables = json.loads(fresh(SETTINGS.format(first="")).stdout)
    assert told == OWN
    assert dict(variables) == {**given, "KERAS_BACKEND": "tensorflow"}
    assert content is None or settings.read_text() == content


def test_keras_writes_no_settings_either(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KERAS_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    _, variables = json.loads(fresh(SETTINGS.format(first="")).stdout)
    assert dict(variables) == {"KERAS_BACKEND": "tensorflow"}
    assert list(tmp_path.iterdir()) == []


def test_settings_of_a_keras_that_was_imported_before_have_no_effect(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "keras.json").write_text(json.dumps({**OTHERS, "backend": "tensorflow"}))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    assert json.loads(fresh(SETTINGS.format(first="import keras")).stdout)[0] == OWN


@pytest.mark.parametrize(("error", "shown"), [("ImportError", "a log line"), ("KeyboardInterrupt", "")])
def test_what_tensorflow_said_is_shown_if_loading_it_fails_and_not_if_it_is_interrupted(error: str, shown: str) -> None:
    code = f"""
import os, sys
class Hook:
    def find_spec(self, name, path=None, target=None):
        if name == "keras":
            os.write(2, b"a log line\\n")
            raise {error}("no Keras")
sys.meta_path.insert(0, Hook())
try:
    import nnctl.engine
except {error} as raised:
    print(raised)
"""
    done = fresh(code)
    assert (done.stdout.strip(), done.stderr.strip()) == ("no Keras", shown)


@pytest.mark.skipif(not hasattr(os, "memfd_create"), reason="the system has no files in memory")
def test_tensorflow_is_loaded_where_no_temporary_file_can_be_written() -> None:
    code = """
import tempfile
def fail(*given, **named):
    raise FileNotFoundError(2, "No usable temporary directory found")
tempfile._get_default_tempdir = fail
import nnctl.engine.backend
print("loaded")
"""
    assert fresh(code).stdout == "loaded\n"


# A layer of two kernels, dropout and an optimizer with moments: much that could run in another order.
SIDE_BY_SIDE = """
import hashlib, pathlib, sys
import tensorflow as tf
threading, given = tf.config.threading, tf.config.threading.set_inter_op_parallelism_threads
threading.set_inter_op_parallelism_threads = lambda usual: given({count})
from nnctl.data import peek
from nnctl.spec import load_spec
from tests.engine.conftest import Quiet, trainable
spec = load_spec(pathlib.Path(sys.argv[1]), [], peek)
training = trainable(spec)
training.run(Quiet())
assert threading.get_inter_op_parallelism_threads() == {count}
print(hashlib.sha256(b"".join(each.numpy().tobytes() for each in training.model.variables)).hexdigest())
"""


def test_operations_side_by_side_move_no_bit(python: Callable[..., str], write: Callable[..., Path]) -> None:
    layers = "    - separable_conv2d: {filters: 4, kernel_size: 3}\n    - dropout: 0.2\n    - flatten\n"
    path = write(**{"    - flatten\n": layers, "epochs: 2": "epochs: 1\n  xla: update"})
    one, four = (python(SIDE_BY_SIDE.format(count=count), path) for count in (1, 4))
    assert len(one) > 64
    assert one == four


def test_what_bits_depend_on_is_told() -> None:
    import tensorflow as tf

    settings = backend.read_settings()
    assert settings["threads"] >= 1
    assert tf.config.threading.get_inter_op_parallelism_threads() == settings["threads"]
    assert isinstance(settings["onednn"], bool)
    assert settings["devices"]
    assert set(backend.read_versions()) == {"python", "keras", "tensorflow", "numpy"}


def test_neither_loading_it_nor_the_debugger_runs_what_lies_first_on_the_path(
    write: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """h5py would ask `uname`, and scikit-learn `lscpu`; another folder of one's PATH may hold somebody else's."""
    (folder := tmp_path / "programs").mkdir()
    for name in ("uname", "lscpu", "ldconfig", "gcc", "file", "git"):
        (folder / name).write_text(f"#!/bin/sh\necho {name} >> {tmp_path}/started\n")
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    assert subprocess.check_output(["uname"]) == b""
    assert (tmp_path / "started").read_text() == "uname\n"
    (tmp_path / "started").unlink()
    command = [sys.executable, "-m", "nnctl", "debug", str(write())]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    assert not (tmp_path / "started").exists()


def test_where_addresses_are_few_tensorflow_is_not_begun_with() -> None:
    code = (
        "import resource; resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30))\n"
        "try:\n    import nnctl.engine.backend\n"
        "except Exception as error:\n    import sys; print(error.problems[0].code, 'tensorflow' in sys.modules)"
    )
    assert fresh(code).stdout.split() == ["out-of-memory", "False"]
