from pathlib import Path

import pytest

from nnctl.errors import RunError
from nnctl.models import Graph, Step, admit
from nnctl.models.estimate import LARGEST_LIST, estimate
from nnctl.spec.sections import Component


def graph(*steps: Step) -> Graph:
    return Graph("net", "Functional", "input", (6, 5), "float32", steps, steps[-1].name)


def test_weights_and_outputs_are_counted_without_building(whole: Path) -> None:
    found = estimate(admit(whole).graph)
    assert (found.parameters, found.stored, found.largest) == (4 * 3 + 3 + 3 * 2 + 2, 23, 4)
    assert found.size == 4 * 2 * (23 + 4)


@pytest.mark.parametrize(
    ("index", "inner"),
    [
        (((None, None, None), 2), 5),
        (((None, None, None), (0, 4, 2)), 5),
        (((None, None, None), (None, -1, None), 0), 5),
    ],
)
def test_a_slice_is_followed_as_numpy_has_it(index: tuple[object, ...], inner: int) -> None:
    head = Component("layer", "dense", {"units": 1})
    found = estimate(graph(Step("s", None, ("input",), index), Step("d", head, ("s",))))  # type: ignore[arg-type]
    assert found.parameters == inner + 1
    assert found.largest == 30


def test_what_is_joined_is_added_up_along_its_axis() -> None:
    joined = Component("layer", "concatenate", {"axis": -1})
    head = Component("layer", "dense", {"units": 1})
    assert estimate(graph(Step("j", joined, ("input", "input")), Step("d", head, ("j",)))).parameters == 11


@pytest.mark.parametrize("index", [((None, None, None), 6), ((None, None, None),) * 4])
def test_a_slice_of_what_is_not_there_is_refused(index: tuple[object, ...]) -> None:
    with pytest.raises(RunError):
        estimate(graph(Step("s", None, ("input",), index)))  # type: ignore[arg-type]


def test_low_rank_parts_take_memory_and_are_not_in_the_file() -> None:
    found = estimate(graph(Step("d", Component("layer", "dense", {"units": 4, "lora_rank": 2}), ("input",))))
    assert (found.parameters, found.stored) == (24 + 2 * 5 + 2 * 4, 24)


def test_the_tokens_of_a_look_up_size_nothing_and_their_number_does() -> None:
    numbers = {"vocabulary": [10**9, 10**10], "mask_token": 10**11}
    estimate(graph(Step("l", Component("layer", "integer_lookup", numbers), ("input",))))
    for name in ("num_oov_indices", "max_tokens"):
        large = Component("layer", "integer_lookup", {**numbers, name: LARGEST_LIST + 1})
        with pytest.raises(RunError, match="integer_lookup"):
            estimate(graph(Step("l", large, ("input",))))
