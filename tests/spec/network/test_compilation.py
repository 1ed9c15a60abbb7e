from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from nnctl.spec import Spec, load_spec
from nnctl.spec.network.compilation import Compilation, choose_compilation, expect_compilation
from nnctl.spec.network.cost import Cost, estimate_cost
from nnctl.spec.network.trace import follow_network
from nnctl.spec.sections import DataFacts

DIGITS, MNIST = (8, 8), (28, 28)
SOFTMAX = "{dense: {units: 10, activation: softmax}}"
CONVOLUTION = f"{{conv2d: {{filters: 16, kernel_size: 3}}}}, max_pooling2d, flatten, {{dense: 1024}}, {SOFTMAX}"
WIDE = f"flatten, {{dense: {{units: 2048, activation: relu}}}}, {{dense: 2048}}, relu, {SOFTMAX}"


@pytest.fixture
def read(write: Callable[..., Path]) -> Callable[..., Spec]:
    """The usual spec, with values set as by `--set`."""

    def read(*settings: str) -> Spec:
        return load_spec(write(), [("--set", text) for text in settings])

    return read


@pytest.fixture
def compiled(read: Callable[..., Spec]) -> Callable[..., Compilation]:
    """How a spec, with values set, is compiled for a number of steps."""

    def compiled(steps: int, *settings: str, shape: tuple[int, ...] = DIGITS) -> Compilation:
        spec = read("train.epochs=1", *settings)
        return choose_compilation(spec, work(spec, shape, steps))

    return compiled


def work(spec: Spec, shape: tuple[int, ...] | None = DIGITS, steps: int | None = None) -> Cost:
    """What a spec takes whose epochs have so many steps, if their number is known."""
    return replace(
        estimate_cost(spec, follow_network(spec.layers, shape), DataFacts(shape=shape, dtype="uint8"), 50_000, 0),
        steps=steps,
    )


Compiled = Callable[..., Compilation]


def test_enough_steps_of_dense_layers_are_worth_compiling(compiled: Compiled) -> None:
    assert compiled(50_000).xla is True
    assert compiled(50).xla is False


@pytest.mark.parametrize("layer", ["conv1d: {filters: 2, kernel_size: 2}", "average_pooling1d: 2"])
def test_layers_that_xla_slows_down_keep_it_away(compiled: Compiled, layer: str) -> None:
    compilation = compiled(50_000, f"model.layers=[{{{layer}}}, flatten, {{dense: 10}}]")
    assert compilation.xla is False
    assert layer.split(":")[0] in compilation.reason


def test_what_a_layer_wraps_counts(compiled: Compiled) -> None:
    layers = "[{time_distributed: {conv1d: {filters: 2, kernel_size: 2}}}, flatten, {dense: 10}]"
    assert compiled(50_000, f"model.layers={layers}", shape=(4, 8, 8)).reason.startswith("conv1d")


@pytest.mark.parametrize("layer", ["lstm: 4", "bidirectional: {lstm: 4}", "dropout: 0.5", "global_max_pooling1d"])
def test_loops_and_random_masks_gain(compiled: Compiled, layer: str) -> None:
    wrapped = layer if ":" not in layer else f"{{{layer}}}"
    assert compiled(50_000, f"model.layers=[{wrapped}, flatten, {{dense: 10}}]").xla is True


def test_what_compiles_longer_and_saves_more_a_step_is_worth_it_after_fewer_steps(read: Callable[..., Spec]) -> None:
    def least(layers: str) -> int:
        spec = read(f"model.layers={layers}", "train.epochs=1")
        return next(steps for steps in range(50_000) if choose_compilation(spec, work(spec, steps=steps)).xla)

    assert least("[{lstm: 4}, {dense: 10}]") < least("[flatten, {dense: 10}]") < 2_500


