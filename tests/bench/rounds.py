"""What is compared runs in turns, and what counts is the median of the rounds' ratios: machines are shared and noisy."""

import statistics
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

Measured = TypeVar("Measured")
Figures = Sequence[float | None]


def in_turns(
    programs: Mapping[str, Callable[[int], Measured]], rounds: int, told: Callable[[str, Measured], None]
) -> dict[str, list[Measured]]:
    """Runs each program once a round: A B C, A B C, and so on.

    Args:
        programs: by name, what runs and measures them; given the round, from 0.
        rounds: how many.
        told: told of each as it ends.
    """
    found: dict[str, list[Measured]] = {name: [] for name in programs}
    for number in range(rounds):
        for name, measure in programs.items():
            found[name].append(measure(number))
            told(name, found[name][-1])
    return found


def by_figure(rounds: Sequence[Mapping[str, float | None]]) -> dict[str, list[float | None]]:
    """For each figure its value in each round."""
    return {name: [each[name] for each in rounds] for name in rounds[0]}


def ratios(over: Figures, under: Figures) -> list[float]:
    """The ratio of each round; rounds in which one of the two has no figure are left out."""
    return [a / b for a, b in zip(over, under, strict=True) if a is not None and b]


def median(figures: Figures) -> float | None:
    """The median of those figures that there are; None if there is none."""
    known = [figure for figure in figures if figure is not None]
    return statistics.median(known) if known else None
