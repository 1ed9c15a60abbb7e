from collections.abc import Callable
from pathlib import Path

import pytest

from nnctl.spec import Spec, load_spec
from nnctl.spec.network.precision import Precision, choose_precision, read_processor_flags
from nnctl.spec.network.trace import follow_network


def of(spec: Spec, shape: tuple[int, ...] | None, flags: set[str]) -> Precision:
    return choose_precision(spec, follow_network(spec.layers, shape), flags)


ABLE = {"avx512f", "avx512_bf16"}
LARGE = ("model.layers=[flatten, {dense: {units: 2048, activation: relu}}, {dense: 2048}, {dense: 10}]",)
CONVOLVED = (
    "model.layers=[{conv2d: {filters: 16, kernel_size: 3}}, {conv2d: {filters: 9, kernel_size: 3}}, flatten, {dense: 10}]",
)


@pytest.fixture
def read(write: Callable[..., Path]) -> Callable[..., Spec]:
    """The usual spec with `precision: auto` and batches of 256, and values set as by `--set`."""

    def read(*settings: str) -> Spec:
        usual = (
            "train.precision=auto",
            "train.batch_size=256",
            "train.loss={categorical_crossentropy: {from_logits: true}}",
        )
        return load_spec(write(), [("--set", text) for text in (*usual, *settings)])

    return read


@pytest.mark.parametrize("layers", [LARGE, CONVOLVED])
def test_large_products_of_classes_take_bfloat16(read: Callable[..., Spec], layers: tuple[str, ...]) -> None:
    found = of(read(*layers), (28, 28, 1), ABLE)
    assert (found.policy, found.chosen) == ("mixed_bfloat16", True)


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        (("train.loss=mse",), "mean_squared_error may need more digits"),
        (("train.batch_size=128",), "too small"),
        (("model.layers=[flatten, {dense: 64}, {dense: 10}]",), "too small"),
        (("model.layers=[{lstm: 2048}, {dense: 10}]",), "lstm is not known"),
    ],
)
def test_what_keeps_float32_is_said(read: Callable[..., Spec], settings: tuple[str, ...], reason: str) -> None:
    found = of(read(*LARGE, *settings), (28, 28), ABLE)
    assert found.policy == "float32"
    assert reason in found.reason


def test_without_the_processors_help_or_a_shape_it_stays_float32(read: Callable[..., Spec]) -> None:
    assert of(read(*LARGE), (28, 28), {"avx2"}).policy == "float32"
    assert of(read(*LARGE), None, ABLE).policy == "float32"


@pytest.mark.parametrize("policy", ["float32", "mixed_bfloat16"])
def test_the_spec_has_the_last_word(read: Callable[..., Spec], policy: str) -> None:
    found = of(read(f"train.precision={policy}"), (28, 28), set())
    assert (found.policy, found.chosen) == (policy, False)


def test_the_flags_are_those_of_this_machine() -> None:
    cpuinfo = Path("/proc/cpuinfo")
    listed = cpuinfo.read_text().split() if cpuinfo.is_file() else []
    assert read_processor_flags() <= set(listed)
    assert bool(read_processor_flags()) == any(line == "flags" for line in listed)
