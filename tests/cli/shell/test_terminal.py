import io
import re
import sys

import pytest
from rich.columns import Columns
from rich.console import Console
from rich.table import Table
from rich.text import Text

from nnctl.cli.shell import terminal

LONG = "word " * 100


def test_a_pipe_gets_whole_lines_without_colour(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.results().print(terminal.assemble((LONG, "good")))
    terminal.notes().print("note", style="warn")
    told = capsys.readouterr()
    assert told.out == f"{LONG}\n"
    assert told.err == "note\n"


def test_words_in_brackets_are_words(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.results().print("layers[2] :smile:", "[bold]x[/]", terminal.assemble("[/]", ("[red]", "good")))
    assert capsys.readouterr().out == "layers[2] :smile: [bold]x[/] [/][red]\n"


STEERING = "a\x1b[2Jb\x9bc\u202ed\re\nf\tg\x00\udce9"
SHOWN = r"a\x1b[2Jb\x9bc\u202ed\re\nf\tg\x00\xe9"


@pytest.fixture
def coloured() -> Console:
    """A console as on a terminal."""
    file = io.StringIO()
    return terminal.make_console(file, force_terminal=True, color_system="standard", width=200, soft_wrap=False)


def printed(console: Console) -> str:
    return console.file.getvalue()  # type: ignore[attr-defined, no-any-return]


def test_no_text_steers_a_terminal_and_styles_do(coloured: Console) -> None:
    coloured.print(STEERING)
    coloured.print(terminal.assemble(STEERING, ("best", "good")))
    coloured.print(STEERING, style="warn")
    assert printed(coloured) == f"{SHOWN}\n{SHOWN}\x1b[32mbest\x1b[0m\n\x1b[33m{SHOWN}\x1b[0m\n"


def test_a_table_is_as_wide_as_what_it_shows(coloured: Console) -> None:
    table = Table(STEERING, "second", box=None, padding=0, title=STEERING)
    table.add_row("x", STEERING)
    table.add_row(terminal.stack([STEERING, ("below", "quiet")]), "y")
    coloured.print(table)
    title, head, first, second, third = (re.sub(r"\x1b\[[\d;]*m", "", line) for line in printed(coloured).splitlines())
    assert title.strip() == SHOWN
    assert (head.index("second"), first.index("a"), second.index("y")) == (len(SHOWN),) * 3
    assert second.startswith(SHOWN)
    assert third.startswith("below")


def test_what_others_lay_out_cannot_steer_either(coloured: Console) -> None:
    coloured.print(Text(STEERING.replace("\n", "")))
    coloured.print(Columns([STEERING, Text("\x1b[31m")]))
    with coloured.status(terminal.assemble(STEERING)) as status:
        status.update(terminal.assemble("[/]" + STEERING))
        coloured.print("")
    told = re.sub(r"\x1b\[([\d;]*m|\d*[AK]|\?25[lh]|2K)|\r", "", printed(coloured))
    assert all(c.isprintable() or c == "\n" for c in told)


def test_a_log_is_plain() -> None:
    file = io.StringIO()
    terminal.make_log(file).print(terminal.assemble((STEERING, "good"), " [x]"))
    assert file.getvalue() == f"{SHOWN} [x]\n"


def test_what_takes_a_while_is_said_once_where_no_terminal_listens() -> None:
    file = io.StringIO()
    with terminal.report_progress(terminal.make_console(file)) as report:
        for share in (None, 0.1, 0.9):
            report("downloading [mnist]", share)
        report("reading", None)
    assert file.getvalue() == "downloading [mnist]\nreading\n"


def test_a_terminal_shows_the_share_that_is_done() -> None:
    file = io.StringIO()
    console = terminal.make_console(file, force_terminal=True, width=60)
    with terminal.report_progress(console) as report:
        report("downloading", 0.25)
        console.print("")  # draws what is shown
    assert "downloading 25%" in file.getvalue()


def test_a_standard_input_that_is_closed_is_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    assert terminal.open_stdin().read() == b""
