"""The whole way from a spec to the cause, on networks that are broken in one way each and on some that are not."""

from collections.abc import Callable
from pathlib import Path

import pytest

from nnctl.data import load, peek
from nnctl.diagnosis import Diagnosis, Selection
from nnctl.engine.debug import debug_spec
from nnctl.spec import load_spec

RELU = "flatten, {dense: {units: 64, activation: relu}}"
SOFT = "{dense: {units: 10, activation: softmax}}"


def text(source: str, layers: str, loss: str, **train: object) -> str:
    more = "".join(f"  {key}: {value}\n" for key, value in {"optimizer": "adam", "epochs": 8, **train}.items())
    return f"data: {{{source}}}\nmodel: {{layers: [{layers}]}}\ntrain:\n  loss: {loss}\n{more}"


@pytest.fixture
def debugged(tmp_path: Path) -> Callable[[str], Diagnosis]:
    def debugged(text: str) -> Diagnosis:
        path = tmp_path / "spec.yaml"
        path.write_text(text)
        spec = load_spec(path, peek=peek)
        verdict, facts = debug_spec(spec, load(spec.data, lambda label, share: None), Selection())
        assert facts.probe is not None
        return verdict

    return debugged


CROSS = "categorical_crossentropy"
BINARY = "binary_crossentropy"
# A rate, and a network that is too small; `test_debug_command.py` has a head, and `make bench-debug` all families.
BROKEN = {
    "a rate far too large": (text("source: digits", f"{RELU}, {SOFT}", CROSS, learning_rate=0.5), "C01 P03"),
    "a line for what no line parts": (
        text("source: xor", "{dense: 8}, {dense: {units: 1, activation: sigmoid}}", BINARY, learning_rate=0.01),
        "A01",
    ),
}
HEALTHY = {
    "tanh": text(
        "source: moons",
        "{dense: {units: 16, activation: tanh}}, {dense: {units: 1, activation: sigmoid}}",
        BINARY,
        learning_rate=0.02,
        epochs=20,
    ),
    "regression": text(
        "source: friedman", "{dense: {units: 32, activation: relu}}, {dense: 1}", "mse", learning_rate=0.01, epochs=30
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_the_cause_is_named_first_and_its_edit_is_proved(name: str, debugged: Callable[[str], Diagnosis]) -> None:
    spec, codes = BROKEN[name]
    verdict = debugged(spec)
    assert verdict.primary is not None
    assert verdict.primary.code in codes.split()
    assert "->" in str(verdict.primary.checked)
    assert verdict.bad


@pytest.mark.parametrize("name", HEALTHY)
def test_a_healthy_network_is_left_alone(name: str, debugged: Callable[[str], Diagnosis]) -> None:
    verdict = debugged(HEALTHY[name])
    assert [one.code for one in verdict.findings if one.loud] == []
