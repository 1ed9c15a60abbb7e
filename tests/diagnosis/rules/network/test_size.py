from collections.abc import Callable

import pytest

from nnctl.diagnosis import Facts
from nnctl.diagnosis.rules.index import RULES
from nnctl.spec.catalogue import traits


@pytest.mark.parametrize(
    "layer", [None, "batch_normalization", *traits.select_names("layer", lambda layer: layer.drops or layer.adds_noise)]
)
def test_a_network_is_large_for_the_data_unless_something_holds_it_back(
    facts: Callable[..., Facts], layer: str | None
) -> None:
    ends = {"1d": "[8, 8]", "2d": "[8, 8, 1]", "3d": "[4, 4, 4, 1]"}
    axes = next((axes for end, axes in ends.items() if str(layer).endswith(end)), "[64]")
    written = layer if layer == "batch_normalization" else f"{{{layer}: 0.3}}"
    holding = "" if layer is None else f"{{reshape: {axes}}}, {written}, "
    found = facts(f"model.layers=[{holding}flatten, {{dense: 3000}}, {{dense: {{units: 10, activation: softmax}}}}]")
    assert bool(list(RULES["A14"].apply(found))) == (layer is None)
