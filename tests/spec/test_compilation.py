from collections.abc import Callable
from pathlib import Path

import pytest

from nnctl.spec import Spec, load_spec
from nnctl.spec.compilation import compilation_of, expected_compilation


@pytest.fixture
def read(write: Callable[..., Path]) -> Callable[..., Spec]:
    """The usual spec, with values set as by `--set`."""

    def read(*settings: str) -> Spec:
        return load_spec(write(), [("--set", text) for text in settings])

    return read


def test_enough_steps_of_dense_layers_are_worth_compiling(read: Callable[..., Spec]) -> None:
    assert compilation_of(read(), 50_000).xla
    assert not compilation_of(read(), 50).xla


@pytest.mark.parametrize("layer", ["conv1d: {filters: 2, kernel_size: 2}", "average_pooling1d: 2"])
def test_layers_that_xla_slows_down_keep_it_away(read: Callable[..., Spec], layer: str) -> None:
    spec = read(f"model.layers=[{{{layer}}}, flatten, {{dense: 10}}]")
    compilation = compilation_of(spec, 50_000)
    assert not compilation.xla
    assert layer.split(":")[0] in compilation.reason


def test_what_a_layer_wraps_counts(read: Callable[..., Spec]) -> None:
    spec = read("model.layers=[{time_distributed: {conv1d: {filters: 2, kernel_size: 2}}}, flatten, {dense: 10}]")
    assert compilation_of(spec, 50_000).reason.startswith("conv1d")


@pytest.mark.parametrize("layer", ["lstm: 4", "bidirectional: {lstm: 4}", "dropout: 0.5", "global_max_pooling1d"])
def test_loops_and_random_masks_gain(read: Callable[..., Spec], layer: str) -> None:
    wrapped = layer if ":" not in layer else f"{{{layer}}}"
    assert compilation_of(read(f"model.layers=[{wrapped}, flatten, {{dense: 10}}]"), 50_000).xla


def test_what_compiles_longer_and_saves_more_a_step_is_worth_it_after_fewer_steps(read: Callable[..., Spec]) -> None:
    def least(layers: str) -> int:
        spec = read(f"model.layers={layers}")
        return next(steps for steps in range(50_000) if compilation_of(spec, steps).xla)

    assert least("[{lstm: 4}, {dense: 10}]") < least("[flatten, {dense: 10}]") < 2_500


@pytest.mark.parametrize("xla", [True, False])
def test_the_spec_has_the_last_word(read: Callable[..., Spec], xla: bool) -> None:
    for steps in (1, 10**6):
        assert compilation_of(read(f"train.xla={str(xla).lower()}"), steps).xla is xla


def test_without_a_number_of_steps_only_what_does_not_depend_on_it_is_said(read: Callable[..., Spec]) -> None:
    assert expected_compilation(read(), None) is None
    assert expected_compilation(read(), 50) == compilation_of(read(), 50)
    slow = read("model.layers=[{average_pooling1d: 2}, flatten, {dense: 10}]")
    assert expected_compilation(slow, None) == compilation_of(slow, 1)
