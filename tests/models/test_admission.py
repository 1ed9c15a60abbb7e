"""A harmless proof of concept for each class of Keras's published flaws; each is refused before Keras sees the file."""

import json
import os
import pickle
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from nnctl.errors import RunError
from nnctl.models import admit

from .conftest import CONFIG, archive, changed, layer, model, weights

ROOT = Path(__file__).parents[2]
# Read to know what is free; the reader's process, and its pipes.
NEEDED = {"/proc/meminfo", "/proc/self/cgroup", "/proc/self/statm", sys.executable, os.devnull}
LIMITS = "/sys/fs/cgroup/"
TENSOR = {"class_name": "__keras_tensor__", "config": {"shape": [None, 4], "dtype": "float32"}}


def dense(**arguments: Any) -> Any:
    return changed(lambda layers: layers[1]["config"].update(arguments))


def instead(name: str, config: dict[str, Any], module: str = "keras.layers", **more: Any) -> Any:
    """The model with another layer in place of its first dense one."""
    return changed(lambda layers: layers.__setitem__(1, layer(name, {"name": "x", **config}, module, **more)))


def functional(node: dict[str, Any], **more: Any) -> Any:
    layers = [
        {**CONFIG["config"]["layers"][0], "name": "input", "inbound_nodes": []},  # type: ignore[index]
        {**CONFIG["config"]["layers"][1], "name": "dense", "inbound_nodes": [node], **more},  # type: ignore[index]
    ]
    ends = {"input_layers": ["input", 0, 0], "output_layers": ["dense", 0, 0]}
    return {**CONFIG, "module": "keras.src.models.functional", "class_name": "Functional",
            "config": {"name": "f", "layers": layers, **ends}}  # fmt: skip


