"""What a data set holds, from Python; tests/cli/test_data.py shows it, tests/engine augments."""

from collections.abc import Callable
from pathlib import Path

import pytest

import nnctl
from nnctl import api
from nnctl.errors import UsageError


def test_a_data_set_is_told_by_its_splits_and_drawn_where_it_holds_images(
    write: Callable[..., Path], tmp_path: Path
) -> None:
    spec = nnctl.load_spec(write(), {"data.subset": 200})
    sheet = tmp_path / "sheet.png"
    found = api.summarise_data(spec, sheet)
    assert {name: part.examples for name, part in found.splits.items()} == {"train": 160, "validation": 40, "test": 200}
    assert sheet.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("source", "sheet", "said"), [("diabetes", "spec.yaml/x.png", "written"), ("digits", "spec.yaml/x.png", "written")]
)
def test_what_cannot_be_drawn_is_said(
    source: str, sheet: str, said: str, write: Callable[..., Path], tmp_path: Path
) -> None:
    regression = {"categorical_crossentropy": "mse", "units: 10, activation: softmax": "units: 1"}
    spec = nnctl.load_spec(write(**({"digits": source, **regression} if source == "diabetes" else {})))
    with pytest.raises(UsageError, match=said):
        api.summarise_data(spec, tmp_path / sheet)
    assert not (tmp_path / "x.png").exists()
