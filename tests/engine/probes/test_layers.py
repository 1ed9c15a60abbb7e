from collections.abc import Callable

import numpy as np

from nnctl.diagnosis import collect_facts
from nnctl.engine.loop.training import Training
from nnctl.engine.probes.layers import Layers, SavedVariables

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
