"""The schema against `check`, over every config, every wrong spec, and values outside each kind."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from nnctl.data import peek
from nnctl.errors import SpecError
from nnctl.spec import catalogue, load_spec
from nnctl.spec.catalogue import tables
from nnctl.spec.catalogue.kinds import FAMILIES, Items, Number, Plain, parse_kind
from nnctl.starters.schema import make_schema

ROOT = Path(__file__).parents[2]
CONFIGS = sorted((ROOT / "configs").glob("*.yaml"))
MISTAKES = sorted((ROOT / "tests" / "spec" / "mistakes").glob("*.yaml"))
WHOLE = make_schema()
VALID = jsonschema.Draft7Validator(WHOLE)

# What a schema cannot say, by the code of `check`, with the reason.
BEYOND = {
    "bad-shape": "a shape follows from all layers above it and from the data",
    "output-shape": "a shape follows from all layers above it and from the data",
    "bad-augmentation": "whether a layer fits the images' size follows from the data",
    "outputs": "the number of classes is the data's to say",
    "loss-and-labels": "two keys of two sections",
    "contradiction": "two keys of two sections",
    "unknown-monitor": "the names are those of `train.metrics`",
    "unreadable-data": "whether a file is there",
    "missing-path": "whether a path is needed is the source's to say",
    "unused-path": "whether a path is of use is the source's to say",
    "bad-offline": "two sources are compared",
    "duplicate-name": "the items of a list are compared",
    "reserved-name": "a name that stands beside nnctl's own in a table of numbers",
}
# Specs that do not come to be checked: no schema sees a text that is no YAML.
UNREAD = {"bad-yaml", "duplicate-key", "yaml-tag"}
# Values that a schema takes for others: a number that is none has no form in JSON.
UNSAID = {
    "slash-in-a-layers-name": "an argument of any layer, whose text the catalogue leaves free",
    "rate-that-is-no-number": "JSON has no NaN, and no bound refuses it",
    "no-test": "a path may be called anything, and `none` is a text like one",
}

SPEC: dict[str, Any] = {
    "data": {"source": "digits"},
    "model": {"layers": ["flatten", {"dense": 10}]},
    "train": {"loss": "sparse_categorical_crossentropy"},
}


def said(path: Path) -> set[str]:
    """The codes of what `check` has against a spec."""
    try:
        load_spec(path, peek=peek)
    except SpecError as error:
        return {problem.code for problem in error.problems}
    return set()


def accepts(value: Any) -> bool:
    return bool(VALID.is_valid(value))


def test_the_schema_is_one() -> None:
    jsonschema.Draft7Validator.check_schema(WHOLE)


def test_no_choice_is_empty() -> None:
    """Draft-07 allows it; the YAML language server then refuses the whole schema."""

    def walk(value: Any) -> Iterator[list[Any]]:
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            if key == "enum" and isinstance(inner, list):
                yield inner
            if isinstance(inner, (dict, list)):
                yield from walk(inner)

    assert all(walk(WHOLE))


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)
def test_every_config_is_valid(path: Path) -> None:
    assert [error.message for error in VALID.iter_errors(tables.parse_value(path.read_text()))] == []


@pytest.mark.parametrize("path", MISTAKES, ids=lambda path: path.stem)
def test_what_check_refuses_the_schema_refuses_unless_it_cannot_say_so(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(path.parent)
    codes = said(Path(path.name))
    assert codes
    if codes <= UNREAD:
        with pytest.raises(SpecError):
            tables.parse_value(path.read_text())
        return
    expected = codes <= BEYOND.keys() or path.stem in UNSAID
    assert accepts(tables.parse_value(path.read_text())) == expected


def test_a_spec_may_say_only_how_it_differs_from_its_base() -> None:
    assert accepts({"base": "other.yaml", "train": {"epochs": 3}})
    assert not accepts({"train": {"epochs": 3}})
    assert not accepts({"base": 3, "train": {"epochs": 3}})
    assert not accepts({"base": "other.yaml", "train": {"epochs": "many"}})


@pytest.mark.parametrize(
    "key", ["loss", "optimizer", "epochs", "metrics", "max_time", "class_weight", "augment", "xla"]
)
def test_a_reference_stands_for_any_value(key: str) -> None:
    spec = {**SPEC, "vars": {"x": 1}, "train": {**SPEC["train"], key: "${vars.x}"}}
    assert accepts(spec)
    assert not accepts({**spec, "vars": 3})


def test_a_reference_stands_for_the_layers_and_for_one() -> None:
    for layers in ("${vars.net}", ["flatten", "${vars.layer}"], [{"dense": {"units": "${vars.units}"}}]):
        assert accepts({**SPEC, "model": {"layers": layers}}), layers
    assert accepts({**SPEC, "name": "run-${vars.n}", "data": {"source": "${vars.s}"}})


def test_no_reason_is_given_for_nothing() -> None:
    assert set(UNSAID) <= {path.stem for path in MISTAKES}


@pytest.mark.parametrize(
    ("section", "key", "value", "right"),
    [
        (None, "name", "7up", True),
        (None, "name", "latest", False),
        (None, "name", "a/b", False),
        (None, "seed", -1, False),
        ("data", "offline", "mnist_5k", True),
        ("data", "offline", "mnist_5kk", False),
        ("data", "source", {"csv": {"label": "species"}}, True),
        ("data", "source", {"csv": {"labell": "species"}}, False),
        ("data", "source", {"csv": None, "npz": None}, False),
        ("data", "validation", "none", True),
        ("data", "validation", 1, False),
        ("train", "learning_rate", 1, True),
        ("train", "learning_rate", None, True),
        ("train", "learning_rate", {"cosine_decay": 0.1}, True),
        ("train", "learning_rate", "cosine_decay", False),
        ("train", "learning_rate", {"step_decay": {"factor": 0.5}}, False),
        ("train", "optimizer", "RMSprop", True),
        ("train", "optimizer", {"Adam": {"beta_1": 0.8}}, True),
        ("train", "optimizer", {"Adam": {"beta_1": 1}}, False),
        ("train", "optimizer", "adma", False),
        ("train", "metrics", ["accuracy", {"top_k_categorical_accuracy": 3}], True),
        ("train", "metrics", "accuracy", True),
        ("train", "early_stopping", 3, True),
        ("train", "early_stopping", {"patience": 3}, True),
        ("train", "early_stopping", {"pacience": 3}, False),
        ("train", "augment", ["random_flip"], True),
        ("train", "augment", [{"random_rotation": 0.1}], True),
        ("train", "augment", [{"dense": 3}], False),
        ("train", "augment", ["Flatten"], False),
        ("train", "max_time", "1.5h", True),
        ("train", "max_time", 90, True),
        ("train", "max_time", "0s", False),
        ("train", "max_time", "an hour", False),
        ("train", "class_weight", "balanced", True),
        ("train", "class_weight", {0: 1.0, 1: 2.5}, True),
        ("train", "class_weight", {0: -1.0}, False),
        ("train", "class_weight", {-1: 1.0}, False),
        ("train", "xla", "auto", True),
        ("train", "xla", "yes", False),
        ("model", "layers", [], False),
        ("model", "layers", ["dense"], False),
        ("model", "layers", [{"dense": None}], False),
        ("model", "layers", [{"flatten": None}], True),
        ("model", "layers", [{"conv2d": 3}], False),
        ("model", "layers", [{"bidirectional": {"lstm": 3}}], True),
        ("model", "layers", [{"bidirectional": {"layer": {"LSTM": {"units": 3}}}}], True),
        ("model", "layers", [{"dense": 3, "dropout": 0.5}], False),
        ("model", "layers", [{"permute": {"dims": [1, 0]}}], False),
        ("model", "layers", [{"dense": {"units": 3, "kernel_regularizer": {"l2": 0.01}}}], True),
        ("model", "layers", [{"batch_normalization": {"axis": 0}}], False),
    ],
)
def test_the_schema_says_what_the_reader_says(
    section: str | None, key: str, value: Any, right: bool, write: Callable[..., Path]
) -> None:
    spec = {name: dict(table) for name, table in SPEC.items()}
    (spec if section is None else spec[section])[key] = value
    reads = said(write(yaml.safe_dump(spec))) <= BEYOND.keys()
    assert (accepts(json.loads(json.dumps(spec))), reads) == (right, right)


def boundaries(text: str) -> Iterator[tuple[Any, bool]]:
    """Values at and beyond the bounds of a kind of numbers, with whether it takes them."""
    for each in parse_kind(text):
        if isinstance(each, Number):
            for _, limit in each.bounds:
                for value in (limit - 1, limit, limit + 1):
                    exact = int(value) if value == int(value) else value
                    yield exact, any(isinstance(other, Number) and other.fits(exact) for other in parse_kind(text))


@pytest.mark.parametrize("family", FAMILIES)
def test_every_bound_of_the_catalogue_is_kept(family: str) -> None:
    checked = 0
    for name in catalogue.list_names(family):
        properties = WHOLE["definitions"][f"{family}.{name}"]
        arguments = properties.get("properties") or properties["anyOf"][0]["properties"]
        for argument in catalogue.get_entry(family, name).arguments.values():
            schema = {**arguments[argument.name], "definitions": WHOLE["definitions"]}
            one = jsonschema.Draft7Validator(schema)
            for value, right in boundaries(argument.kind):
                checked += 1
                assert one.is_valid(value) == right, f"{name}.{argument.name}: {value}"
            if not argument.required:
                assert one.is_valid(argument.default), f"{name}.{argument.name}"
            lists = [each for each in parse_kind(argument.kind) if isinstance(each, Items)]
            assert one.is_valid([]) == any(each.least == 0 for each in lists)
            assert one.is_valid(None) == (Plain("null") in parse_kind(argument.kind))
    assert checked or family in ("activation", "initializer") or not catalogue.list_names(family)


def test_every_key_is_there_and_described() -> None:
    for path, key in tables.walk_keys():
        *sections, name = path.split(".")
        place = WHOLE
        for section in sections:
            held = place["properties"][section]
            place = held if "properties" in held else held["anyOf"][-1]
        found = place["properties"][name]
        assert found["description"].startswith(key.doc)
        example = found.get("examples") or found.get("defaultSnippets")
        assert example, f"{path} has no example: nnctl/spec/catalogue/tables.py"
        default = tables.find_default(path)
        assert found.get("default", tables.ABSENT) == default


def test_every_argument_is_described() -> None:
    for name, definition in WHOLE["definitions"].items():
        for way in definition.get("anyOf", [definition]):
            for argument, found in way.get("properties", {}).items():
                assert found["description"], f"{name}.{argument}"


@pytest.mark.parametrize(
    ("key", "right", "wrong"),
    [
        ("vars", [None, {"width": 3}], [3, "x"]),
        ("name", ["mine", "a-1_b"], ["latest", "", "a b", "../x", 3]),
        ("train.max_time", [None, 90, 1.5, "90", "90s", "10m", "2h"], [0, -1, "0s", "0", "soon", "1d"]),
        (
            "train.class_weight",
            [None, "balanced", {"cat": 2, "3": 0}],
            ["even", {"cat": -1}, {"-1": 2}, {"true": 1}, {"cat": "2"}, [1]],
        ),
        (
            "train.augment",
            [None, [], ["rand_augment"], [{"random_rotation": 0.1}]],
            [{"random_rotation": 0.1}, ["flatten"], [{"dense": 3}], [{"no_such_layer": 1}], ["random_rotation"] * 51],
        ),
    ],
)
def test_a_form_takes_what_is_right_and_no_more(key: str, right: list[object], wrong: list[object]) -> None:
    form = WHOLE
    for name in key.split("."):
        form = form["properties"][name]
    validator = jsonschema.Draft7Validator({**form, "definitions": WHOLE["definitions"]})
    assert [value for value in right if not validator.is_valid(value)] == []
    assert [value for value in wrong if validator.is_valid(value)] == []
