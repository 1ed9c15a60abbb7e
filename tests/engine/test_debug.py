"""The whole way from a spec to the cause, on networks that are broken in one way each and on some that are not."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nnctl.data import load, peek
from nnctl.diagnosis import Diagnosis, Selection, static_facts
from nnctl.engine.debug import debug_rates, debug_spec
from nnctl.engine.loop.steps import order_of
from nnctl.engine.loop.training import Training
from nnctl.engine.probes.layers import Layers, Snapshot
from nnctl.engine.probes.trial import Bout
from nnctl.spec import load_spec

from .conftest import arrays

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
    "a rate far too large": (text("source: digits", f"{RELU}, {SOFT}", CROSS, learning_rate=0.5), "C01 P3"),
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


def test_looking_at_layers_changes_nothing(training: Callable[..., Training]) -> None:
    made = training("model.layers.1={dropout: 0.5}")
    before = arrays(made)
    facts = static_facts(made.dataset.plan(made.spec))

    def step() -> None:
        made.steps.begin(np.arange(made.steps.examples, dtype=np.int32))
        made.steps.run(0, 1)

    first = Layers(made, facts.network).probe(step)
    assert all((a == b).all() for a, b in zip(before, arrays(made), strict=True))
    assert Layers(made, facts.network).probe(step) == first
    held = Snapshot(made)
    made.steps.begin(np.arange(made.steps.examples, dtype=np.int32))
    made.steps.run(0, 3)
    held.restore()
    assert all((a == b).all() for a, b in zip(before, arrays(made), strict=True))


def test_a_trial_takes_the_very_steps_of_the_training(training: Callable[..., Training]) -> None:
    made = training("model.layers.1={dropout: 0.5}", "train.batch_size=100", "train.epochs=3", "train.xla=false")
    bout = Bout(made.spec, replace(made.dataset, test=None), "as it is")
    bout.run(3 * made.steps.per_epoch)
    for epoch in range(3):
        made.steps.begin(order_of(made.spec.seed, epoch, made.steps.examples, made.spec.train.shuffle))
        made.steps.run(0, made.steps.per_epoch)
    assert made.steps.examples % made.steps.batch_size  # or no batch would be a partial one
    both = (bout.training.model.trainable_variables, made.model.trainable_variables)
    assert all((a.numpy() == b.numpy()).all() for a, b in zip(*both, strict=True))
    assert bout.step == 3 * made.steps.per_epoch


def test_the_range_test_suggests_a_rate_that_learns(tmp_path: Path) -> None:
    path = tmp_path / "spec.yaml"
    path.write_text(text("source: digits", f"{RELU}, {SOFT}", CROSS, optimizer="sgd", learning_rate=1.0e-5))
    spec = load_spec(path, peek=peek)
    found = debug_rates(spec, load(spec.data, lambda label, share: None))
    assert found.asked == 1e-5
    assert found.suggested is not None
    assert 0.01 <= found.suggested <= 1
    assert len(found.rates) == len(found.losses) > 50
