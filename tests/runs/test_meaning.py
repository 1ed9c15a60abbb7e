from dataclasses import replace
from pathlib import Path

import pytest

from nnctl.runs import keep_meaning
from nnctl.spec import Spec, load_spec

from .test_manifest import BLANK


@pytest.fixture
def spec(tmp_path: Path) -> Spec:
    path = tmp_path / "spec.yaml"
    path.write_text("data: {source: digits}\nmodel: {layers: [{dense: 1}]}\ntrain: {loss: binary_crossentropy}\n")
    return load_spec(path)


@pytest.mark.parametrize(("task", "guessed"), [("regression", False), ("binary", True), (None, True)])
def test_what_was_trained_as_numbers_stays_numbers(spec: Spec, task: str | None, guessed: bool) -> None:
    kept = keep_meaning(spec, replace(BLANK, data={"task": task}))
    assert (spec.data.classes, spec.data.probabilities) == (True, True)
    assert (kept.data.classes, kept.data.probabilities) == (guessed, guessed)
    assert replace(kept, data=spec.data) == spec
