"""What a training shows while it runs; tests/engine/test_commands.py trains it."""

import io
from pathlib import Path

import pytest

from nnctl.cli.shell.numbers import format_number
from nnctl.cli.shell.terminal import make_console
from nnctl.cli.views.live import WIDE, Terminal, choose_numbers, format_resume, format_row
from nnctl.runs import RunDirectory

ROW = {"epoch": 3.0, "step": 90.0, "seconds": 0.22, "learning_rate": 0.001, "loss": 2.20311, "accuracy": 0.27412,
       "val_loss": 2.16764, "val_accuracy": 0.43333}  # fmt: skip


def test_what_is_watched_comes_first_then_validation_then_training() -> None:
    row = {"loss": 0.12345, "accuracy": 1.0, "val_loss": 12345678.0, "val_mae": 0.0000123, "learning_rate": 0.1}
    watched = "val_mae 1.23e-05  val_loss 1.23e+07  loss 0.1235  accuracy 1.0000  lr 0.1"
    assert "  ".join(choose_numbers(row, "val_mae", WIDE)) == watched
    assert format_row({"loss": 0.0}) == "loss 0.0000"


@pytest.mark.parametrize("width", [40, 60, 80, 120])
@pytest.mark.parametrize("value", [0.1, 2.4e21, 54321.123, 1e-7])
def test_an_epoch_is_one_line_that_begins_with_what_is_watched(width: int, value: float) -> None:
    shown = Terminal()
    shown.console, shown.epochs, shown.monitor = make_console(io.StringIO(), width=width), 100, "val_loss"
    row = {name: value if "loss" in name else each for name, each in ROW.items()}
    shown.ended_epoch(row, True)
    line, *more = shown.console.file.getvalue().splitlines()  # type: ignore[attr-defined]
    assert (more, len(line) <= width) == ([], True)
    assert f"val_loss {format_number(value)}" in line
    assert line.endswith("  best")


def test_a_pipe_has_every_number(capsys: pytest.CaptureFixture[str]) -> None:
    shown = Terminal()
    shown.epochs, shown.monitor = 3, "val_accuracy"
    shown.ended_epoch(ROW, False)
    numbers = "val_accuracy 0.4333  val_loss 2.1676  loss 2.2031  accuracy 0.2741  lr 0.001"
    assert capsys.readouterr().err == f"epoch 3/3    0.22 s  {numbers}\n"


def test_the_command_that_resumes_can_be_pasted() -> None:
    assert format_resume(RunDirectory(Path("runs/my run"))) == "nnctl train --resume 'runs/my run'"


def test_what_is_said_before_it_begins_waits_for_its_header(capsys: pytest.CaptureFixture[str]) -> None:
    with Terminal("a") as shown:
        shown.report("downloading", None)
        shown.said("the data [others] differ")
        assert (shown.told, shown.log) == (["the data [others] differ"], None)
    told = capsys.readouterr()
    assert (told.out, told.err) == ("", "downloading\n")
