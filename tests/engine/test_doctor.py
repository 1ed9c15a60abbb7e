import pytest

from nnctl.api import doctor
from nnctl.errors import Problem, UsageError
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


def test_without_a_folder_for_temporary_files_no_training_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> str:
        raise FileNotFoundError(2, "No usable temporary directory found")

    monkeypatch.setattr("tempfile.gettempdir", fail)
    *_, training = doctor.examine()
    assert training.told == "was not tried"
    assert training.fault is not None
    assert "$TMPDIR" in training.fault


@pytest.mark.parametrize(
    ("error", "told", "again"),
    [
        (ImportError("no module"), "no module", True),
        (FileNotFoundError(2, "No such file", "keras/x"), "No such file", True),
        (OSError(24, "Too many open files", "keras/x"), "Too many open files", False),
        (
            UsageError(Problem("bad-threads", "$NNCTL_THREADS is 0", hint="set it")),
            "$NNCTL_THREADS is 0; set it",
            False,
        ),
        (MemoryError(), "MemoryError", False),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_nnctl_is_installed_anew_where_that_helps(error: Exception, told: str, again: bool) -> None:
    fault = doctor._explain_loading(error)
    assert told in fault
    assert ("install nnctl anew" in fault) is again
