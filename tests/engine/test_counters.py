"""What makes training fast, counted and not timed: many steps a call, no retraces, next to nothing that travels."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from nnctl.engine.loop import steps
from nnctl.engine.loop import training as training_module
from nnctl.engine.loop.training import Training

from .conftest import Quiet

EPOCHS = 4
# How the steps are compiled, and how many functions that makes.
KINDS = {
    "graph": (("train.xla=false",), 1),
    "graph, its update by XLA": (("train.xla=update",), 1),
    "xla": (("train.xla=true", "data.subset=1280"), 1),  # 1,024 examples are 32 whole batches
    "xla and a smaller last batch": (("train.xla=true",), 2),
}


class Counted(Quiet):
    """An observer that also remembers after which step of its epoch each call ended."""

    def __init__(self) -> None:
        super().__init__()
        self.ends: list[list[int]] = [[]]

    def stepped(self, progress: Any) -> None:
        super().stepped(progress)
        self.ends[-1].append(progress.step)

    def ended_epoch(self, row: Any, best: bool) -> None:
        super().ended_epoch(row, best)
        self.ends.append([])


@pytest.fixture
def instant(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every call is taken for one of no time, on whatever machine."""
    real = steps.choose_length
    for module in (steps, training_module):
        monkeypatch.setattr(module, "choose_length", lambda ran, _, before: real(ran, 0.0, before))


@pytest.mark.parametrize("kind", KINDS)
def test_each_function_is_compiled_once(kind: str, training: Callable[..., Training], instant: None) -> None:
    settings, functions = KINDS[kind]
    made = training(f"train.epochs={EPOCHS}", *settings)
    assert made.run(Counted()) == "done"
    assert made.steps.compiled == functions
    assert made.validation is not None
    assert made.validation._graph.experimental_get_tracing_count() == 1


def test_after_the_first_steps_a_call_runs_four_times_as_many_as_the_one_before(
    training: Callable[..., Training], instant: None
) -> None:
    made, counted = training("train.epochs=2", "train.batch_size=8"), Counted()
    made.run(counted)
    total = made.steps.per_epoch
    assert total > 104
    assert counted.ends[0] == [*range(1, 21), 24, 40, 104, total]
    assert counted.ends[1] == [1, 5, 21, 85, total]


@pytest.mark.parametrize(
    ("ran", "seconds", "before", "length"), [(100, 0.25, 100, 100), (100, 1.0, 100, 25), (1, 9.0, 1, 1)]
)
def test_a_call_takes_a_quarter_of_a_second(ran: int, seconds: float, before: int, length: int) -> None:
    assert steps.choose_length(ran, seconds, before) == length


@pytest.mark.parametrize("kind", KINDS)
def test_an_epoch_sends_its_order_and_a_few_numbers_and_fetches_a_few_numbers(
    kind: str, training: Callable[..., Training], instant: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, counted = training(f"train.epochs={EPOCHS}", *KINDS[kind][0]), Counted()
    sent: list[int] = []
    constant = tf.constant

    def counting(value: Any, *arguments: Any, **named: Any) -> Any:
        sent.append(np.size(value))
        return constant(value, *arguments, **named)

    monkeypatch.setattr(tf, "constant", counting)
    fetched: list[str] = []
    results = steps.Steps.read_results
    monkeypatch.setattr(steps.Steps, "read_results", lambda self: fetched.append("") or results(self))
    made.run(counted)
    assert [size for size in sent if size > 1] == [made.steps.examples] * EPOCHS
    numbers_a_call, scorings = 4, 5  # the bounds of both functions; those of validation's few calls
    assert sent.count(1) <= numbers_a_call * counted.calls + 3 * scorings * EPOCHS
    assert len(fetched) == counted.calls + EPOCHS
