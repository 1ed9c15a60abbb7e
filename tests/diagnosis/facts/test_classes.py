import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from nnctl.diagnosis.facts.classes import find_exchange, find_twins

RNG = np.random.default_rng(5)
TRUE = RNG.integers(0, 4, 600)


def guess(true: np.ndarray, pair: tuple[int, int], right: float) -> np.ndarray:
    """Answers that are right but within a pair, of which a share is right and the rest drawn."""
    drawn = RNG.choice(pair, len(true))
    return np.where(np.isin(true, pair) & (RNG.random(len(true)) >= right), drawn, true)


def test_two_names_of_one_class_are_found_by_the_kappa_of_their_examples() -> None:
    told = guess(TRUE, (1, 3), 0.0)
    (found,) = find_twins(TRUE, told, 4)
    assert found.classes == (1, 3)
    both = np.isin(TRUE, (1, 3)) & np.isin(told, (1, 3))
    assert (found.examples, found.right) == (both.sum(), (told == TRUE)[both].sum())
    kappa = (found.right - found.chance) / (found.examples - found.chance)
    assert kappa == pytest.approx(cohen_kappa_score(TRUE[both], told[both]))


def test_three_names_of_each_of_two_classes_are_two_groups() -> None:
    names = RNG.integers(0, 6, 900)
    told = names % 2 + 2 * RNG.integers(0, 3, 900)
    found = find_twins(names, told, 6)
    assert [one.classes for one in found] == [(0, 2, 4), (1, 3, 5)]
    for one in found:
        mine = np.isin(names, one.classes)
        kappa = (one.right - one.chance) / (one.examples - one.chance)
        assert kappa == pytest.approx(cohen_kappa_score(names[mine], told[mine]))


@pytest.mark.parametrize(
    "told",
    [TRUE, guess(TRUE, (1, 3), 0.6), RNG.integers(0, 4, 600), np.zeros(600, int)],
    ids=["right", "hard to tell apart", "all by chance", "one answer"],
)
def test_classes_that_are_only_hard_and_networks_that_know_nothing_have_none(told: np.ndarray) -> None:
    assert find_twins(TRUE, told, 4) == ()


def test_a_pair_that_costs_next_to_nothing_is_none() -> None:
    rare = np.concatenate((np.repeat([0, 1], 480), np.repeat([2, 3], 20)))
    assert find_twins(rare, guess(rare, (2, 3), 0.0), 4) == ()


def test_classes_that_are_numbered_anew_are_found_with_their_order() -> None:
    order = np.array([2, 0, 3, 1])
    noisy = np.where(RNG.random(600) < 0.1, RNG.integers(0, 4, 600), TRUE)
    found = find_exchange("test", TRUE, order[noisy], 4)
    assert found is not None
    assert found.classes == tuple(order)
    assert found.better == pytest.approx(np.mean(noisy == TRUE))
    assert found.score == pytest.approx(np.mean(order[noisy] == TRUE))
    assert find_exchange("test", TRUE, noisy, 4) is None
    assert find_exchange("test", TRUE, RNG.integers(0, 4, 600), 4) is None
    swapped = np.array([0, 1, 3, 2])[TRUE]
    assert find_exchange("test", TRUE, swapped, 4).better == 1.0


def test_one_answer_for_all_is_no_exchange() -> None:
    rare = (np.arange(600) % 10 == 0).astype(np.int64)
    assert find_exchange("test", rare, np.ones(600, np.int64), 2) is None  # 0.1 right, 0.9 with the classes exchanged
