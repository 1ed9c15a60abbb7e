import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from nnctl.data.download import find_kept, list_folders, search_first
from nnctl.engine.evaluate import _find_folder, choose_label, revisit
from nnctl.engine.train import Trained
from nnctl.errors import NnctlError
from nnctl.runs import RunDirectory
from tests.engine.conftest import Shelf, score_both_ways, spec_in, train_in


def report(label: str, share: float | None) -> None:
    pass


@pytest.fixture
def run(shelf: Shelf, tmp_path: Path) -> RunDirectory:
    """A run on arrays of the user's own."""
    return shelf.copy("arrays of the user's own", on_arrays, tmp_path).run


def on_arrays(folder: Path) -> Trained:
    y = np.repeat(np.arange(3), 80)
    x = np.random.default_rng(0).normal(size=(240, 5)) + y[:, None]
    np.savez(folder / "own.npz", x=x.astype(np.float32), y=y)
    own = ("data.source=npz", f"data.path={folder}/own.npz", "data.test=0.25", "model.layers.2.dense.units=3")
    return train_in(folder, spec_in(folder, *own, "train.epochs=3"))


def code(call: Callable[[], object]) -> str:
    with pytest.raises(NnctlError) as caught:
        call()
    return caught.value.problems[0].code


def test_a_second_look_gives_the_same_scores_and_is_counted(run: RunDirectory) -> None:
    before = json.loads((run.evaluation("test") / "metrics.json").read_text())
    again = revisit(run, "test", None, report)
    assert again.scores.document() == before
    assert run.manifest.test_looks == 2


def test_other_splits_are_scored_and_not_counted_as_looks_at_test(run: RunDirectory) -> None:
    assert len(revisit(run, "train", None, report).predictions) == 144
    assert len(revisit(run, "validation", None, report).predictions) == 36
    assert run.manifest.test_looks == 1
    assert run.manifest.scores.keys() == {"test", "train", "validation"}


def test_a_moved_run_is_still_evaluated(run: RunDirectory, tmp_path: Path) -> None:
    moved = run.path.rename(tmp_path / "moved")
    assert revisit(RunDirectory(moved), "test", None, report).folder == moved / "eval" / "test"


def test_a_file_of_the_users_is_scored_as_a_whole(run: RunDirectory, tmp_path: Path) -> None:
    y = np.repeat(np.arange(3), 10)
    np.savez(tmp_path / "new.npz", x=np.zeros((30, 5), np.float32), y=y)
    before = (run.evaluation("test") / "metrics.json").read_bytes()
    assert len(revisit(run, "test", tmp_path / "new.npz", report).predictions) == 30
    assert (run.evaluation("new") / "metrics.json").is_file()
    assert (run.evaluation("test") / "metrics.json").read_bytes() == before
    assert run.manifest.test_looks == 1


def test_each_file_has_results_of_its_own(run: RunDirectory, tmp_path: Path) -> None:
    names = (
        "north/part.npz",
        "south/part.npz",
        "南.npz",
        "東.npz",
        "Part.npz",
        "cafe\u0301.npz",
        "caf\u00e9/caf\u00e9.npz",
    )
    for index, name in enumerate(names):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        np.savez(tmp_path / name, x=np.zeros((30 + index, 5), np.float32), y=np.arange(30 + index) % 3)
    found = [revisit(run, "test", tmp_path / name, report).folder for name in names]
    assert [each.name for each in found] == ["part", "part-2", "南", "東", "Part-3", "caf\u00e9", "caf\u00e9-2"]
    assert [json.loads((each / "metrics.json").read_text())["n"] for each in found] == list(range(30, 37))
    assert revisit(run, "test", tmp_path / names[1], report).folder == found[1]
    assert len(run.manifest.scored) == len(names)


def test_a_forged_label_leads_nowhere(run: RunDirectory, tmp_path: Path) -> None:
    forged = replace(run.manifest, scored={"../../out": str(tmp_path / "new.npz")})
    assert choose_label(tmp_path / "new.npz", forged) == "new"
    assert choose_label(tmp_path / "Test.npz", forged) == "Test-data"
    assert len(choose_label(tmp_path / ("界" * 80 + ".npz"), forged).encode()) <= 255


def test_data_that_have_changed_are_refused(run: RunDirectory, tmp_path: Path) -> None:
    with np.load(tmp_path / "own.npz") as arrays:
        x, y = arrays["x"].copy(), arrays["y"]
    x[0, 0] += 1
    np.savez(tmp_path / "own.npz", x=x, y=y)
    assert code(lambda: revisit(run, "test", None, report)) == "data-changed"


def test_what_is_not_there_is_said(run: RunDirectory) -> None:
    assert code(lambda: revisit(run, "tset", None, report)) == "unknown-split"
    run.model.unlink()
    assert code(lambda: revisit(run, "test", None, report)) == "no-model"


def test_validation_that_the_data_bring_is_monitored_again(tmp_path: Path) -> None:
    rng, y = np.random.default_rng(0), np.arange(120) % 3
    arrays = {f"x_{name}": rng.normal(size=(120, 5)).astype(np.float32) for name in ("train", "val", "test")}
    np.savez(tmp_path / "own.npz", **arrays, y_train=y, y_val=y, y_test=y)
    settings = ("data.validation=none", "train.early_stopping=3", "model.layers.2.dense.units=3")
    run = train_in(tmp_path, spec_in(tmp_path, "data.source=npz", f"data.path={tmp_path}/own.npz", *settings)).run
    assert run.manifest.monitor == "val_loss"
    assert len(revisit(run, "validation", None, report).predictions) == 120


def test_a_file_needs_the_run_alone_and_scores_as_with_the_data_beside_it(run: RunDirectory, tmp_path: Path) -> None:
    y = np.repeat(np.arange(3), 10)
    x = np.random.default_rng(1).normal(size=(30, 5)).astype(np.float32) + y[:, None].astype(np.float32)
    np.savez(tmp_path / "new.npz", x=x, y=y)
    found, beside = score_both_ways(run, tmp_path / "own.npz", tmp_path / "new.npz")
    assert found.scores.document() == beside.scores.document()
    assert (found.predictions.output == beside.predictions.output).all()
    assert found.unbeaten == ()
    with pytest.raises(NnctlError) as caught:
        revisit(run, "test", None, report)
    assert f"nnctl evaluate {run.path} --data FILE" in str(caught.value.problems[0].hint)


def test_the_data_are_looked_for_first_where_the_run_found_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = tmp_path / "there"
    there.mkdir()
    (there / "mnist.npz").touch()
    said: list[str] = []
    run = SimpleNamespace(manifest=SimpleNamespace(data={"source": "mnist", "origin": str(there / "mnist.npz")}))
    monkeypatch.setenv("NNCTL_DATA_DIR", str(tmp_path / "elsewhere"))
    found = _find_folder(run, lambda told, share: said.append(told))  # type: ignore[arg-type]
    assert (found, len(said)) == (there, 1)
    with search_first(found):
        assert find_kept("mnist.npz") == there / "mnist.npz"
        assert there not in list_folders()  # nothing is put there
    assert find_kept("nothing-of-this-name.npz") is None
    monkeypatch.setenv("NNCTL_DATA_DIR", str(there))
    assert _find_folder(run, report) is None  # where it is looked for anyway
    for origin in ("ships with scikit-learn", str(tmp_path / "gone/mnist.npz"), "/\0"):
        run.manifest.data["origin"] = origin
        assert _find_folder(run, report) is None
