"""Frames and HTML of runs; tests/engine/test_notebook.py shows them in a notebook."""

import base64
import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import nnctl
from nnctl.api import notebooks
from nnctl.errors import UsageError
from nnctl.runs import Manifest, create_run
from nnctl.runs.history import write_history

PNG = b"\x89PNG\r\n\x1a\nand more"
HOSTILE = "<script>alert('1')</script>\x1b[31m\u202e"


@pytest.fixture
def run(tmp_path: Path) -> nnctl.Run:
    """A run as a stranger's zip may hold it."""
    directory, created = create_run(tmp_path, "strange")
    scores = {f"test{HOSTILE}": {HOSTILE: 0.5, "log_loss": None}, "validation": {HOSTILE: 1e-9}}
    manifest = Manifest("strange", HOSTILE, "done", "s.yaml", [], [], 1, created, epochs=1, best_epoch=1)
    replace(manifest, scores=scores, monitor=HOSTILE, best=0.5, message=HOSTILE).write(directory.path / "run.json")
    directory.plots.mkdir()
    (directory.plots / "curves.png").write_bytes(PNG)
    return nnctl.Run(directory)


def test_nothing_in_a_run_is_markup(run: nnctl.Run) -> None:
    told = run._repr_html_()
    allowed = {"b", "br", "code", "table", "thead", "tbody", "tr", "th", "td", "img"}
    assert set(re.findall(r"</?(\w+)", told)) == allowed
    assert told.isprintable()
    assert told.count("&lt;script&gt;alert(&#x27;1&#x27;)&lt;/script&gt;\\x1b[31m\\u202e") == 5 + 1
    assert re.findall(r"<td[^>]*>([^<]*)</td>", told)[1:] == [
        "0.5000", "undefined", "validation", "1e-09", "",
    ]  # fmt: skip


def test_its_curves_are_shown_if_they_are_a_picture(run: nnctl.Run) -> None:
    assert base64.b64encode(PNG).decode() in run._repr_html_()
    curves = run.directory.plots / "curves.png"
    curves.write_bytes(b"<svg onload=alert(1)>")
    assert "<img" not in run._repr_html_()
    curves.unlink()
    assert "<img" not in run._repr_html_()
    curves.symlink_to("/etc/passwd")
    assert "<img" not in run._repr_html_()


def test_a_run_that_cannot_be_read_says_so(run: nnctl.Run) -> None:
    (run.path / "run.json").write_text("{}<")
    told = run._repr_html_()
    assert told.startswith("<pre>bad-run: ")
    assert "{}<" not in told


def test_metrics_are_a_frame_by_epoch(run: nnctl.Run) -> None:
    write_history([{"epoch": 1, "loss": 2.0}, {"epoch": 2, "loss": 1.5, "val_loss": 3.0}], run.directory.metrics)
    frame = run.to_frame()
    assert (frame.index.name, frame.index.tolist(), list(frame)) == ("epoch", [1, 2], ["loss", "val_loss"])
    assert frame.loc[2].to_dict() == {"loss": 1.5, "val_loss": 3.0}
    assert frame["val_loss"].isna().tolist() == [True, False]
    run.directory.metrics.unlink()
    assert len(run.to_frame()) == 0


def test_without_pandas_one_line_says_what_to_install(run: nnctl.Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(UsageError) as raised:
        run.to_frame()
    assert str(raised.value).strip().splitlines() == [
        "no-pandas: a data frame takes pandas, which is not installed",
        "  `pip install pandas`",
    ]


@pytest.mark.parametrize(
    ("value", "told"), [(0.5, "0.5000"), (None, "undefined"), (0.0, "0.0000"), (123456.0, "1.23e+05")]
)
def test_numbers_have_the_digits_of_the_command_line(value: float | None, told: str) -> None:
    assert notebooks.format_number(value) == told
