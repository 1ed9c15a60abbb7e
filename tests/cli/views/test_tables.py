import io
from unicodedata import east_asian_width

import pytest

from nnctl.cli.shell.terminal import make_console
from nnctl.cli.views.tables import fold, make_table, print_line, print_table

HEADS = ("run", "status", "epochs", "score")
ROWS = [["20261203-002221-digits-images-6111", "done", "3", "accuracy 0.5100"], ["x", "failed", "0", ""]]


def drawn(width: int, **asked: object) -> list[str]:
    console = make_console(io.StringIO(), width=width)
    print_table(HEADS, ROWS, console, **asked)  # type: ignore[arg-type]
    return console.file.getvalue().splitlines()  # type: ignore[attr-defined,no-any-return]


def test_columns_are_set_to_the_left_but_for_those_that_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    from nnctl.cli.shell import terminal

    table = make_table("name", "examples", gap=1, right={1})
    table.add_row("a", "1")
    terminal.results().print(table)
    assert [line.rstrip() for line in capsys.readouterr().out.splitlines()] == [" name  examples", " a            1"]


@pytest.mark.parametrize("width", [38, 46, 60, 80, 200])
def test_a_table_is_no_wider_than_its_terminal_and_cuts_no_name(width: int) -> None:
    lines = drawn(width, order=(0, 1, 3, 2))
    assert max(map(len, lines)) <= width
    assert any(ROWS[0][0] in line for line in lines)
    assert not any("…" in line for line in lines)


def test_what_there_is_no_room_for_is_named() -> None:
    told = " ".join(" ".join(drawn(60, order=(0, 1, 3, 2))).split())
    assert "not enough room for epochs, score: a wider terminal or a pipe has it" in told
    assert "no room" not in " ".join(drawn(200))


def test_where_two_columns_have_no_room_a_row_is_told_below_its_name() -> None:
    assert drawn(38)[0] == ROWS[0][0]
    assert "  status done, epochs 3, score accuracy" in drawn(40)


def test_letters_of_double_width_count_twice_where_a_text_is_folded() -> None:
    lines = fold("name  ", "班级 " * 20, 40).plain.split("\n")
    widths = [sum(2 if east_asian_width(letter) == "W" else 1 for letter in line) for line in lines]
    assert max(widths) <= 40
    assert all(line.startswith("      ") for line in lines[1:])
    assert "".join(lines).count("班级") == 20


def test_a_path_stays_whole() -> None:
    console = make_console(io.StringIO(), width=40)
    path = "runs/20261203-002221-a-name-of-some-length-6111"
    print_line(f"next nnctl evaluate {path}", console)
    assert path in console.file.getvalue().split()  # type: ignore[attr-defined]
