import contextlib
import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnctl.errors import RunError
from nnctl.models.config import read_graph
from nnctl.models.estimate import estimate

from .conftest import CONFIG, changed, layer


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every value in a configuration."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for key, each in inner for found in places(each, (*path, key)))]


RICH = changed(
    lambda layers: layers.insert(
        1,
        layer("Bidirectional", {
            "name": "b", "merge_mode": "concat",
            "layer": layer("LSTM", {"name": "l", "units": 2, "zero_output_for_mask": True, "dropout": 0.1}),
        }),
    )
)  # fmt: skip
PLACES = places(RICH)
VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=20), st.sampled_from(["Lambda", "os", "keras.layers", "../x", "__lambda__", "relu", "float32"]),
    st.just([]), st.just({}), st.just([None, 4]), st.just(CONFIG["config"]), st.lists(st.integers(), max_size=3),
)  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from(PLACES), VALUES), min_size=1, max_size=3))
def test_a_changed_configuration_is_a_graph_or_refused(changes: list[tuple[tuple[Any, ...], Any]]) -> None:
    config: Any = json.loads(json.dumps(RICH))
    for path, drawn in changes:
        value, where = copy.deepcopy(drawn), config
        try:
            for key in path[:-1]:
                where = where[key]
            where[path[-1]] = value
        except (KeyError, IndexError, TypeError):
            config = value if path == () else config
    with contextlib.suppress(RunError):  # anything else that is raised fails the test
        estimate(read_graph(json.dumps(config).encode()))


def test_a_sequential_is_a_chain() -> None:
    found = read_graph(json.dumps(CONFIG).encode())
    assert [(step.name, step.sources) for step in found.steps] == [("dense", ("input",)), ("out", ("dense",))]
    assert (found.name, found.kind, found.output) == ("net", "Sequential", "out")


def test_json_is_read_as_strictly_as_it_is_written() -> None:
    for text in ('{"a": 1, "a": 2}', '{"a": Infinity}', "{", "[" * 3000):
        with pytest.raises(RunError):
            read_graph(text.encode())
