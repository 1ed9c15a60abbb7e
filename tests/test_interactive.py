"""`nnctl.train` and `nnctl.resume` choose what shows them; tests/engine/test_api.py and test_notebook.py train."""

import inspect
from types import SimpleNamespace
from typing import Any

import pytest

import nnctl
from nnctl import api, interactive
from nnctl.errors import UsageError


@pytest.mark.parametrize("name", ["train", "resume"])
def test_they_take_what_those_of_the_api_take_and_whether_to_show_it(name: str) -> None:
    shown, silent = (dict(inspect.signature(getattr(home, name)).parameters) for home in (interactive, api))
    assert shown.pop("progress").default is None
    assert [*shown.values()] == [*silent.values()]
    assert getattr(nnctl, name) is getattr(interactive, name)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """With what the functions of the API are called, which do nothing here."""
    calls = list[dict[str, Any]]()
    for name in ("train", "resume"):
        signature = inspect.signature(getattr(api, name))

        def call(*given: Any, _signature: inspect.Signature = signature, **named: Any) -> str:
            calls.append(_signature.bind(*given, **named).arguments)
            return "the run"

        monkeypatch.setattr(f"nnctl.api.training.{name}", call)
    return calls


def test_nothing_shows_a_training_that_nobody_waits_for(asked: list[dict[str, Any]]) -> None:
    assert nnctl.train("a.yaml", "runs", report=print, overrides=[("--set", "a=1")], progress=False) == "the run"
    assert nnctl.resume("a run", 7, "10m", True, memory=5) == "the run"  # type: ignore[arg-type]
    nothing = {"observer": None, "report": None}
    assert asked[0] == {
        "spec": "a.yaml", "runs": "runs", "observer": None, "report": print, "command": (), "seeds": None,
        "overrides": [("--set", "a=1")],
    }  # fmt: skip
    assert asked[1] == {"run": "a run", "epochs": 7, "max_time": "10m", "allow_drift": True, "memory": 5, **nothing}


def test_an_observer_of_ones_own_takes_the_place_of_what_is_shown(asked: list[dict[str, Any]]) -> None:
    observer: Any = SimpleNamespace()
    nnctl.train("a.yaml", observer=observer)
    assert asked[0]["observer"] is observer
    for call in (nnctl.train, nnctl.resume):
        with pytest.raises(UsageError, match="two views"):
            call("a.yaml", observer=observer, progress=True)  # type: ignore[operator]
    assert len(asked) == 1
