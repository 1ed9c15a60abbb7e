import pytest

from nnctl.errors import Source
from nnctl.spec.text.document import Node, parse, strip_places
from nnctl.spec.text.path import Path, find_item, follow, format_path, parse_path, read_head, read_name

TEXT = """\
layers: [flatten, {dense: {units: 4, name: fc1}}, {dense: {units: 2, name: '0'}}, {dropout: 0.3}, {a: 1, b: 2}, [relu], 7]
vars: {width: 3}
"""
ROOT = parse(Source("s.yaml", TEXT))


def items() -> list[Node]:
    layers = follow(ROOT, ("layers",))
    assert layers is not None
    return list(layers.items or ())


def test_a_path_is_typed_with_dots_and_read_with_dots() -> None:
    assert parse_path("model.layers.1.units") == ("model", "layers", "1", "units")
    assert format_path(("model", "layers", 1, "units")) == "model.layers.1.units"
    assert "" in parse_path("a..b")
    assert "" in parse_path("")


@pytest.mark.parametrize(
    ("step", "number"), [(0, 0), ("0", 0), ("6", 6), (7, None), ("7", None), ("fc1", 1), ("fc2", None), ("-1", None)]
)
def test_an_item_goes_by_its_number_or_its_name_and_a_number_counts(step: str | int, number: int | None) -> None:
    assert find_item(items(), step) == number


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ((), strip_places(ROOT)),
        (("vars", "width"), 3),
        (("layers", 1, "dense", "units"), 4),
        (("layers", "fc1", "dense", "units"), 4),
        (("layers", "3", "dropout"), 0.3),
    ],
)
def test_a_document_holds_something_at_a_path(path: Path, value: object) -> None:
    node = follow(ROOT, path)
    assert node is not None
    assert strip_places(node) == value


@pytest.mark.parametrize("path", [("layers", 9), ("layers", 0, "name"), ("no",), ("vars", "width", "x")])
def test_a_document_holds_nothing_at_a_path_that_leads_nowhere(path: Path) -> None:
    assert follow(ROOT, path) is None
    assert follow(None, path) is None


def test_a_component_is_a_name_or_a_map_of_one() -> None:
    assert [read_head(item) for item in items()] == ["flatten", "dense", "dense", "dropout", None, None, None]
    assert [read_name(item) for item in items()] == [None, "fc1", "0", None, None, None, None]
