import pytest

from nnctl.errors import Source
from nnctl.spec.catalogue.kinds import parse_kind
from nnctl.spec.reader import Reader
from nnctl.spec.sections import Component
from nnctl.spec.text.document import Node, parse


def node(text: str) -> Node:
    root = parse(Source("s.yaml", f"k: {text}"))
    assert root.entries is not None
    return root.entries["k"].node


def read(kind_text: str, text: str) -> tuple[object, list[tuple[str, str | None]]]:
    reader = Reader()
    value = reader.read_value(parse_kind(kind_text), node(text), "it")
    return value, [(problem.code, problem.hint) for problem in reader.problems]


def test_a_value_that_fits_is_the_value() -> None:
    assert read("int>=1|list(int>=1;2)", "[3, 5]") == ([3, 5], [])
    assert read("null|activation", "null") == (None, [])


@pytest.mark.parametrize(
    ("kind_text", "text", "code", "hint"),
    [
        ("bool", "yes", "bad-value", "write true"),
        ("null|int", "none", "bad-value", "write null"),
        ("'valid'|'same'", "vald", "bad-value", "did you mean 'valid'?"),
        ("list(int;2)", "[1, 2, 3]", "bad-value", None),
        ("list(int;2)", "[1, x]", "bad-value", None),
        ("int>=1", "{a: 1}", "bad-value", None),
        ("activation", "rellu", "unknown-activation", "did you mean 'relu'?"),
        ("optimizer", "{adma: {}}", "unknown-optimizer", "did you mean 'adam'?"),
        ("layer", "[1]", "bad-value", None),
        ("layer", "{3: 4}", "bad-component", None),
        ("layer", "{flatten: 3}", "bad-component", None),
    ],
)
def test_a_value_that_does_not_is_one_problem(kind_text: str, text: str, code: str, hint: str | None) -> None:
    _, problems = read(kind_text, text)
    assert [found for found, _ in problems] == [code]
    if hint is not None:
        assert problems[0][1] == hint


def test_every_mistake_of_a_component_is_told() -> None:
    _, problems = read("layer", "{dense: {unit: 3, activation: rleu, use_bias: 7}}")
    assert sorted(code for code, _ in problems) == ["bad-value", "unknown-activation", "unknown-key"]


def test_an_argument_of_other_components_names_them() -> None:
    _, problems = read("optimizer", "{adam: {momentum: 0.9}}")
    assert problems[0][0] == "unknown-key"
    assert problems[0][1] is not None
    assert "sgd" in problems[0][1]


def test_code_has_no_way_in() -> None:
    for text in (
        "{lambda: 'x'}",
        "Lambda",
        "{tfsm_layer: /tmp/x}",
        "{TorchModuleWrapper: {}}",
        "jax_layer",
        "FlaxLayer",
    ):
        _, problems = read("layer", text)
        assert [code for code, _ in problems] == ["excluded"], text
    for text in ("os.system", "'lambda x: x'", "{custom_object: {}}"):
        _, problems = read("activation", text)
        assert [code for code, _ in problems] == ["unknown-activation"], text


def test_a_component_knows_where_its_arguments_stand() -> None:
    value, _ = read("layer", "{dense: {units: 3}}")
    assert isinstance(value, Component)
    assert value.places["units"].column == 20
    assert value.place is not None
    assert value.place.column == 5
