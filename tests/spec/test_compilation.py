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


def test_without_a_number_of_steps_only_what_does_not_depend_on_it_is_said(read: Callable[..., Spec]) -> None:
    assert expected_compilation(read(), None) is None
    assert expected_compilation(read(), 50) == compilation_of(read(), 50)
    slow = read("model.layers=[flatten, {dropout: 0.5}, {dense: 10}]")
    assert expected_compilation(slow, None) == compilation_of(slow, 1)
