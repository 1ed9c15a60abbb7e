"""What a training shows while it runs; tests/engine/test_commands.py trains it."""

from pathlib import Path

import pytest

from nnctl.cli.views.live import Terminal, format_resume, format_row
from nnctl.runs import RunDirectory


def test_numbers_stand_under_each_other_and_validation_stands_apart() -> None:
    row = {"loss": 0.12345, "accuracy": 1.0, "val_loss": 12345678.0, "val_mae": 0.0000123}
    assert format_row(row) == "loss 0.1235  accuracy 1.0000   val_loss 1.23e+07  val_mae 1.23e-05"
    assert format_row({"loss": 0.0}) == "loss 0.0000"


def test_the_command_that_resumes_can_be_pasted() -> None:
    assert format_resume(RunDirectory(Path("runs/my run"))) == "nnctl train --resume 'runs/my run'"


def test_what_is_said_before_it_begins_waits_for_its_header(capsys: pytest.CaptureFixture[str]) -> None:
    with Terminal("a") as shown:
        shown.report("downloading", None)
        shown.said("the data [others] differ")
        assert (shown.told, shown.log) == (["the data [others] differ"], None)
    told = capsys.readouterr()
    assert (told.out, told.err) == ("", "downloading\n")
