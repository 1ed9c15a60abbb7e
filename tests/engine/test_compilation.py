from collections.abc import Callable

import pytest

from nnctl.engine.compilation import compilation_of
from nnctl.spec import Spec


def test_enough_steps_of_dense_layers_are_worth_compiling(read: Callable[..., Spec]) -> None:
    assert compilation_of(read(), 50_000).xla
    assert not compilation_of(read(), 50).xla


@pytest.mark.parametrize(
    "layer", ["conv1d: {filters: 2, kernel_size: 2}", "lstm: 4", "bidirectional: {lstm: 4}", "dropout: 0.5"]
)
def test_layers_that_xla_slows_down_keep_it_away(read: Callable[..., Spec], layer: str) -> None:
    spec = read(f"model.layers=[{{{layer}}}, flatten, {{dense: 10}}]")
    compilation = compilation_of(spec, 50_000)
    assert not compilation.xla
    assert layer.split(":")[0] in compilation.reason or "lstm" in compilation.reason


@pytest.mark.parametrize("xla", [True, False])
def test_the_spec_has_the_last_word(read: Callable[..., Spec], xla: bool) -> None:
    for steps in (1, 10**6):
        assert compilation_of(read(f"train.xla={str(xla).lower()}"), steps).xla is xla
