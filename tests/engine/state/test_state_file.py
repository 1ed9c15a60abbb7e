"""A `state.json` of somebody else's, whose checksum holds: it is what nnctl writes, or refused."""

import json
import sys
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnctl.engine.loop.training import Training
from nnctl.engine.state import checkpoint
from nnctl.engine.state.state_file import STATE, parse_facts
from nnctl.errors import RunError
from tests.engine.conftest import Quiet, files_of

STOPPING = ("data.subset=100", "train.epochs=2", "train.early_stopping=5")


@pytest.fixture(scope="module")
def written() -> dict[str, Any]:
    """Filled by the first test that asks for it."""
    return {}


@pytest.fixture
def facts(written: dict[str, Any], training: Callable[..., Training]) -> dict[str, Any]:
    """What the state of a training says after two epochs."""
    if not written:
        made = training(*STOPPING)
        made.run(Quiet())
        written["state"] = files_of(made)[STATE]
    return parse_facts({STATE: written["state"]})


def test_what_is_written_is_sound(facts: dict[str, Any]) -> None:
    assert (facts["epoch"], len(facts["history"]), facts["callbacks"][0].keys() >= {"wait", "best"}) == (2, 2, True)


def test_every_number_that_a_training_holds_is_read_as_it_was_written(facts: dict[str, Any]) -> None:
    """NaN and infinities among them, as texts: the loss of an epoch may be one, and so is the best before there is one."""

    @given(st.one_of(st.floats(), st.just(sys.float_info.max), st.just(-sys.float_info.max)))
    def same(number: float) -> None:
        told = checkpoint._encode(number)
        history = [{**row, "loss": told, "val_loss": told} for row in facts["history"]]
        changed = {
            "history": history,
            "best": {"epoch": 1, "value": told},
            "elapsed": told,
            "callbacks": [{"best": told}],
        }
        back = parse_facts({STATE: json.dumps({**facts, **changed}, allow_nan=False).encode()})
        found = [back["elapsed"], back["best"]["value"], back["callbacks"][0]["best"], back["history"][1]["val_loss"]]
        assert [repr(float(each)) for each in found] == [repr(number)] * 4

    same()


ROW = dict.fromkeys(("epoch", "step", "seconds", "learning_rate", "loss"), 1)
WRONG: dict[str, list[Any]] = {
    "format": [0, None, "1"],
    "epoch": [-1, 1, 10**9, 2.0, True, "2", None, [2]],
    "step": [-1, 1.5, True, 10**400, "x"],
    "entered": [0, "yes"],
    "elapsed": [{}, "1", "fast", None, 10**400, True, float("nan"), float("inf")],
    "stopped": [1, None],
    "callbacks": ["zz", [3], [{"__class__": 1}], [{"monitor_op": 1}], [{"wait": []}], {}],
    "best": [None, {}, {"epoch": 3, "value": 1}, {"epoch": 0, "value": 1}, {"epoch": 1, "value": "low"}, [1, 2]],
    "history": [3, [], [ROW], [ROW, {"a": 1}], [ROW, {**ROW, "loss": "b"}], [ROW, {**ROW, "more": 1}], [ROW, ROW, ROW]],
    "fingerprints": [[1], {}, {"spec": "", "data": "", "versions": [], "platform": {}}],
    "arrays": ["a", [1]],
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_of_another_form_is_refused(name: str, facts: dict[str, Any]) -> None:
    for value in WRONG[name]:
        with pytest.raises(RunError, match=r"state\.json"):
            parse_facts({STATE: json.dumps({**facts, name: value}).encode()})
    del facts[name]
    with pytest.raises(RunError, match=r"state\.json"):
        parse_facts({STATE: json.dumps(facts).encode()})


@pytest.mark.parametrize("text", [b"", b"null", b"[]", b"{", b"\xff", b"[" * 100_000, b'{"format": NaN}'])
def test_what_is_no_map_is_refused(text: bytes) -> None:
    with pytest.raises(RunError, match=r"state\.json"):
        parse_facts({STATE: text})


def test_callbacks_of_another_training_are_refused(training: Callable[..., Training]) -> None:
    made = training(*STOPPING)
    files = files_of(made)
    other = {**files, STATE: json.dumps({**json.loads(files[STATE]), "callbacks": []}).encode()}
    with pytest.raises(RunError, match="another network"):
        checkpoint.unpack(other, made)
