"""Programs run in turns, and ratios are those of a round."""

from functools import partial

from tests.bench.rounds import by_figure, in_turns, median, ratios


def test_programs_run_in_turns() -> None:
    order: list[str] = []

    def measure(name: str, number: int) -> int:
        order.append(f"{name}{number}")
        return number * 10

    found = in_turns({name: partial(measure, name) for name in "abc"}, 2, lambda name, each: order.append(f"{each}"))
    assert order == ["a0", "0", "b0", "0", "c0", "0", "a1", "10", "b1", "10", "c1", "10"]
    assert found == {"a": [0, 10], "b": [0, 10], "c": [0, 10]}


def test_a_ratio_compares_figures_of_one_round() -> None:
    assert ratios([2.0, 9.0, 4.0], [1.0, 3.0, 8.0]) == [2.0, 3.0, 0.5]
    assert ratios([2.0, None, 4.0, 1.0], [None, 3.0, 8.0, 0.0]) == [0.5]


def test_the_median_is_of_the_figures_that_there_are() -> None:
    assert median([3.0, None, 1.0, 2.0]) == 2.0
    assert median([4.0, 1.0]) == 2.5
    assert median([None]) is None


def test_rounds_become_a_list_a_figure() -> None:
    assert by_figure([{"a": 1, "b": None}, {"a": 2, "b": 3}]) == {"a": [1, 2], "b": [None, 3]}
