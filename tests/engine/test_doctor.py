import pytest

from nnctl.api import doctor
from nnctl.spec import load_spec


def test_a_short_training_shows_that_all_stages_work() -> None:
    *_, device, training = doctor.examine()
    assert "CPU" in device.told
    assert (device.fault, training.fault) == (None, None)
    assert "of the test digits right" in training.told


def test_a_training_that_learns_nothing_or_fails_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "ENOUGH", 1.01)
    *_, training = doctor.examine()
    assert training.fault is not None
    assert "wrong results" in training.fault
    monkeypatch.setattr("nnctl.api.doctor.load_spec", lambda path: load_spec(path, [("--set", "train.batch_size=0")]))
    *_, training = doctor.examine()
    assert training.fault is not None
    assert "batch_size" in training.fault
