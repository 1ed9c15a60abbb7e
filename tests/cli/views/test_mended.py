from collections.abc import Callable
from pathlib import Path

import pytest

from nnctl.api.fixing import mend
from nnctl.cli.views import mended as view


def test_what_was_mended_and_what_is_left_is_said(
    write: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(**{"relu": "rleu", "units: 16": "units: zero"})
    mended = mend(path)
    view.show(mended, path.with_name("spec.fixed.yaml"), path, False)
    told, left = capsys.readouterr()
    told = told.replace("\n", " ")
    assert "+    - dense: {units: zero, activation: relu}" in told
    assert "1 edit (unknown-activation), written to" in told
    assert "left to mend by hand: 1 mistake" in told
    assert left.startswith(f"{path}:9:22 bad-value: dense's units is 'zero'")


def test_as_json_each_edit_has_its_line_and_nothing_mended_has_no_file(write: Callable[..., Path]) -> None:
    path = write(**{"relu": "rleu"})
    told = view.document(mend(path), path)
    (edit,) = told["edits"]  # type: ignore[misc]
    assert (told["fixed"], edit["code"], edit["line"]) == (str(path), "unknown-activation", 9)
    assert edit["diff"].splitlines() == [
        "-    - dense: {units: 16, activation: rleu}", "+    - dense: {units: 16, activation: relu}"
    ]  # fmt: skip
    assert view.document(mend(write()), None) == {"fixed": None, "edits": [], "diff": ""}