def test_products_of_large_matrices_are_left_to_the_graph(compiled: Compiled) -> None:
    layers = f"model.layers=[{WIDE}]"
    assert compiled(10_000, layers, "train.batch_size=1024", shape=MNIST).xla == "update"
    assert compiled(10_000, layers, "train.batch_size=1024", "train.optimizer=sgd", shape=MNIST).xla is False
    assert compiled(10_000, layers, "train.batch_size=128", shape=MNIST).xla is True
    normalised = layers.replace("relu,", "batch_normalization,")
    assert compiled(10_000, normalised, "train.batch_size=1024", shape=MNIST).xla is True


@pytest.mark.parametrize(("setting", "gains"), [
    ("train.optimizer=adam", True), ("train.optimizer={sgd: {momentum: 0.9}}", True), ("train.optimizer=rmsprop", True),
    ("train.optimizer=sgd", False), ("train.optimizer=adafactor", False), ("train.optimizer=muon", False),
    ("train.optimizer={adam: {gradient_accumulation_steps: 2}}", False),
    ("train.augment=[{random_rotation: 0.1}]", True), ("train.precision=mixed_bfloat16", True),
    ("train.precision=mixed_float16", False),
])  # fmt: skip
def test_the_update_of_many_weights_gains(compiled: Compiled, setting: str, gains: bool) -> None:
    compilation = compiled(4_000, f"model.layers=[{CONVOLUTION}]", setting, shape=(*MNIST, 1))
    assert compilation.xla == ("update" if gains else False)
    assert ("the update of" in compilation.reason) == gains


def test_the_update_of_few_weights_or_in_few_steps_does_not(compiled: Compiled) -> None:
    layers = f"model.layers=[{CONVOLUTION}]"
    assert compiled(50, layers, shape=(*MNIST, 1)).xla is False
    assert compiled(10**6, layers.replace("1024", "16"), shape=(*MNIST, 1)).xla is False
    assert (
        compiled(4_000, layers, "model.layers.3.dense={units: 1024, trainable: false}", shape=(*MNIST, 1)).xla is False
    )


def test_a_table_of_embeddings_keeps_the_update_as_it_is(compiled: Compiled) -> None:
    layers = f"model.layers=[{{embedding: {{input_dim: 20000, output_dim: 64}}}}, {{conv1d: {{filters: 2, kernel_size: 2}}}}, flatten, {SOFTMAX}]"  # fmt: skip  # noqa: E501
    assert compiled(4_000, layers, "data.scale=none", shape=(30,)).xla is False


@pytest.mark.parametrize(("given", "xla"), [("true", True), ("false", False), ("update", "update")])
def test_the_spec_has_the_last_word(compiled: Compiled, given: str, xla: object) -> None:
    for steps in (1, 10**6):
        assert compiled(steps, f"train.xla={given}") == Compilation(xla, "as train.xla says")  # type: ignore[arg-type]


def test_only_what_does_not_depend_on_what_is_unknown_is_said(read: Callable[..., Spec]) -> None:
    assert expect_compilation(read(), work(read())) is None
    assert expect_compilation(read(), work(read(), steps=50)) == choose_compilation(read(), work(read(), steps=50))
    small = read("model.layers=[{average_pooling1d: 2}, flatten, {dense: 10}]")
    assert expect_compilation(small, work(small)) == choose_compilation(small, work(small, steps=1))
    assert expect_compilation(small, work(small, None, 10**5)) is None  # its update, if there are weights enough
    large = read("model.layers=[{average_pooling1d: 2}, flatten, {dense: 40000}, {dense: 10}]")
    assert expect_compilation(large, work(large)) is None  # or steps enough
    plain = read("model.layers=[{average_pooling1d: 2}, flatten, {dense: 10}]", "train.optimizer=sgd")
    assert expect_compilation(plain, work(plain, None)) == choose_compilation(plain, work(plain, steps=1))


def test_the_steps_of_all_epochs_count(read: Callable[..., Spec]) -> None:
    once, often = read("train.epochs=1"), read("train.epochs=100")
    assert choose_compilation(once, work(once, steps=100)).xla is False
    assert choose_compilation(often, work(often, steps=100)).xla is True
