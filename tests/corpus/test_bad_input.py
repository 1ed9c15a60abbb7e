"""Bad input, each against every verb that takes it: exit 2, headed lines on stderr, nothing on stdout, nothing written."""

import gzip
import io
import json
import os
import re
import socket
import struct
import sys
import zipfile
from contextlib import redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nnctl.cli.main import _run

from ..conftest import SPEC

CONFIGS = sorted((Path(__file__).parents[2] / "configs").glob("*.yaml"))
HEAD = re.compile(r"^(\S.*:\d+:\d+ )?[a-z0-9-]+: \S")


class Guard:
    """Refuses TensorFlow and Keras: what is wrong is found before they are loaded."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> None:
        if name.split(".")[0] in ("tensorflow", "keras"):
            raise ImportError(f"guarded: {name}")


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NNCTL_RUNS", raising=False)
    monkeypatch.delenv("NNCTL_DATA_DIR", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setenv("NNCTL_DATA_URL", "http://127.0.0.1:9")
    monkeypatch.setattr(sys, "meta_path", [Guard(), *sys.meta_path])


def nnctl(*arguments: str) -> tuple[int, str, str]:
    """The exit code, stdout and stderr of a command, run in this process; it met no bug, and steers no terminal."""
    out, err = io.StringIO(), io.StringIO()
    with patch.object(sys, "argv", ["nnctl", *arguments]), redirect_stdout(out), redirect_stderr(err):
        code = _run()
    assert code in (0, 1, 2), err.getvalue()
    for line in f"{out.getvalue()}\n{err.getvalue()}".split("\n"):
        assert line.isprintable(), line
    return code, out.getvalue(), err.getvalue()


def refused(*arguments: str) -> None:
    before = sorted(Path.cwd().rglob("*"))
    code, out, err = nnctl(*arguments)
    assert code == 2, err
    assert out == ""
    assert HEAD.match(err.splitlines()[0]), err
    assert "Traceback" not in err
    assert sorted(Path.cwd().rglob("*")) == before


TEXTS: dict[str, str | bytes] = {
    "empty": "", "a comment": "# nothing\n", "a list": "- a\n", "a scalar": "42\n", "two documents": SPEC + "---\na: 1\n",
    "a tab": "name:\n\t- x\n", "an open bracket": "a: [1, 2\n", "a zero": "a: \x00", "bytes": b"a: \xff\xfe",
    "UTF-16": SPEC.encode("utf-16"), "an escape": 'name: "\\e[2J"\n', "an escape in a key": '"\\e[2J": 1\n',
    "an alias of itself": "a: &a [*a]\n", "a bomb": "a: &a [" + "1," * 99 + "1]\n" + "".join(
        f"b{i}: &b{i} [{','.join([f'*{old}'] * 99)}]\n" for i, old in enumerate(("a", "b0", "b1"))),
    "a key twice": SPEC + "seed: 4\n", "a tag": "a: !!python/object/apply:os.system [id]\n", "deep": "[" * 500,
    "very deep": "[" * 200_000, "flat": "- 1\n" * 250_000, "a long number": f"seed: {'9' * 5000}\n",
    "no date": "seed: 2020-13-45\n", "whole keys": "1: 2\n", "no map of data": SPEC.replace("  source: digits", "  - digits"),
    "no number": SPEC.replace("0.01", ".nan"), "no rate": SPEC.replace("0.01", "-1000"), "no end": SPEC.replace("0.01", ".inf"),
}  # fmt: skip
DENSE = "dense: {units: 16, activation: relu}"
SPECS = {
    **{f"units {value}": (DENSE, f"dense: {value}") for value in ("0", "-1", "1.5", "true", "'x'", "[1]", "{}", "null")},
    "outputs": ("units: 10", "units: 9"),
    "a kernel": ("    - flatten", "    - reshape: [8, 8, 1]\n    - conv2d: {filters: 2, kernel_size: 9}"),
    "a pool": ("    - flatten", "    - reshape: [8, 8, 1]\n    - max_pooling2d: 9"),
    "a bias": (DENSE, "dense: {units: 2, use_bias: maybe}"),
    "an activation": ("relu", "os.system"),
    "a lambda": (DENSE, "lambda: {function: 'x'}"),
    "a SavedModel": (DENSE, "tfsm_layer: {filepath: /tmp}"),
    "a vocabulary": (DENSE, "integer_lookup: /etc/passwd"),
    "a batch": ("batch_size: 32", "batch_size: 0"),
    "epochs": ("epochs: 2", "epochs: 1e3.5"),
    **{f"the name {name[:8]!r}": ("name: tiny", f"name: {name}")
       for name in ("../x", "a/b", "'a\\0'", "x" * 300, "-x", "''", "latest", "[a]", "~", "{}")},
    "a layer's name": (DENSE, "dense: {units: 2, name: a/b}"),
    "two clippings": ("optimizer: adam", "optimizer: {adam: {clipnorm: 1, clipvalue: 1}}"),
    "a validation": ("validation: 0.2", "validation: 1.5"),
    "a home": ("validation: 0.2", "validation: ~nobody-of-this-name/x.csv"),
    "a source": ("digits", "dgits"),
    "a path": ("source: digits", "source: npz\n  path: nowhere.npz"),
    "a folder": ("source: digits", "source: npz\n  path: ."),
    "a device": ("source: digits", "source: csv\n  path: /dev/zero"),
}  # fmt: skip


@pytest.mark.parametrize("verb", [["check"], ["train"], ["data", "show"]], ids=" ".join)
@pytest.mark.parametrize("name", TEXTS)
def test_what_is_no_spec_is_refused(name: str, verb: list[str], tmp_path: Path) -> None:
    text = TEXTS[name]
    (tmp_path / "s.yaml").write_bytes(text if isinstance(text, bytes) else text.encode())
    refused(*verb, "s.yaml")


@pytest.mark.parametrize("verb", [["check"], ["train"], ["data", "show"]], ids=" ".join)
@pytest.mark.parametrize("name", SPECS)
def test_what_cannot_be_built_is_refused(name: str, verb: list[str], tmp_path: Path) -> None:
    old, new = SPECS[name]
    assert old in SPEC
    (tmp_path / "s.yaml").write_text(SPEC.replace(old, new, 1))
    refused(*verb, "s.yaml")


@pytest.mark.parametrize("verb", [["check"], ["train"], ["data", "show"]], ids=" ".join)
@pytest.mark.parametrize("path", [".", "nowhere.yaml", "/dev/zero", "pipe", "x" * 300, "\x1b[2J", ""])
def test_what_is_no_file_is_refused(path: str, verb: list[str], tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    refused(*verb, path)


X, Y = np.arange(120, dtype=np.float32).reshape(40, 3), np.arange(40) % 4


def arrays(**changed: Any) -> bytes:
    content = io.BytesIO()
    given = {"x": X, "y": Y, **changed}
    np.savez(content, **{name: value for name, value in given.items() if value is not None})
    return content.getvalue()


def with_nan() -> np.ndarray:
    x = X.copy()
    x[3, 1] = np.nan
    return x


WHOLE = arrays()
IDX = b"\0\0\x08\x03" + struct.pack(">3I", 40, 2, 2) + bytes(160)
LABELS = b"\0\0\x08\x01" + struct.pack(">I", 40) + bytes(i % 4 for i in range(40))
TABLE = b"a,b,label\n" + b"".join(b"%d,%d,%s\n" % (i, i * i, b"xy"[i % 2 : i % 2 + 1]) for i in range(40))
DATA: dict[str, tuple[str, bytes]] = {
    "nothing": ("npz", b""), "text": ("npz", b"not arrays"), "half": ("npz", WHOLE[: len(WHOLE) // 2]),
    "objects": ("npz", arrays(x=np.array([{}] * 40, dtype=object))), "no labels": ("npz", arrays(y=None)),
    "lengths": ("npz", arrays(y=Y[:-1])), "fractions": ("npz", arrays(y=Y + 0.5)), "negative": ("npz", arrays(y=Y - 2)),
    "NaN": ("npz", arrays(x=with_nan())), "NaN labels": ("npz", arrays(y=np.full(40, np.nan))),
    "infinity": ("npz", arrays(x=np.full((40, 3), np.inf))), "no rows": ("npz", arrays(x=X[:0], y=Y[:0])),
    "one class": ("npz", arrays(y=Y * 0)), "texts": ("npz", arrays(x=np.full((40, 3), "a"))),
    "a shape bomb": ("npz", b"bomb"),
    "an empty table": ("csv", b""), "a header alone": ("csv", b"a,b,label\n"), "ragged": ("csv", TABLE + b"1,2\n1,2,3,4\n"),
    "zeros": ("csv", b"\0" * 1000), "one long line": ("csv", b"a" * 1_000_000), "a column twice": ("csv", b"a,a,label\n1,2,x\n"),
}  # fmt: skip


@pytest.mark.parametrize("verb", [["check"], ["train"], ["data", "show"]], ids=" ".join)
@pytest.mark.parametrize("name", DATA)
def test_bad_data_are_refused(name: str, verb: list[str], tmp_path: Path) -> None:
    source, content = DATA[name]
    (tmp_path / f"own.{source}").write_bytes(bomb() if content == b"bomb" else content)
    (tmp_path / "s.yaml").write_text(spec(source))
    if verb == ["check"]:  # it looks at headers only: what is wrong further in is for the others to find
        assert nnctl(*verb, "s.yaml")[0] in (0, 1, 2)
        return
    refused(*verb, "s.yaml")


def spec(source: str) -> str:
    """A spec of a network for the whole arrays, table or pictures."""
    told = {"csv": "{csv: {label: label}}"}.get(source, source)
    name = {"idx": "own-images-idx3-ubyte"}.get(source, f"own.{source}")
    text = SPEC.replace("source: digits", f"source: {told}\n  path: {name}\n  test: 0.2")
    text = text if source == "idx" else text.replace("    - flatten\n", "")
    return text.replace("units: 10", f"units: {2 if source == 'csv' else 4}")


def bomb() -> bytes:
    """An npz whose array declares 4e12 rows; every checksum holds."""
    held = io.BytesIO()
    np.lib.format.write_array_header_1_0(held, {"descr": "<f4", "fortran_order": False, "shape": (4 * 10**12, 3)})
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("x.npy", held.getvalue() + bytes(480))
        archive.writestr("y.npy", held.getvalue() + bytes(480))
    return made.getvalue()


@pytest.mark.parametrize("content", [b"", b"text", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04", b"\x1f\x8b", b"\0" * 64])
@pytest.mark.parametrize("name", ["x.npz", "x.csv", "x.gz", "x.png", "x.keras"])
def test_init_refuses_what_it_cannot_read(name: str, content: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    refused("init", "net", "--data", name)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b'{"id": 1}', b"\xff", b"[" * 100_000, b'{"id": "' + b"x" * 5_000_000 + b'"}'],
)
def test_a_broken_run_is_passed_over_by_the_list(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "runs" / "a").mkdir(parents=True)
    (tmp_path / "runs" / "a" / "run.json").write_bytes(content)
    assert nnctl("runs")[0] == 0
    code, out, _ = nnctl("runs", "--json")
    assert (code, json.loads(out)["runs"]) == (0, [])


NAMES = ["\x1b[2Ja", "a\u202eb", "a\nb", "a\tb", "a\x7fb", "a\u2028b", "a\xa0b", "\udce9a", "[bold]a", "[/]", "[", ":smile:",
         "=cmd()", "-x", "~nobody-of-this-name", "x" * 250, "\\", "'", '"', "%s{}", "$(id)"]  # fmt: skip
TAKING_NAMES = """init --data ./NAME.csv|init NAME|explain NAME|list NAME|runs|runs --json|runs --runs NAME|runs verify a
runs verify NAME|evaluate NAME|predict NAME NAME|train --resume NAME|debug NAME|data fetch NAME|check SPEC --set NAME
check SPEC --set data.path=NAME|check SPEC --set base=NAME|check SPEC --select NAME|train SPEC --name NAME|NAME|--NAME
train SPEC --max-memory NAME"""
MANIFEST = {
    "id": "NAME", "name": "t", "status": "NAME", "spec": "NAME", "created": "2026-01-01T00:00:00+00:00", "message": "NAME",
    "data": {"source": "NAME"}, "checksums": {"NAME": "NAME"}, "monitor": "NAME", "scores": {"test": {"NAME": 0.5}},
}  # fmt: skip


@pytest.fixture(params=NAMES, ids=ascii)
def name(request: pytest.FixtureRequest) -> str:
    """The name of a spec, a table, its column and class, and of a run."""
    name: str = request.param
    Path(name).parent.mkdir(exist_ok=True)
    quoted = '"' + name.replace('"', '""') + '"'
    column = "c" if "\udce9" in name else quoted
    rows = "".join(f"{i},{i * i % 7},{column if i % 2 else 'y'}\n" for i in range(40))
    Path(f"{name}.csv").write_text(f"{column},b,label\n{rows}")
    path = json.dumps(f"./{Path(name).name}.csv")
    text = spec("csv").replace("path: own.csv", f"path: {path}")
    text = text.replace("batch_size: 32", "batch_size: 4").replace("epochs: 2", "epochs: 30")  # enough for 40 rows
    Path(f"{name}.yaml").write_text(text)
    Path("runs/a").mkdir(parents=True)
    Path("runs/a/run.json").write_text(json.dumps(MANIFEST).replace('"NAME"', json.dumps(name)))
    return name


def test_a_name_is_a_name_wherever_it_stands(name: str) -> None:
    verbs = ["check", "check --json", "show", "show --json", "data show", "data show --json"]
    assert [nnctl(*verb.split(), f"./{name}.yaml")[0] for verb in verbs] == [2 if "\udce9" in name else 0] * len(
        verbs
    )  # YAML has no such name
    for verb in TAKING_NAMES.replace("\n", "|").split("|"):
        nnctl(*(word.replace("SPEC", "./NAME.yaml").replace("NAME", name) for word in verb.split()))


PATHS = ["a\\0b", "~nobody-of-this-name/x", "\\ud800", "x" * 5000, "\\udce9", "pipe", "socket", "/dev/zero", "folder"]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path[:9])
@pytest.mark.parametrize("key", ["base", "data.path", "data.validation", "data.test"])
def test_what_is_no_path_of_a_file_is_refused_where_it_stands(key: str, path: str, tmp_path: Path) -> None:
    os.mkfifo("pipe")
    Path("folder").mkdir()
    (tmp_path / "own.csv").write_bytes(TABLE)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket")
        Path("s.yaml").write_text(f'base: "{path}"\n' if key == "base" else spec("csv"))
        flags = [] if key == "base" else ["--set", f'{key}="{path}"']
        nnctl("check", "s.yaml", *flags)
        assert [nnctl(*verb, "s.yaml", *flags)[0] for verb in (["data", "show"], ["train"])] == [2, 2]


TOKENS = ["", "-1", "0", "1e309", ".nan", "true", "null", "[]", "{}", "&a", "*a", "!!x", "\t", "\n", ": ", "- ", "'", "\x1b",
          "lambda", "latest", "9" * 19, "é", "#", "%", "layers", "dense", "2.5", "bidirectional: {lstm: 2}"]  # fmt: skip
EDIT = st.tuples(st.integers(0, 2_000), st.integers(0, 8), st.sampled_from(TOKENS))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(CONFIGS), st.lists(EDIT, min_size=1, max_size=4))
def test_a_changed_spec_is_right_or_refused(tmp_path: Path, config: Path, edits: list[tuple[int, int, str]]) -> None:
    text = config.read_text()
    for start, length, new in edits:
        text = text[: start % len(text)] + new + text[start % len(text) + length :] if text else new
    (tmp_path / "s.yaml").write_text(text)
    code, out, err = nnctl("check", "s.yaml")
    assert code in (0, 1, 2), err
    assert bool(out) is (code != 2)  # 1: it is right, and a rule has found an error
    assert [path.name for path in tmp_path.iterdir()] == ["s.yaml"]


VALUE = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.sampled_from(TOKENS))
KEYS = ["seed", "name", "data.validation", "data.subset", "data.scale", "data.source", "model.layers", "model.layers.0",
        "model.layers.1.dense", "model.layers.1.dense.units", "model.layers.1.dense.activation", "train.loss", "train.epochs",
        "train.optimizer", "train.learning_rate", "train.early_stopping", "train.metrics", "train.class_weight", "train.max_time",
        "train.augment", "train.precision", "train"]  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(KEYS), VALUE), min_size=1, max_size=3))
def test_a_changed_value_is_right_or_refused(tmp_path: Path, changes: list[tuple[str, Any]]) -> None:
    (tmp_path / "s.yaml").write_text(SPEC)
    flags = [part for key, value in changes for part in ("--set", f"{key}={value}")]
    with suppress(UnicodeEncodeError):  # no argument of a command line holds half a surrogate
        " ".join(flags).encode()
        code, _, err = nnctl("check", "s.yaml", *flags)
        assert code in (0, 1, 2), err


FILES = {"npz": WHOLE, "csv": TABLE, "idx": IDX, "gz": gzip.compress(IDX, mtime=0)}
BYTES = st.lists(st.tuples(st.integers(0, 5_000), st.integers(0, 255)), min_size=1, max_size=5)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(sorted(FILES)), BYTES, st.integers(0, 40))
def test_damaged_data_are_read_or_refused(tmp_path: Path, kind: str, changes: list[tuple[int, int]], cut: int) -> None:
    content = bytearray(FILES[kind])
    for place, byte in changes:
        content[place % len(content)] = byte
    source = {"gz": "idx"}.get(kind, kind)
    name = "own-images-idx3-ubyte" if source == "idx" else f"own.{source}"
    (tmp_path / "own-labels-idx1-ubyte").write_bytes(LABELS)
    (tmp_path / name).write_bytes(content[: len(content) - cut * (cut % 3 == 0)])
    (tmp_path / "s.yaml").write_text(spec(source))
    for verb in (["check"], ["data", "show"]):
        code, _, err = nnctl(*verb, "s.yaml")
        assert code in (0, 1, 2), err


@pytest.mark.parametrize("kind", sorted(FILES))
def test_what_is_damaged_there_is_right_as_it_stands(kind: str, tmp_path: Path) -> None:
    source = {"gz": "idx"}.get(kind, kind)
    (tmp_path / "own-labels-idx1-ubyte").write_bytes(LABELS)
    (tmp_path / ("own-images-idx3-ubyte" if source == "idx" else f"own.{source}")).write_bytes(FILES[kind])
    (tmp_path / "s.yaml").write_text(spec(source))
    assert nnctl("data", "show", "s.yaml")[::2] == (0, "")