LAMBDA = {
    "class_name": "__lambda__",
    "config": {"value": "4wAAAAAAAAAAAAAAAAAAAAADAAAAcwgAAACXAHwAUwA=", "defaults": None},
}
FUNCTION = {"module": "builtins", "class_name": "function", "config": "system", "registered_name": "function"}
CONFIGS: dict[str, Any] = {
    # CVE-2024-3660, CVE-2025-9906: bytecode, and switching the safe mode off from inside the file
    "bytecode in a Lambda": instead("Lambda", {"function": LAMBDA}),
    "bytecode as an activation": dense(activation=LAMBDA),
    "unsafe deserialization asked for": instead(
        "enable_unsafe_deserialization", {}, "keras.config"
    ),
    # CVE-2025-1550: modules and classes of somebody else's
    "a foreign module": instead("Popen", {"args": "id"}, "subprocess"),
    "a foreign class among the initializers": dense(
        kernel_initializer={"module": "os", "class_name": "system", "config": {"command": "id"}, "registered_name": None}
    ),
    "a registered name": instead("Dense", {"units": 3}, registered_name="evil>Dense"),
    "Keras's own inner modules": instead("Dense", {"units": 3}, "keras.src.layers.core.dense"),
    "a model as a whole of another class": {**CONFIG, "class_name": "Popen", "module": "subprocess"},
    # CVE-2025-8747: functions of Keras itself, such as get_file, as layers
    "a function as a layer": instead("function", {"config": "get_file"}, "keras.utils"),
    "a function as an activation": dense(activation=FUNCTION),
    "a function by its path": dense(activation="keras.utils.get_file"),
    "a method as an initializer": dense(kernel_initializer="os.system"),
    # CVE-2025-12058, CVE-2026-1462: vocabularies that name files or addresses
    "a vocabulary in a file": instead("StringLookup", {"vocabulary": "/etc/passwd"}),
    "a vocabulary of integers in a file": instead("IntegerLookup", {"vocabulary": "/etc/passwd"}),
    "a vocabulary at an address": instead("IntegerLookup", {"vocabulary": "http://127.0.0.1:9/x"}),
    "a text vectorization": instead("TextVectorization", {"vocabulary": "file:///etc/hostname"}),
    # foreign SavedModels and networks of other libraries
    "a SavedModel": instead("TFSMLayer", {"filepath": "/tmp/saved", "call_endpoint": "serve"}),
    "a Torch module": instead("TorchModuleWrapper", {"module": "gAOVAAAA"}),
    "a JAX function": instead("JaxLayer", {"call_fn": FUNCTION}),
    "a layer that reads what a model's directory holds": instead("HashedCrossing", {"num_bins": 4}),
    # shape bombs
    "two billion units": dense(units=2_000_000_000),
    "two billion by two billion": changed(lambda layers: [each["config"].update(units=2_000_000_000) for each in layers[1:]]),
    "units without end": dense(units=10**400),
    "an input without end": changed(lambda layers: layers[0]["config"].update(batch_shape=[None, 2**62])),
    "an input of a huge example": changed(lambda layers: layers[0]["config"].update(batch_shape=[None, 2**30, 2**30])),
    "an output without end": instead("RepeatVector", {"n": 2**40}),
    "a table behind an unknown shape": changed(
        lambda layers: layers.insert(1, layer("CategoryEncoding", {"name": "c", "num_tokens": 2**40}))
    ),
    "twenty thousand layers": changed(
        lambda layers: layers.extend(layer("Dense", {"name": f"d{i}", "units": 2}) for i in range(20_000))
    ),
    # what is no number
    "not a number": json.dumps(CONFIG).replace('"units": 3', '"units": NaN').encode(),
    "a layer inside itself": json.dumps(CONFIG).replace('"units": 3', '"units": ' + "[" * 100_000).encode(),
    "a million maps": b"[" + b"{}," * 1_000_000 + b"{}]",
    "a key twice": json.dumps(CONFIG).replace('"units": 3', '"units": 3, "units": 4').encode(),
    "no JSON": b"\x80\x04.",
    "text that is not UTF-8": b'{"a": "\xff"}',
    "a list": b"[]",
    "nothing": b"",
    # names
    "a layer whose name is a path": dense(name="../../etc/cron.d/x"),
    "a name that steers the terminal": dense(name="\x1b[2J"),
    "a model whose name is a path": json.dumps(CONFIG).replace('"net"', '"../x"').encode(),
    "two layers of one name": dense(name="out"),
    "an argument of nobody": dense(evil=1),
    "no layers": changed(lambda layers: layers.clear()),
    "no input": changed(lambda layers: layers.pop(0)),
    "a model inside": instead("Sequential", CONFIG["config"], "keras"),  # type: ignore[arg-type]
    "shapes that do not fit": instead("Conv2D", {"filters": 2, "kernel_size": [3, 3]}),
    # Functional graphs
    "a call with a value of its own": functional({"args": [TENSOR], "kwargs": {"callback": FUNCTION}}),
    "a call with an object": functional({"args": [FUNCTION], "kwargs": {}}),
    "a loop": functional({"args": [{**TENSOR, "config": {"keras_history": ["dense", 0, 0]}}], "kwargs": {}}),
    "a layer that is called twice": functional({"args": [TENSOR], "kwargs": {}}, inbound_nodes=[{}, {}]),
    "an operation of Keras's": functional({"args": [TENSOR], "kwargs": {}}, module="keras.src.ops.core", class_name="Map"),
}  # fmt: skip


def external(file: h5py.File) -> None:
    del file["layers/dense/vars/0"]
    file.create_dataset("layers/dense/vars/0", (4, 3), "f4", external=[("/etc/passwd", 0, 48)])


def virtual(file: h5py.File) -> None:
    layout = h5py.VirtualLayout((4, 3), "f4")
    layout[:] = h5py.VirtualSource("/etc/passwd", "x", (4, 3))
    del file["layers/dense/vars/0"]
    file.create_virtual_dataset("layers/dense/vars/0", layout)


def replaced(**arguments: Any) -> Callable[[h5py.File], None]:
    def replace(file: h5py.File) -> None:
        del file["layers/dense/vars/0"]
        file.create_dataset("layers/dense/vars/0", **arguments)

    return replace


def linked(link: Any) -> Callable[[h5py.File], None]:
    def replace(file: h5py.File) -> None:
        del file["layers/dense/vars/0"]
        file["layers/dense/vars/0"] = link

    return replace


def hard(file: h5py.File) -> None:
    file["layers/dense/vars/2"] = file["layers/dense/vars/0"]


def loop(file: h5py.File) -> None:
    file["layers/dense/again"] = file["layers"]


