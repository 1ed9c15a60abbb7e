from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from nnctl.data import load, peek
from nnctl.spec import DataFacts, load_spec
from nnctl.spec.network import trace
from nnctl.spec.network.plan import make_plan

DIGITS = DataFacts((8, 8), "uint8", "multiclass", 10, 1797)


@pytest.fixture
def follows(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The shapes that networks have been followed for."""
    seen, follow = list[object](), trace.follow_network

    def counted(layers: tuple[object, ...], shape: tuple[int, ...] | None) -> object:
        seen.append(shape)
        return follow(layers, shape)  # type: ignore[arg-type]

    monkeypatch.setattr(trace, "follow_network", counted)
    return seen


def test_shapes_are_followed_once_for_a_spec_and_its_data(write: Callable[..., Path], follows: list[object]) -> None:
    spec = load_spec(write(), peek=peek)
    first = make_plan(spec, spec.facts or DIGITS)
    second = load(spec.data, lambda label, share: None).plan(replace(first.spec, seed=9))
    assert follows == [(8, 8)]
    assert first.network is second.network


def test_a_plan_holds_what_follows_from_a_spec_and_its_data(write: Callable[..., Path]) -> None:
    plan = make_plan(load_spec(write()), DIGITS, 1437, 360)
    assert (plan.cost.steps, plan.cost.parameters) == (45, 64 * 16 + 16 + 16 * 10 + 10)
    assert (plan.labels, plan.network.width, plan.precision.policy) == ("one_hot", 10, "float32")
    assert plan.compilation is not None
    assert plan.spec.network is plan.network


def test_the_products_type_is_decided_before_the_memory_is_counted(write: Callable[..., Path]) -> None:
    whole, half = (
        make_plan(load_spec(write(), [("--set", f"train.precision={name}")]), DIGITS, 1437)
        for name in ("float32", "mixed_bfloat16")
    )
    assert whole.cost.memory["activations"] == 2 * (half.cost.memory["activations"] or 0)


def test_what_depends_on_what_is_not_known_is_left_open(write: Callable[..., Path]) -> None:
    shapeless = make_plan(load_spec(write()), DataFacts())
    assert (shapeless.labels, shapeless.network.output, shapeless.cost.parameters) == (None, None, None)
    uncounted = make_plan(load_spec(write()), replace(DIGITS, train=None))
    assert (uncounted.cost.steps, uncounted.compilation) == (None, None)
