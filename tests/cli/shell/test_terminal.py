import io
import json
import sys

import pytest
from rich.console import Console

from nnctl.cli.shell import terminal

LONG = "word " * 100


def test_a_pipe_gets_whole_lines_without_colour(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.results().print(f"[good]{LONG}[/]")
    terminal.notes().print("[warn]note[/]")
    told = capsys.readouterr()
    assert told.out == f"{LONG}\n"
    assert told.err == "note\n"


def test_words_in_brackets_are_markup_only_where_it_is_meant(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.results().print("layers[2] :smile:", markup=False)
    assert capsys.readouterr().out == "layers[2] :smile:\n"


def test_json_is_all_that_a_machine_reads(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.print_json({"a": [1, None, "ü"]})
    assert json.loads(capsys.readouterr().out) == {"a": [1, None, "ü"]}
    for value in (float("nan"), float("inf")):
        with pytest.raises(ValueError, match="JSON"):
            terminal.print_json({"a": value})
    assert capsys.readouterr().out == ""


def test_what_takes_a_while_is_said_once_where_no_terminal_listens() -> None:
    file = io.StringIO()
    with terminal.report_progress(Console(file=file)) as report:
        for share in (None, 0.1, 0.9):
            report("downloading [mnist]", share)
        report("reading", None)
    assert file.getvalue() == "downloading [mnist]\nreading\n"


def test_a_terminal_shows_the_share_that_is_done() -> None:
    file = io.StringIO()
    console = Console(file=file, force_terminal=True, width=60)
    with terminal.report_progress(console) as report:
        report("downloading", 0.25)
        console.print("")  # draws what is shown
    assert "downloading 25%" in file.getvalue()


def test_a_standard_input_that_is_closed_is_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    assert terminal.open_stdin().read() == b""
