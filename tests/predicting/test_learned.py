from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from nnctl.data import load, peek
from nnctl.data.inputs import learn_inputs, list_targets
from nnctl.data.tables.delimited import Dialect
from nnctl.errors import DataError, RunError, UsageError
from nnctl.predicting.headers import Beside
from nnctl.predicting.learned import make_reading
from nnctl.predicting.reading import Reading
from nnctl.runs import Manifest, RunDirectory
from nnctl.spec import dump, load_spec

Made = Callable[..., RunDirectory]


def silent(label: str, share: float | None) -> None:
    pass


@pytest.fixture
def made(write: Callable[..., Path], tmp_path: Path) -> Made:
    """A run's files that predictions are made by: its spec, and what it has learned of its data."""

    def made(data: str, units: int = 1) -> RunDirectory:
        spec = load_spec(
            write(f"name: own\ndata: {data}\nmodel: {{layers: [{{dense: {units}}}]}}\ntrain: {{loss: mse}}\n"),
            peek=peek,
        )
        run, dataset = RunDirectory(tmp_path / "run"), load(spec.data, silent)
        run.path.mkdir()
        run.resolved.write_text(dump.dump(spec))
        run.inputs.write_text(learn_inputs(dataset, list_targets(spec)).dump())
        if dataset.columns is not None:
            run.columns.write_text(dataset.columns.dump())
        return run

    return made


def asked(run: RunDirectory, invert: str = "auto", fit: bool = True) -> Reading:
    return make_reading(run, load_spec(run.resolved), invert, fit, silent)


def test_a_table_is_read_as_the_runs_own_was_written(made: Made, tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("a;y;z\n" + "".join(f"{i},5;{i % 3};{-i}\n" for i in range(40)))
    options = "{label: [y, z], delimiter: ';', decimal: ',', missing: ['-', 99]}"
    found = asked(made(f"{{source: {{csv: {options}}}, path: own.csv}}", units=2))
    assert (found.written, found.missing, found.array) == (Dialect(";", decimal=","), ("-", "99"), None)
    assert found.columns is not None
    assert [feature.name for feature in found.columns.features] == ["a"]
    assert found.inputs.names == ("y", "z")


def test_arrays_have_the_name_that_they_have_in_the_runs_own_file(made: Made, tmp_path: Path) -> None:
    np.savez(tmp_path / "own.npz", inputs=np.ones((9, 2), np.float32), y=np.arange(9.0))
    found = asked(made("{source: {npz: {x: inputs}}, path: own.npz}"), "no", fit=False)
    assert (found.array, found.columns, found.written, found.invert, found.fit) == (
        "inputs",
        None,
        Dialect(),
        "no",
        False,
    )


def test_a_run_without_inputs_reads_its_data_and_says_so(made: Made, tmp_path: Path) -> None:
    np.savez(tmp_path / "own.npz", x=np.eye(4, dtype=np.float32), y=np.arange(4.0))
    run = made("{source: npz, path: own.npz}")
    kept, said = run.inputs.read_text(), list[str]()
    (tmp_path / "own.npz").rename(tmp_path / "away.npz")
    assert asked(run).inputs.dump() == kept  # which needs the data no more
    (tmp_path / "away.npz").rename(tmp_path / "own.npz")
    run.inputs.unlink()
    Manifest("own", "own", "done", "own.yaml", [], [], 0, "2026-01-01T00:00:00+00:00").write(run.path / "run.json")
    found = make_reading(run, load_spec(run.resolved), "auto", True, lambda label, share: said.append(label))
    assert (found.inputs.dump(), said[0]) == (kept, "the run has no inputs.json: reading its data")


def test_what_cannot_be_read_or_asked_for_is_refused(made: Made, tmp_path: Path) -> None:
    np.savez(tmp_path / "own.npz", x=np.eye(4, dtype=np.float32), y=np.arange(4.0))
    run = made("{source: npz, path: own.npz}")
    with pytest.raises(UsageError, match="--invert is 'maybe'"):
        asked(run, "maybe")
    run.inputs.write_bytes(b"\xff")
    with pytest.raises(RunError, match="not UTF-8"):
        asked(run)
    run.inputs.write_text("{}")
    with pytest.raises(DataError):
        asked(run)


@pytest.mark.parametrize(
    ("options", "beside"),
    [
        ("{label: z}", Beside(("z",), (), more=False)),
        ("{label: [y, z], ignore: [b]}", Beside(("y", "z"), ("b",), more=False)),
        ("{label: z, features: [a]}", Beside(("z",), (), more=True)),
        ("{label: 4}", Beside(("4",), (), more=True)),  # whatever its name is
    ],
)
def test_what_stands_beside_the_inputs_is_known(options: str, beside: Beside, made: Made, tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("a,b,y,z\n" + "".join(f"{i},{i % 3},{i / 7},{-i}\n" for i in range(40)))
    assert (
        asked(made(f"{{source: {{csv: {options}}}, path: own.csv, labels: raw}}", len(beside.labels))).beside == beside
    )


def test_columns_without_names_go_by_their_numbers(made: Made, tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("".join(f"{i},{i % 3},{-i}\n" for i in range(40)))
    found = asked(made("{source: {csv: {label: 2, ignore: [1], header: false}}, path: own.csv, labels: raw}"))
    assert found.beside == Beside(("2",), ("1",), more=False)
