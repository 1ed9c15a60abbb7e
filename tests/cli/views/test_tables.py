import pytest

from nnctl.cli.shell import terminal
from nnctl.cli.views.tables import make_table


def test_columns_are_set_to_the_left_but_for_those_that_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    table = make_table("name", "examples", gap=1, right={1})
    table.add_row("a", "1")
    terminal.results().print(table)
    assert [line.rstrip() for line in capsys.readouterr().out.splitlines()] == [" name  examples", " a            1"]