def named_type(file: h5py.File) -> None:
    file["layers/type"] = np.dtype("f4")


def nan(file: h5py.File) -> None:
    file["layers/dense/vars/0"][1, 1] = np.nan


WEIGHTS: dict[str, Callable[[h5py.File], object]] = {
    # CVE-2026-1669: HDF5 that reads other files
    "external storage": external,
    "a virtual dataset": virtual,
    "an external link": linked(h5py.ExternalLink("/etc/passwd", "/")),
    "a soft link": linked(h5py.SoftLink("/layers/dense_1/vars/0")),
    # CVE-2026-0897: arrays that are declared and take no room in the file
    "an array that is declared only": replaced(shape=(100_000, 100_000), dtype="f4"),
    "an array that inflates": replaced(data=np.zeros((2_000, 2_000), "f4"), compression="gzip"),
    "chunks": replaced(data=np.zeros((4, 3), "f4"), chunks=(2, 3)),
    "texts": replaced(data=np.array([b"x"] * 12).reshape(4, 3)),
    "texts of any length": replaced(shape=(4, 3), dtype=h5py.string_dtype()),
    "references": replaced(shape=(4, 3), dtype=h5py.ref_dtype),
    "records": replaced(shape=(4, 3), dtype=[("a", "f4"), ("b", "f4")]),
    "one array in two places": hard,
    "a group inside itself": loop,
    "a type of its own": named_type,
    "weights that are too few": lambda file: file.pop("layers/dense"),
    "not a number among the weights": nan,
}  # fmt: skip

HELD = weights()
WHOLE = [("metadata.json", b"{}"), ("config.json", json.dumps(CONFIG).encode()), ("model.weights.h5", HELD)]


def link_member() -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("config.json")
    info.external_attr = 0o120777 << 16
    return info


def encrypted(path: Path) -> None:
    content = bytearray(archive(path, WHOLE).read_bytes())
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(magic) + offset] |= 1
    path.write_bytes(content)


def overlapping(path: Path) -> None:
    """Two members of the directory that are one in the file."""
    content = bytearray(archive(path, WHOLE).read_bytes())
    at = [i for i in range(len(content)) if content[i : i + 4] == b"PK\x01\x02"]
    content[at[1] + 42 : at[1] + 46] = content[at[2] + 42 : at[2] + 46]
    path.write_bytes(content)


def declared(path: Path) -> None:
    """A size in the directory that the member has not."""
    content = bytearray(archive(path, WHOLE).read_bytes())
    at = content.index(b"PK\x01\x02")
    content[at + 20 : at + 28] = (10_000).to_bytes(4, "little") * 2
    path.write_bytes(content)


def flipped(path: Path) -> None:
    content = bytearray(archive(path, WHOLE).read_bytes())
    content[content.index(HELD) + len(HELD) - 20] ^= 1
    path.write_bytes(content)


def written(content: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content)


def zipped(*members: tuple[Any, bytes]) -> Callable[[Path], object]:
    return lambda path: archive(path, list(members))


