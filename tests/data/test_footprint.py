from collections.abc import Callable
from pathlib import Path

import pytest

from nnctl.data import load
from nnctl.data.footprint import Footprint, afford_network, footprint
from nnctl.errors import SpecError
from nnctl.spec import Spec, load_spec

Write = Callable[..., Path]


def read(write: Write, *settings: str) -> Spec:
    return load_spec(write(), [("--set", text) for text in settings])


def of(write: Write, *settings: str) -> Footprint:
    return footprint(read(write, *settings), (8, 8), 1437)


WEIGHTS = 64 * 16 + 16 + 16 * 10 + 10


@pytest.mark.parametrize(
    ("optimizer", "numbers"),
    [
        ("sgd", 2), ("{sgd: {momentum: 0.9}}", 3), ("rmsprop", 3), ("{rmsprop: {momentum: 0.9, centered: true}}", 5),
        ("adam", 4), ("{adam: {amsgrad: true}}", 5), ("{adam: {use_ema: true}}", 5), ("lion", 3),
        ("{sgd: {gradient_accumulation_steps: 4}}", 3),
    ],
)  # fmt: skip
def test_a_weight_has_a_gradient_and_what_its_optimizer_keeps(write: Write, optimizer: str, numbers: int) -> None:
    found = of(write, f"train.optimizer={optimizer}")
    assert (found.parameters, found.weights) == (WEIGHTS, 4 * WEIGHTS * numbers)


def test_activations_grow_with_the_batch_and_never_beyond_the_data(write: Write) -> None:
    each = 4 * (16 + 10 + 16 + 10)  # the two dense layers, and their gradients; flatten is a view
    assert of(write).activations == 32 * each
    assert of(write, "train.batch_size=100000").activations == 1437 * each
    assert of(write, "train.precision=mixed_bfloat16").activations == 32 * each // 2


def test_a_network_beyond_the_limit_is_refused_at_the_layer_that_takes_most(write: Write) -> None:
    spec = read(write, "model.layers.1.dense.units=200000")
    dataset = load(spec.data, lambda label, share: None)
    with pytest.raises(SpecError, match=r"--max-memory is 1\.0 MiB") as caught:
        afford_network(spec, dataset, 1 << 20)
    problem = caught.value.problems[0]
    assert problem.place is not None
    assert problem.hint == "dense takes most, with 13,000,000 weights"
    afford_network(spec, dataset, 1 << 40)


def test_what_the_machine_has_is_the_limit_where_none_is_given(write: Write) -> None:
    spec = read(write, "model.layers.1.dense.units=2000000000")
    with pytest.raises(SpecError, match="are free"):
        afford_network(spec, load(spec.data, lambda label, share: None))
