"""What `nnctl predict` refuses before TensorFlow is loaded; tests/engine/test_predict.py predicts."""

from collections.abc import Callable
from subprocess import CompletedProcess

import pytest

Nnctl = Callable[..., CompletedProcess[str]]


def test_a_run_that_is_not_there_is_said(nnctl: Nnctl) -> None:
    done = nnctl("predict", "latest", "own.png")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("no-run: ")


@pytest.mark.parametrize("arguments", [[], ["latest"], ["latest", "x.png", "--top", "0"]])
def test_wrong_words_are_one_message(arguments: list[str], nnctl: Nnctl) -> None:
    done = nnctl("predict", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(("usage: ", "contradiction: "))
    assert "Traceback" not in done.stderr
