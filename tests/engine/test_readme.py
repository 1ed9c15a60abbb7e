"""The README's training and its debugging, and the guides' lines of Python."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from nnctl.engine.loop.training import Training
from nnctl.engine.network import model_file

from ..readme import PAGES, README, commands, masked, run, takes_time

LONG = [command for command in commands(README.read_text()) if takes_time(command[0])]
TRAININGS = [command for command in LONG if " train " in command[0]]
DEBUGGED = [command for command in LONG if " debug " in command[0]]


@pytest.mark.mnist
@pytest.mark.parametrize(("line", "folder", "told"), TRAININGS, ids=[line for line, _, _ in TRAININGS])
def test_the_articles_network_prints_what_the_readme_says_and_reaches_its_score(
    line: str, folder: Path, told: str
) -> None:
    done = run(line, folder)
    assert masked(done) == masked(told)
    for text in (done, told):  # on all of MNIST the article's network gets 93.9 % of test right
        assert "54,000 train, 6,000 validation, 10,000 test" in text
        score = re.search(r"^test accuracy (0\.\d{4})", text, re.MULTILINE)
        assert score is not None
        assert 0.93 <= float(score[1]) <= 0.945


@pytest.mark.parametrize(("line", "folder", "told"), DEBUGGED, ids=[line for line, _, _ in DEBUGGED])
def test_the_debugger_names_the_cause_that_the_readme_shows(line: str, folder: Path, told: str) -> None:
    """Which symptoms it leaves beside the cause depends on the machine's rounding; the first finding does not."""
    shown, done = (text.split("checked")[0].splitlines() for text in (told, run(line, folder)))
    cause = next(index for index, line in enumerate(shown) if line.startswith("R03"))
    assert [masked(line) for line in done[:cause]] == [masked(line) for line in shown[:cause]]
    assert done[cause:] == shown[cause:]


def test_the_lines_of_python_run_without_nnctl(
    training: Callable[..., Training], python: Callable[..., str], tmp_path: Path
) -> None:
    (code,) = (
        block
        for page in PAGES
        for block in re.findall(r"```python\n(.*?)```", page.read_text(), re.DOTALL)
        if "import keras" in block
    )
    made = training("data.subset=100")
    model_file.save(made.model, tmp_path / "model.keras")
    python("import sys\nsys.modules['nnctl'] = None\n" + code.replace("28, 28", "8, 8"))
