"""What is captured; that it is enough, test_resume.py shows for every kind of network."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from nnctl.engine.loop.training import Training
from nnctl.engine.state import checkpoint
from nnctl.engine.state.state_file import STATE
from nnctl.errors import RunError
from tests.engine.conftest import Quiet, files_of

Make = Callable[..., Training]
USUAL = ("data.subset=300",)


def test_numbers_that_json_lacks_survive(training: Make) -> None:
    made = training(*USUAL)
    made.state.history.append(
        {**dict.fromkeys(("epoch", "step", "seconds", "learning_rate"), 1.0), "loss": float("nan")}
    )
    made.state.epoch = 1
    fresh = training(*USUAL)
    fresh.restore(checkpoint.unpack(files_of(made), fresh))
    assert fresh.best.value == float("inf")
    assert np.isnan(fresh.state.history[0]["loss"])


def test_arrays_of_another_network_are_refused(training: Make) -> None:
    made = training(*USUAL)
    files = files_of(made)
    other = training(*USUAL, "model.layers.1.dense.units=17")
    with pytest.raises(RunError, match="another network"):
        checkpoint.unpack(files, other)
    with pytest.raises(RunError, match="another network"):
        checkpoint.unpack({**files, checkpoint.ARRAYS: files[checkpoint.ARRAYS] + b"\0"}, made)
    with pytest.raises(RunError, match=r"state\.json"):
        checkpoint.unpack({**files, STATE: b"[]"}, made)


def test_the_newest_sound_one_is_found_and_the_others_are_named(training: Make, tmp_path: Path) -> None:
    from nnctl.runs import checkpoints

    made = training(*USUAL)
    made.run(Quiet())
    for step in (1, 2, 3):
        made.state.step = step
        checkpoints.write_checkpoint(tmp_path, checkpoints.format_name(2, step), checkpoint.pack(made))
    (tmp_path / "ck-0002-000003" / "arrays.bin").unlink()
    (tmp_path / "ck-0002-000001").rename(tmp_path / "ck-0009-000000")
    found = checkpoint.find_newest(tmp_path)
    assert found.path == tmp_path / "ck-0002-000002"
    assert found.damaged == (tmp_path / "ck-0009-000000", tmp_path / "ck-0002-000003")
    assert "named after another state" in found.told[0]
    assert "no such file" in found.told[1]
    assert checkpoint.find_newest(tmp_path / "none").path is None


def test_a_sound_one_that_the_memory_does_not_hold_is_neither_read_nor_taken_for_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from nnctl.runs import checkpoints

    checkpoints.write_checkpoint(tmp_path, "ck-0001-000000", {"arrays.bin": [bytes(100)], "state.json": [b"{}"]})
    monkeypatch.setattr(checkpoint, "measure_available", lambda: 101)
    with pytest.raises(MemoryError, match="are free"):
        checkpoint.find_newest(tmp_path)
    monkeypatch.setattr(checkpoint, "measure_available", lambda: 102)
    assert len(checkpoint.find_newest(tmp_path).damaged) == 1  # by what its state.json says
