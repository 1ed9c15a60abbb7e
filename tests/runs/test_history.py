from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnctl.errors import RunError
from nnctl.runs import history


def test_float32_survives_the_file_bit_for_bit(tmp_path: Path) -> None:
    values = np.random.default_rng(0).normal(size=100).astype(np.float32)
    rows = [{"epoch": float(i), "step": i * 3.0, "loss": float(v)} for i, v in enumerate(values, 1)]
    history.write_history(rows, tmp_path / "metrics.csv")
    back = history.read_history(tmp_path / "metrics.csv")
    assert [np.float32(row["loss"]) for row in back] == list(values)
    assert (tmp_path / "metrics.csv").read_text().startswith("epoch,step,loss\n1,3,")


@given(st.floats())
def test_every_number_is_read_as_nine_digits_say_it(tmp_path_factory: pytest.TempPathFactory, number: float) -> None:
    """NaN and infinity among them, which the loss of an epoch may be."""
    path = tmp_path_factory.getbasetemp() / "metrics.csv"
    history.write_history([{"epoch": 1, "step": 1, "learning_rate": number, "loss": number}], path)
    (row,) = history.read_history(path)
    assert [row["loss"], row["learning_rate"]] == [pytest.approx(number, rel=1e-8, abs=0, nan_ok=True)] * 2


def test_a_number_that_an_epoch_lacks_stays_out(tmp_path: Path) -> None:
    history.write_history([{"epoch": 1, "loss": 0.5}, {"epoch": 2, "loss": 0.25, "val_loss": 0.75}], tmp_path / "m.csv")
    assert "val_loss" not in history.read_history(tmp_path / "m.csv")[0]


@pytest.mark.parametrize("text", ["epoch,loss\n1,abc\n", "epoch\n1,2,3\n"])
def test_what_is_no_history_is_one_problem(tmp_path: Path, text: str) -> None:
    (tmp_path / "m.csv").write_text(text)
    with pytest.raises(RunError):
        history.read_history(tmp_path / "m.csv")


@pytest.mark.parametrize(
    "text", ["a" + ",b" * 1000 + "\n1\n", "a,b\n1\n", "a,b\n1,2,3\n"], ids=["wide", "short", "long"]
)
def test_a_table_that_would_fill_the_memory_with_what_it_lacks(text: str, tmp_path: Path) -> None:
    (tmp_path / "metrics.csv").write_text(text)
    with pytest.raises(RunError, match="not a table of numbers"):
        history.read_history(tmp_path / "metrics.csv")


def test_a_name_holds_what_ends_a_line(tmp_path: Path) -> None:
    rows = [{"epoch": 1.0, "val_\r": 0.5, "val_a\nb": 0.25, 'val_"\r\n': 0.125}]
    history.write_history(rows, tmp_path / "m.csv")
    assert history.read_history(tmp_path / "m.csv") == rows
