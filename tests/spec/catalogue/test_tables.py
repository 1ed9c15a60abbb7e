from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from nnctl.data import peek
from nnctl.errors import DataError, SpecError
from nnctl.spec import load_spec
from nnctl.spec.catalogue import keys, tables
from nnctl.spec.catalogue.keys import Key
from nnctl.spec.catalogue.tables import ABSENT

PATHS = [path for path, _ in tables.walk_keys()]


def test_every_table_is_reached() -> None:
    found = {path.rpartition(".")[2].upper() for path in PATHS if tables.find_inner(path) is not None}
    assert found | {"TOP"} == {name for name, value in vars(keys).items() if name.isupper() and isinstance(value, dict)}


def test_a_section_stands_before_its_keys() -> None:
    assert PATHS.index("train") < PATHS.index("train.early_stopping") < PATHS.index("train.early_stopping.patience")
    assert len(PATHS) == len(set(PATHS))


@pytest.mark.parametrize(
    ("path", "default"),
    [
        ("seed", 0),
        ("train.epochs", 10),
        ("train.optimizer", "adam"),
        ("train.early_stopping.patience", 5),
        ("train.early_stopping", None),
        ("train.max_time", None),
        ("train.xla", "auto"),
        ("data.validation", "none"),
        ("train.loss", ABSENT),
        ("data.source", ABSENT),
        ("model.layers", ABSENT),
    ],
)
def test_defaults(path: str, default: object) -> None:
    assert tables.find_default(path) == default


@pytest.mark.parametrize("path", PATHS)
def test_what_is_said_to_be_the_default_makes_no_difference(path: str, write: Callable[..., Path]) -> None:
    default = tables.find_default(path)
    if default is ABSENT or path == "train.augment":  # an empty list, for which null stands
        return
    *sections, name = path.split(".")
    specs = []
    for values in ({name: default}, {}):
        spec = yaml.safe_load(write().read_text())
        table = spec
        for section in sections:
            table = table.setdefault(section, {})
        table.pop(name, None)
        table |= values
        specs.append(load_spec(write(yaml.safe_dump(spec)), peek=peek))
    assert specs[0] == specs[1]


@pytest.mark.parametrize("path", PATHS)
def test_every_example_is_taken(path: str, write: Callable[..., Path]) -> None:
    """But for paths of files that are not there, sources that do not fit the network beside them, and unused variables."""
    spec = yaml.safe_load(write().read_text())
    table = spec
    *sections, name = path.split(".")
    for section in sections:
        table = table.setdefault(section, {})
    table[name] = tables.parse_value(tables.make_example(path))
    try:
        load_spec(write(yaml.safe_dump(spec)), peek=peek)
    except (SpecError, DataError) as error:
        files = {
            "unreadable-data",
            "unreadable-file",
            "unused-path",
            "bad-offline",
            "unused-variable",
            "no-column",
            "unused-skip",
        }
        assert {problem.code for problem in error.problems} <= files, error  # noqa: PT017


def test_an_example_is_made_where_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    made = {"a": Key("null|int>=3", ""), "b": Key("'x'|'y'", ""), "c": Key("null|bool", ""), "d": Key("float>0,<1", "")}
    monkeypatch.setattr(keys, "TOP", made)
    assert [tables.make_example(name) for name in made] == ["", "x", "true", "0.5"]
