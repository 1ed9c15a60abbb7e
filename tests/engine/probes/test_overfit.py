from collections.abc import Callable

import pytest

from nnctl.data import load
from nnctl.engine.probes.overfit import EXAMPLES, overfit, strip
from nnctl.engine.probes.trial import prepare_data
from nnctl.spec import Spec

SOFTMAX = "{dense: {units: 10, activation: softmax}}"
HELD_BACK = (
    "model.layers=[flatten, {gaussian_noise: 0.5}, {dense: {units: 64, activation: relu, kernel_regularizer: {l2: 1.0}}}, "
    f"{{alpha_dropout: 0.9}}, {{dropout: 0.9}}, {SOFTMAX}]"
)
DEAD = (
    f"model.layers=[flatten, {{dense: {{units: 8, activation: relu, bias_initializer: {{constant: -50}}}}}}, {SOFTMAX}]"
)


def test_what_holds_a_network_back_is_left_out(read: Callable[..., Spec]) -> None:
    spec = strip(read(HELD_BACK, "train.class_weight=balanced"))
    arguments = {layer.name: layer.arguments for layer in spec.layers}
    assert (arguments["gaussian_noise"]["stddev"], arguments["dropout"]["rate"]) == (0, 0)
    assert arguments["alpha_dropout"]["rate"] == 0
    assert "kernel_regularizer" not in arguments["dense"]
    assert (spec.train.class_weight, spec.train.shuffle, spec.train.batch_size) == (None, False, EXAMPLES)
    recurrent = strip(read(f"model.layers=[{{lstm: {{units: 4, dropout: 0.5, recurrent_dropout: 0.5}}}}, {SOFTMAX}]"))
    assert recurrent.layers[0].arguments == {"units": 4, "dropout": 0.0}


@pytest.mark.parametrize(("layers", "passes"), [(HELD_BACK, [True]), (DEAD, [False, False, False])])
def test_a_sound_network_passes_with_its_own_optimizer_and_a_broken_one_never(
    layers: str, passes: list[bool], read: Callable[..., Spec]
) -> None:
    spec = read(layers)
    found = overfit(spec, prepare_data(load(spec.data, lambda label, share: None)))
    assert found.examples == EXAMPLES
    assert [passed for _, _, passed in found.rungs] == passes
    assert found.rungs[0][0] == "adam of the spec"
