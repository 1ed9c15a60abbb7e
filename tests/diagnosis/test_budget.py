from collections.abc import Callable
from pathlib import Path

import pytest

from nnctl.data import load, peek, plan_ahead
from nnctl.diagnosis import budget, collect_facts
from nnctl.spec import DataFacts, load_spec
from nnctl.spec.network.plan import make_plan


def test_steps_and_travel_are_what_training_takes(write: Callable[..., Path]) -> None:
    """Digits: 1,797, of which 359 are test and a fifth of the rest validation: 1,150 in batches of 32."""
    spec = load_spec(write(**{"optimizer: adam": "optimizer: {sgd: {momentum: 0.9}}"}), (), peek)
    spent = budget.compute_budget(collect_facts(make_plan(spec, peek(spec.data))))
    assert spent is not None
    assert (spent.examples, spent.an_epoch, spent.steps, spent.rate) == (1150, 36, 72, 0.01)
    assert spent.travel == pytest.approx(7.2)


def test_loaded_data_are_counted_and_not_cut_once_more(write: Callable[..., Path]) -> None:
    spec = load_spec(write(**{"validation: 0.2": "validation: 0.5"}), (), peek)
    dataset = load(spec.data, lambda label, share: None)
    before, after = (budget.compute_budget(collect_facts(plan)) for plan in (plan_ahead(spec), dataset.plan(spec)))
    assert before is not None
    assert after is not None
    assert before.examples == after.examples == len(dataset.train) == 719
    # A run whose data are gone still knows how many it was trained on.
    assert budget.compute_budget(collect_facts(make_plan(spec, DataFacts(), 719))) == after


def test_what_is_not_known_has_no_budget(write: Callable[..., Path]) -> None:
    assert budget.compute_budget(collect_facts(make_plan(load_spec(write()), DataFacts()))) is None
