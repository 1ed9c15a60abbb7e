import os
from pathlib import Path

import pytest

from nnctl.data import SOURCES
from nnctl.errors import UsageError
from nnctl.starters.schema import FILE, make_schema, write_schema


def test_every_source_is_in_it() -> None:
    names, maps, *_ = make_schema()["properties"]["data"]["properties"]["source"]["anyOf"]
    assert names["enum"] == list(maps["properties"]) == list(SOURCES)
    for name, source in SOURCES.items():
        assert list(maps["properties"][name]["properties"]) == list(source.options)


def test_an_older_one_is_replaced() -> None:
    path = write_schema(Path())
    text = path.read_text()
    path.write_text('{"title": "nnctl spec"}')
    assert write_schema(Path()).read_text() == text


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"title": "another"}', "\x00"])
def test_what_nnctl_has_not_written_stays(content: str) -> None:
    Path(FILE).write_text(content)
    with pytest.raises(UsageError, match="is there already"):
        write_schema(Path())
    assert Path(FILE).read_text() == content


def test_a_pipe_of_that_name_is_not_waited_for() -> None:
    os.mkfifo(FILE)
    with pytest.raises(UsageError, match="is there already"):
        write_schema(Path())


def test_a_folder_that_cannot_be_written_to_is_told() -> None:
    Path("file").write_text("x")
    with pytest.raises(UsageError, match="cannot be written"):
        write_schema(Path("file"))
