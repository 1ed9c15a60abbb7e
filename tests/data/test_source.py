from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import pytest

import nnctl.data
from nnctl.data import SOURCES
from nnctl.data.source import find_place, source
from nnctl.spec.catalogue.kinds import parse_kind
from nnctl.spec.sections import DataFacts


@pytest.mark.parametrize("name", SOURCES)
def test_every_source_is_described_in_a_line_and_has_options_of_known_kinds(name):
    found = SOURCES[name]
    assert found.name == name
    assert 20 < len(found.summary) < 90
    assert "\n" not in found.summary
    assert all(parse_kind(text) for text in found.options.values())
    assert found.read.__doc__


def test_keyword_only_parameters_are_the_options():
    @source("toy", summary="", facts=DataFacts(), takes_path=False)
    def toy(
        data,
        report,
        *,
        n: Annotated[int, "int>=1"] = 100,
        noise: float = 0.1,
        name: str | None = None,
        flip: bool = False,
    ): ...

    expected = {"n": "int>=1", "noise": "float", "name": "null|str", "flip": "bool"}
    assert (toy.name, toy.options, toy.takes_path) == ("toy", expected, False)


def test_a_parameter_whose_kind_is_not_known_is_a_bug():
    with pytest.raises(KeyError):

        @source("toy", summary="", facts=DataFacts())
        def toy(data, report, *, n: list): ...


def test_a_kind_that_is_given_stands_for_any_annotation():
    @source("toy", summary="", facts=DataFacts())
    def toy(data, report, *, n: Annotated[list, "list(int)"]): ...

    assert toy.options == {"n": "list(int)"}


def test_the_fields_of_a_dataclass_are_options_as_well():
    @dataclass(kw_only=True)
    class Options:
        """
        Attributes:
            n: how many.
        """

        n: Annotated[int, "int>=1"] = 3

    @source("toy", summary="", facts=DataFacts(), declared=Options)
    def toy(data, report, **given): ...

    assert toy.options == {"n": "int>=1"}
    assert toy.declared is Options


def test_a_value_is_shown_where_the_first_key_that_was_written_has_it(section):
    data = section("mnist", path=Path("a"), test=Path("b"))
    assert find_place(data, "path").line == 2
    assert find_place(data, "none", "test") == data.places["test"]
    assert find_place(data, "no such key") == find_place(data) == data.places["source"]


@pytest.mark.parametrize("name", nnctl.data.__all__)
def test_what_the_package_exports_is_there(name):
    assert name == "SOURCES" or callable(getattr(nnctl.data, name))


def test_what_it_does_not_export_is_not_there():
    with pytest.raises(AttributeError, match="nothing"):
        _ = nnctl.data.nothing
