"""What `nnctl.train` shows, and to whom; tests/engine/test_notebook.py trains in a notebook."""

import re
import sys
from types import SimpleNamespace
from typing import Any

import pytest

from nnctl.cli.views.notebook import EPOCHS, Notebook, Script, choose_view, is_notebook


class Cell:
    """The output of a cell: what was displayed, and what each display has become."""

    def __init__(self) -> None:
        self.pages = list[dict[str, str]]()
        self.displays = 0

    def display(self, page: dict[str, str], **asked: Any) -> "Cell":
        assert asked == {"raw": True, "display_id": True}
        self.displays += 1
        self.pages.append(page)
        return self

    def update(self, page: dict[str, str], raw: bool) -> None:
        assert raw
        self.pages.append(page)


@pytest.fixture
def cell(monkeypatch: pytest.MonkeyPatch) -> Cell:
    """Makes this process a notebook's kernel."""
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: SimpleNamespace(kernel="a kernel")))
    monkeypatch.setitem(sys.modules, "IPython.display", cell := Cell())  # type: ignore[arg-type]
    return cell


def test_a_training_is_shown_where_somebody_waits_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert choose_view(None, "w") is None
    assert choose_view(False, "w") is None
    assert type(choose_view(True, "w")) is Script
    monkeypatch.setattr(sys, "stderr", SimpleNamespace(isatty=lambda: True))
    assert type(choose_view(None, "w")) is Script
    assert choose_view(False, "w") is None
    monkeypatch.setattr(sys, "stderr", None)
    assert choose_view(True, "w") is None


def test_a_notebook_is_a_kernel_and_no_terminal(cell: Cell, monkeypatch: pytest.MonkeyPatch) -> None:
    assert is_notebook()
    assert type(choose_view(None, "w")) is type(choose_view(True, "w")) is Notebook
    assert choose_view(False, "w") is None
    for shell in (None, SimpleNamespace()):  # no IPython runs this, or one in a terminal
        monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda shell=shell: shell))
        assert not is_notebook()


def test_a_cell_has_one_output_which_ends_without_a_bar(cell: Cell) -> None:
    with Notebook() as shown:
        shown.report("downloading mnist.npz", 0.25)
        shown.show("the header")
    assert cell.displays == 1
    assert "loading the data" in cell.pages[0]["text/plain"]
    assert cell.pages[-1]["text/plain"] == "the header\n"
    assert "progress" not in cell.pages[-1]["text/html"]


def test_how_far_it_is_stands_under_the_lines(cell: Cell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nnctl.cli.views.notebook._PAUSE", 0)
    progress = SimpleNamespace(epoch=2, epochs=4, step=5, steps=10, results={"loss": 0.5}, learning_rate=0.1)
    with Notebook() as shown:
        shown.show("the header")
        shown.stepped(progress)  # type: ignore[arg-type]
        html, plain = cell.pages[-1]["text/html"], cell.pages[-1]["text/plain"]
    assert plain == "the header\nepoch 2/4  step 5/10  loss 0.5000"
    assert '<progress value="0.3750" max="1"></progress>' in html


def test_it_is_drawn_a_few_times_a_second_at_most(cell: Cell) -> None:
    with Notebook() as shown:
        for number in range(300):
            shown.show(f"line {number}")
    assert len(cell.pages) < 20
    assert "line 299" in cell.pages[-1]["text/plain"]


def test_the_last_epochs_are_shown_and_how_many_there_were_before(cell: Cell) -> None:
    with Notebook() as shown:
        shown.epochs = 30
        shown.show("the header")
        for epoch in range(1, 31):
            shown.ended_epoch({"epoch": epoch, "seconds": 1.0, "learning_rate": 0.1, "loss": 0.5}, best=epoch == 30)
            if epoch == 2:
                shown.show("a remark")
    told = cell.pages[-1]["text/plain"].splitlines()
    assert told[:3] == ["the header", f"... {30 - EPOCHS} epochs before: to_frame() of the run has all", "a remark"]
    assert [line.split("/")[0] for line in told[3:]] == [f"epoch {epoch}" for epoch in range(31 - EPOCHS, 31)]
    assert told[-1].endswith("best")
    assert '<span style="color: #008000' in cell.pages[-1]["text/html"]


def test_nothing_that_others_have_written_is_markup(cell: Cell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nnctl.cli.views.notebook._PAUSE", 0)
    hostile = "<script>alert(1)</script>\x1b[31m[bold]"
    with Notebook() as shown:
        shown.report(hostile, None)
        shown.show(hostile)
        shown.report(hostile, 0.5)
        for page in cell.pages:
            assert set(re.findall(r"<(\w+)", page["text/html"])) <= {"pre", "progress"}
            assert "\x1b" not in page["text/html"] + page["text/plain"]
    assert "&lt;script&gt;alert(1)&lt;/script&gt;\\x1b[31m[bold]" in cell.pages[-1]["text/html"]
