"""A notebook, executed: a training is shown in the output of its cell, and an error as on the command line."""

import json
import re
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from tests.conftest import SPEC

CELLS = (
    "import nnctl\nrun = nnctl.train('spec.yaml', 'runs')\nrun",
    "quiet = nnctl.train('spec.yaml', 'runs', progress=False)",
    "nnctl.load_spec({'data': {'source': 'digits'}, 'model': {'layers': ['flaten']}})",
    "longer = nnctl.resume(quiet, epochs=3)",
    "run.predict([[[0] * 8] * 8])",
    "run.to_frame()",
    "import json, os, threading\nfound = []\n"
    "thread = threading.Thread(target=lambda: found.append(nnctl.train('spec.yaml', 'runs').status))\n"
    "thread.start()\nthread.join()\nprint(json.dumps([found, run.status, run.directory.log.read_text()]))",
)


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> list[list[Any]]:
    """The outputs of each cell."""
    folder = tmp_path_factory.mktemp("notebook")
    (folder / "spec.yaml").write_text(SPEC)
    cells = [nbformat.v4.new_code_cell(text) for text in CELLS]
    notebook = nbformat.v4.new_notebook(cells=cells)
    asked = {"metadata": {"path": str(folder)}}
    NotebookClient(notebook, timeout=300, kernel_name="python3", allow_errors=True, resources=asked).execute()
    nbformat.validate(notebook)
    return [cell.outputs for cell in notebook.cells]


def test_a_training_is_one_output_that_ends_with_its_score(outputs: list[list[Any]]) -> None:
    shown, run = outputs[0]
    assert (shown.output_type, run.output_type) == ("display_data", "execute_result")
    lines = shown.data["text/plain"].splitlines()
    assert lines[0].split()[:6] == ["tiny", "flatten", ">", "dense", "16", "relu"]
    assert [line.split()[1] for line in lines if line.startswith("epoch")] == ["1/2", "2/2"]
    assert any(re.match(r"test accuracy 0\.\d{4} \(", line) for line in lines)
    assert shown.data["text/html"].startswith("<pre")
    assert "<b>tiny</b> done, 2 epochs" in run.data["text/html"]
    assert "data:image/png;base64," in run.data["text/html"]


def test_its_log_holds_the_same(outputs: list[list[Any]]) -> None:
    shown, told = outputs[0][0].data["text/plain"], json.loads(outputs[6][-1].text)
    assert told[:2] == [["done"], "done"]
    assert set(shown.split()) <= set(
        told[2].split()
    )  # the log is as wide as it must be, what is shown as there is room


def test_what_is_to_be_silent_is(outputs: list[list[Any]]) -> None:
    assert outputs[1] == []


def test_an_error_is_what_the_command_line_shows(outputs: list[list[Any]]) -> None:
    (error,) = outputs[2]
    assert (error.output_type, error.ename) == ("error", "SpecError")
    told = "\n".join(error.traceback)
    assert "Traceback" not in told
    assert "<dict>:5:5 unknown-layer: no layer is called 'flaten'\n    5 |   - flaten\n" in told
    assert told.endswith("did you mean 'flatten'?") or "did you mean 'flatten'?\n" in told


def test_what_goes_on_says_where_and_with_what_it_ends(outputs: list[list[Any]]) -> None:
    (shown,) = outputs[3]
    lines = shown.data["text/plain"].splitlines()
    assert [line[:32] for line in lines if line.startswith("resumed")] == ["resumed  in epoch 3, step 0 of 3"]
    assert [line.split()[1] for line in lines if line.startswith("epoch")] == ["3/3"]


def test_answers_and_metrics_are_tables(outputs: list[list[Any]]) -> None:
    (answers,), (frame,) = outputs[4:6]
    assert "<table>" in answers.data["text/html"]
    assert '<td style="text-align:left">0</td>' in answers.data["text/html"]
    assert "val_accuracy" in frame.data["text/html"]


def test_a_thread_of_a_notebook_trains_as_well(outputs: list[list[Any]]) -> None:
    """Signals are heard in the main thread alone, and here they are Python's."""
    assert [each.output_type for each in outputs[6]][-1] == "stream"
    assert "error" not in {each.output_type for each in outputs[6]}
