"""Shapes are followed once for each spec and what is known of its data, however many stages ask."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from nnctl.data import load
from nnctl.diagnosis import parse_selection
from nnctl.engine.debug import debug_spec
from nnctl.spec import Spec
from nnctl.spec.network import trace

from .conftest import Nnctl

Follows = Callable[[], Counter[tuple[int, object]]]


@pytest.fixture
def follows(monkeypatch: pytest.MonkeyPatch) -> Follows:
    """How often each list of layers has been followed for each shape."""
    seen, follow = list[tuple[object, object]](), trace.follow_network

    def counted(layers: tuple[object, ...], shape: tuple[int, ...] | None) -> object:
        seen.append((layers, shape))  # kept, so that no other layers get the identity of these
        return follow(layers, shape)  # type: ignore[arg-type]

    monkeypatch.setattr(trace, "follow_network", counted)
    return lambda: Counter((id(layers), shape) for layers, shape in seen)


@pytest.mark.parametrize("more", [(), ("--seeds", "2"), ("--subset", "300")])
def test_a_training_follows_its_spec_once(
    follows: Follows, nnctl: Nnctl, write: Callable[..., Path], more: tuple[str, ...]
) -> None:
    assert nnctl("train", write(), "--epochs", 1, *more).returncode == 0
    assert list(follows().values()) == [1]


@pytest.mark.parametrize("verb", ["check", "show"])
def test_a_look_at_a_spec_follows_it_once(
    follows: Follows, nnctl: Nnctl, write: Callable[..., Path], verb: str
) -> None:
    assert nnctl(verb, write()).returncode == 0
    assert list(follows().values()) == [1]


def test_the_debugger_follows_each_edited_spec_once(follows: Follows, read: Callable[..., Spec]) -> None:
    spec = read("train.learning_rate=30", "model.layers.1.dense.activation=sigmoid", "train.optimizer=sgd")
    diagnosis, _ = debug_spec(spec, load(spec.data, lambda label, share: None), parse_selection())
    assert diagnosis.primary is not None
    assert len(follows()) > 2  # the spec's own layers, those without what hinders learning, and those of edited specs
    assert set(follows().values()) == {1}
