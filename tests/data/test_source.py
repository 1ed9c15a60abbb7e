from dataclasses import dataclass
from typing import Annotated

import pytest

import nnctl.data
from nnctl.data import options, source, sources
from nnctl.registry import Registry
from nnctl.spec.catalogue.kinds import kind
from nnctl.spec.sections import Facts


@pytest.fixture
def registry(monkeypatch):
    registry = Registry("data source")
    monkeypatch.setattr(source, "_SOURCES", registry)
    return registry


def test_the_sources_that_there_are():
    assert {"mnist", "fashion_mnist", "mnist_5k", "digits", "npz"} <= set(sources())


@pytest.mark.parametrize("name", sources())
def test_every_source_is_described_in_a_line_and_has_options_of_known_kinds(name):
    found = sources()[name]
    assert found.name == name
    assert 20 < len(found.summary) < 90
    assert "\n" not in found.summary
    assert all(kind(text) for text in options(name).values())
    assert found.read.__doc__


def test_keyword_only_parameters_are_the_options(registry):
    @source.source("toy", summary="", facts=Facts(), takes_path=False)
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
    assert options("toy") == expected
    assert registry["toy"].read is toy
    assert not registry["toy"].takes_path


def test_a_parameter_whose_kind_is_not_known_is_a_bug(registry):
    with pytest.raises(KeyError):

        @source.source("toy", summary="", facts=Facts())
        def toy(data, report, *, n: list): ...


def test_a_kind_that_is_given_stands_for_any_annotation(registry):
    @source.source("toy", summary="", facts=Facts())
    def toy(data, report, *, n: Annotated[list, "list(int)"]): ...

    assert options("toy") == {"n": "list(int)"}


def test_the_fields_of_a_dataclass_are_options_as_well(registry):
    @dataclass(kw_only=True)
    class Options:
        """
        Attributes:
            n: how many.
        """

        n: Annotated[int, "int>=1"] = 3

    @source.source("toy", summary="", facts=Facts(), declared=Options)
    def toy(data, report, **given): ...

    assert options("toy") == {"n": "int>=1"}
    assert registry["toy"].declared is Options


def test_a_name_taken_twice_is_a_bug(registry):
    def toy(data, report): ...

    source.source("toy", summary="", facts=Facts())(toy)
    with pytest.raises(ValueError, match="toy"):
        source.source("toy", summary="", facts=Facts())(toy)


def test_options_of_no_source():
    with pytest.raises(KeyError):
        options("nothing")


@pytest.mark.parametrize("name", nnctl.data.__all__)
def test_what_the_package_exports_is_there(name):
    assert callable(getattr(nnctl.data, name))


def test_what_it_does_not_export_is_not_there():
    with pytest.raises(AttributeError, match="nothing"):
        _ = nnctl.data.nothing
