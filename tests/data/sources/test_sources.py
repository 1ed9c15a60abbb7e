from importlib import import_module
from pkgutil import iter_modules

import nnctl.data.sources
from nnctl.data import SOURCES
from nnctl.data.source import DataSource


def test_every_source_that_is_defined_is_listed_once_under_its_own_name():
    modules = [import_module(f"nnctl.data.sources.{each.name}") for each in iter_modules(nnctl.data.sources.__path__)]
    defined = [value for module in modules for value in vars(module).values() if isinstance(value, DataSource)]
    assert sorted(each.name for each in defined) == sorted(SOURCES)
    assert all(SOURCES[each.name] is each for each in defined)
