import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nnctl.cli.shell import terminal
from nnctl.cli.views.anatomy import document, show
from nnctl.data import load, peek
from nnctl.diagnosis import Facts, collect_facts
from nnctl.diagnosis.facts.dataset import collect_dataset_facts
from nnctl.diagnosis.facts.probes import LayerProbe, Overfit, ProbeFacts, Trial
from nnctl.spec import load_spec

TRIAL = Trial("as it is", 1440, True, (2.0, 1.0), 0.5, 0.5, False, 0.9, 1.0)
LAYER = LayerProbe(1, 0.25, 0.5, 0.1, 0.0, 0.0, 1e-3, 0.1, math.inf)
OVERFIT = Overfit(32, (("adam of the spec", 0.5, False), ("adam at 0.001", 1.0, True)))


@pytest.fixture
def facts(write: Callable[..., Path]) -> Facts:
    spec = load_spec(write(), [("--set", "data.subset=200")], peek)
    dataset = load(spec.data, lambda label, share: None)
    probe = ProbeFacts(2.5, math.log(10), (LAYER, replace(LAYER, index=2)), (), TRIAL, OVERFIT, None, 1.0)
    known = collect_facts(dataset.plan(spec))
    return replace(known, dataset=collect_dataset_facts(spec, dataset), probe=probe)


@pytest.fixture
def shown(capsys: pytest.CaptureFixture[str]) -> Callable[[Facts], list[str]]:
    def shown(facts: Facts) -> list[str]:
        show(facts, terminal.results())
        return [line.rstrip() for line in capsys.readouterr().out.splitlines()]

    return shown


def test_every_layer_with_weights_has_a_row_and_every_attempt_a_line(
    facts: Facts, shown: Callable[[Facts], list[str]]
) -> None:
    lines = shown(facts)
    rows = [line.split() for line in lines if line.strip().startswith("layers[")]
    assert rows == [
        ["layers[1]", "dense", "16", "1,040", "0.25", "0.5", "10%", "1.0e-03", "inf"],
        ["layers[2]", "dense", "10", "170", "0.25", "0.5", "10%", "1.0e-03", "inf"],
    ]
    assert "loss before the first step 2.5, guessing gives 2.303" in lines
    assert "FAIL  overfit 32 examples, adam of the spec: 0.50" in lines
    assert "PASS  overfit 32 examples, adam at 0.001: 1.00" in lines
    assert "accuracy  0.500 on held-out examples after 1,440 steps" in lines


def test_json_has_no_number_beyond_all_numbers(facts: Facts) -> None:
    told = document(facts)
    layers = told["layers"]
    assert [layer["update"] for layer in layers] == [None, None]  # type: ignore[attr-defined]
    assert [layer["index"] for layer in layers] == [1, 2]  # type: ignore[attr-defined]
    assert told["trial"] == {"steps": 1440, "score": 0.5, "diverged": False}
    assert np.isfinite(told["initial_loss"])  # type: ignore[call-overload]


def test_a_trial_that_diverged_says_so(facts: Facts, shown: Callable[[Facts], list[str]]) -> None:
    assert facts.probe is not None
    bad = replace(facts, probe=replace(facts.probe, reference=replace(TRIAL, diverged=True)))
    assert "accuracy  diverged after 1,440 steps" in shown(bad)


def test_where_no_probe_ran_there_is_nothing_to_show(facts: Facts, shown: Callable[[Facts], list[str]]) -> None:
    assert shown(replace(facts, probe=None)) == []
    assert document(replace(facts, probe=None)) == {}