FILES: dict[str, Callable[[Path], object]] = {
    "a member that inflates": lambda path: model(path, b" " * 600_000_000, kind=zipfile.ZIP_DEFLATED),
    "a member of the configuration's name twice": zipped(*WHOLE, WHOLE[1]),
    "a member that climbs out": zipped(*WHOLE, ("../../evil.py", b"")),
    "an absolute member": zipped(*WHOLE, ("/tmp/evil.py", b"")),
    "assets": zipped(*WHOLE, ("assets/layers/lookup/vocabulary.txt", b"/etc/passwd")),
    "a member that is a link": zipped(WHOLE[0], (link_member(), b"/etc/passwd"), WHOLE[2]),
    "an encrypted member": encrypted,
    "members that overlap": overlapping,
    "a size that is not so": declared,
    "a flipped bit": flipped,
    "a member missing": zipped(*WHOLE[:2]),
    "something in front": lambda path: path.write_bytes(b"#!/bin/sh\n" + archive(path, WHOLE).read_bytes()),
    "half of it": lambda path: path.write_bytes((whole := archive(path, WHOLE).read_bytes())[: len(whole) // 2]),
    "an .h5 under a new name": written(HELD),
    "a pickle under a new name": written(pickle.dumps({"weights": [1, 2]})),
    "a text": written(b"not a model"),
    "nothing at all": written(b""),
    "a folder, as a SavedModel is": lambda path: path.mkdir(),
    "another zip": zipped(("saved_model.pb", b"")),
}  # fmt: skip


def forge(folder: Path) -> list[Path]:
    """Every attack as a file."""
    paths = []
    attacks: dict[str, Callable[[Path], object]] = {
        **{name: lambda path, config=config: model(path, config) for name, config in CONFIGS.items()},  # type: ignore[misc]
        **{name: lambda path, change=change: model(path, held=weights(change)) for name, change in WEIGHTS.items()},  # type: ignore[misc]
        **FILES,
    }  # fmt: skip
    for name, make in attacks.items():
        paths.append(folder / f"{name.replace('/', '-')}.keras")
        make(paths[-1])
    return paths


# Admits each file in a process where neither Keras nor TensorFlow is to be had, nor more memory than two gibibytes, and
# where opening anything but the file itself is noted, and that HDF5 is not even loaded.
ALONE = """
import json, resource, sys
class Guard:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("tensorflow", "keras"):
            raise ImportError("guarded: " + name)
sys.meta_path.insert(0, Guard())
from nnctl.errors import RunError
from nnctl.models import admit
from pathlib import Path
import encodings.idna, unicodedata, encodings.latin_1, encodings.ascii, encodings.cp437
resource.setrlimit(resource.RLIMIT_AS, (2 * 2**30, 2 * 2**30))
opened, told = [], {}
def audit(event, arguments):
    if event in ("open", "os.system", "subprocess.Popen", "socket.connect", "os.exec", "os.spawn"):
        opened.append(str(arguments[0]))
sys.addaudithook(audit)
for name in sys.argv[1:]:
    del opened[:]
    try:
        admit(Path(name))
        told[name] = ["admitted", "", opened[:]]
    except RunError as error:
        told[name] = [error.problems[0].code, error.problems[0].message, [each for each in opened if each != name]]
peak = int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024
print(json.dumps([told, peak, sorted({"keras", "tensorflow", "h5py"} & set(sys.modules))]))
"""


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, list[Any]], float, list[str]]:
    """What the gate says of every attack, its peak of memory in MiB, and which of Keras and TensorFlow it loaded."""
    paths = forge(tmp_path_factory.mktemp("attacks"))
    done = subprocess.run(
        [sys.executable, "-c", ALONE, *map(str, paths)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    told, peak, loaded = json.loads(done.stdout)
    return {Path(name).stem: verdict for name, verdict in told.items()}, peak, loaded


@pytest.mark.parametrize("name", [*CONFIGS, *WEIGHTS, *FILES])
def test_an_attack_is_refused_and_opens_nothing(name: str, verdicts: Any) -> None:
    code, message, opened = verdicts[0][name]
    assert code in ("refused-model", "bad-model"), message
    # A number is the end of a pipe.
    expected = {
        each for each in opened if each.endswith("catalogue.json") or each.isdecimal() or each.startswith(LIMITS)
    }
    assert set(opened) - expected <= NEEDED
    assert "\n" not in message
    assert len(message) < 500


def test_keras_is_not_there_and_memory_stays_small(verdicts: Any) -> None:
    assert verdicts[2] == []
    assert verdicts[1] < 300


def test_a_whole_model_passes(whole: Path) -> None:
    found = admit(whole)
    assert [step.name for step in found.graph.steps] == ["dense", "out"]
    assert (found.graph.shape, found.graph.dtype, found.weights.count) == ((4,), "float32", 23)
    assert found.graph.steps[0].component.arguments["units"] == 3  # type: ignore[union-attr]


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="cannot be read"):
        admit(tmp_path / "missing.keras")


def test_what_compiled_a_model_is_never_looked_at(tmp_path: Path) -> None:
    evil = {**CONFIG, "compile_config": {"optimizer": {"module": "os", "class_name": "system", "config": {}}}}
    assert len(admit(model(tmp_path / "m.keras", evil)).graph.steps) == 2


def test_members_may_stand_in_any_order(tmp_path: Path) -> None:
    assert len(admit(archive(tmp_path / "m.keras", WHOLE[::-1])).graph.steps) == 2
