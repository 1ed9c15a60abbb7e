from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from nnctl.diagnosis import collect_facts
from nnctl.engine.loop.training import Training
from nnctl.engine.probes.layers import Layers, SavedVariables
from nnctl.engine.probes.trial import Bout

from ..conftest import arrays


def test_looking_at_layers_changes_nothing(training: Callable[..., Training]) -> None:
    made = training("model.layers.1={dropout: 0.5}")
    before = arrays(made)
    facts = collect_facts(made.dataset.plan(made.spec))

    def step() -> None:
        made.steps.begin(np.arange(made.steps.examples, dtype=np.int32))
        made.steps.run(0, 1)

    first = Layers(made, facts.network).probe(step)
    assert all((a == b).all() for a, b in zip(before, arrays(made), strict=True))
    assert Layers(made, facts.network).probe(step) == first
    held = SavedVariables(made)
    made.steps.begin(np.arange(made.steps.examples, dtype=np.int32))
    made.steps.run(0, 3)
    held.restore()
    assert all((a == b).all() for a, b in zip(before, arrays(made), strict=True))


@pytest.mark.parametrize("steps", [0, 5])
def test_an_update_of_gathered_batches_is_that_of_their_sum(training: Callable[..., Training], steps: int) -> None:
    """Four batches of 25 make one update of 100 examples, wherever in the four it is looked at; one batch alone makes none."""
    usual = ("train.learning_rate=0.1", "train.shuffle=false", "train.xla=false")
    whole = training("train.batch_size=100", "train.optimizer=sgd", *usual)
    parts = training("train.batch_size=25", "train.optimizer={sgd: {gradient_accumulation_steps: 4}}", *usual)
    ratios = []
    for made, count in ((whole, steps // 4), (parts, steps)):
        bout = Bout(made.spec, replace(made.dataset, test=None), "as it is")
        layers = Layers(bout.training, collect_facts(made.dataset.plan(made.spec)).network)
        if count:
            bout.run(count)
        ratios.append([layer.update for layer in layers.probe(bout.run_once)])
    # Where one batch of the next four has been gathered already, three of the four are the same.
    np.testing.assert_allclose(ratios[1], ratios[0], rtol=0.3 if steps % 4 else 1e-4)
