"""What the reader refuses, read here by itself; how it is bounded is asserted by `test_confined`, of the process that it is."""

import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest

from nnctl.models import confined, reader
from nnctl.models.reader import DEEPEST, LONGEST_NAME, RefusedError, read_arrays

from .conftest import weights


def test_the_mark_is_the_one_that_is_waited_for() -> None:
    assert reader.MARK == confined.MARK


def test_it_starts_with_nothing_of_nnctl() -> None:
    """A start costs a tenth of a second, and where nnctl is imported from need not be known."""
    code = (
        "import sys, runpy; runpy.run_path(sys.argv[1], run_name='x'); print(*{n.split('.')[0] for n in sys.modules})"
    )
    told = subprocess.run(
        [sys.executable, "-I", "-c", code, reader.__file__], capture_output=True, text=True, check=True
    )
    assert not {"nnctl", "pydantic", "keras", "tensorflow"} & set(told.stdout.split())


def test_no_program_is_started_by_it() -> None:
    """Python looks for one in the folders of PATH, and whoever's it is runs before anything is given up."""
    code = (
        "import sys, runpy; started = []\n"
        "sys.addaudithook(lambda name, given: started.append(given[0]) if name == 'subprocess.Popen' else None)\n"
        "runpy.run_path(sys.argv[1], run_name='x')['_rehearse'](); print(started)"
    )
    command = [sys.executable, "-I", "-c", code, reader.__file__]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "[]\n"


def deep(file: h5py.File) -> None:
    file["/".join("a" * (DEEPEST + 2))] = np.ones(1, "f4")


def again(file: h5py.File) -> None:
    file["layers/dense/again"] = file["layers"]


def twice(file: h5py.File) -> None:
    file["twice"] = file["layers/dense/vars/0"]


REFUSED: dict[str, tuple[Callable[[h5py.File], object], str]] = {
    "deep": (deep, "more than 16 deep"),
    "a group inside itself": (again, "more than 16 deep"),
    "one array in two places": (twice, "reached in two ways"),
    "a long name": (lambda file: file.create_dataset("x" * (LONGEST_NAME + 1), data=1.0), "of a name"),
    "a name that steers the terminal": (lambda file: file.create_dataset("\x1b[2J", data=1.0), "of a name"),
    "three bytes": (lambda file: file.create_dataset("x", data=np.zeros(2, "V3")), "no plain numbers"),
    "truths": (lambda file: file.create_dataset("x", data=np.zeros(2, bool)), "no plain numbers"),
    "complex": (lambda file: file.create_dataset("x", data=np.zeros(2, "c8")), "no plain numbers"),
    "none": (lambda file: file.create_dataset("x", data=h5py.Empty("f4")), "no plain numbers"),
    "declared": (lambda file: file.create_dataset("x", (10**6,), "f4"), "not in the file"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_keras_does_not_write_is_refused(name: str) -> None:
    change, message = REFUSED[name]
    with pytest.raises(RefusedError, match=message):
        read_arrays(weights(change))


def test_objects_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MOST_OBJECTS", 9)
    read_arrays(weights())
    with pytest.raises(RefusedError, match="more than 9 weights"):
        read_arrays(weights(lambda file: file.create_group("one")))


def test_thousands_of_arrays_fit_into_the_bounds() -> None:
    content = io.BytesIO()
    with h5py.File(content, "w") as file:
        for index in range(reader.MOST_OBJECTS // 10):
            file[f"layers/{index % 50}/{index}"] = np.ones(2, "f4")
    with confined.ReaderProcess(len(content.getvalue())) as process:
        process.give(content.getvalue())
        told = process.take(int.from_bytes(process.take(8), "little"))
    assert told.startswith(b'{"arrays"')


def test_no_path_leads_to_another_file(tmp_path: Path) -> None:
    (other := tmp_path / "other.h5").write_bytes(weights())
    with pytest.raises(RefusedError, match="a link"):
        read_arrays(weights(lambda file: file.__setitem__("x", h5py.ExternalLink(str(other), "layers/dense/vars/0"))))
