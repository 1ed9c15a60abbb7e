import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnctl.runs import diagnostics
from nnctl.runs.diagnostics import Check, LayerCheck


def look(step: int, loss: float = 1.0, layers: int = 1) -> Check:
    seen = tuple(LayerCheck(i, "dense", 0.1, 1e-3, 0.25, 0.0) for i in range(layers))
    return Check(1, step, loss, 0.0, {"loss": loss}, seen)


def test_looks_are_read_as_they_were_written(tmp_path: Path) -> None:
    path = tmp_path / "debug" / "diagnostics.jsonl"
    diagnostics.write_checks(path, [look(10), look(20, layers=2)])
    assert diagnostics.read_checks(path) == [look(10), look(20, layers=2)]


def test_what_is_not_finite_is_no_json_and_comes_back_as_nan(tmp_path: Path) -> None:
    path = tmp_path / "diagnostics.jsonl"
    diagnostics.write_checks(path, [look(10, math.inf)])
    assert "Infinity" not in path.read_text()
    assert math.isnan(diagnostics.read_checks(path)[0].loss)


@given(st.floats())
def test_every_number_is_read_as_six_digits_say_it(tmp_path_factory: pytest.TempPathFactory, number: float) -> None:
    path = tmp_path_factory.getbasetemp() / "diagnostics.jsonl"
    layer = LayerCheck(0, "dense", number, number, 0.25, 0.0)
    diagnostics.write_checks(path, [Check(1, 10, number, 0.0, {"loss": number}, (layer,))])
    (check,) = diagnostics.read_checks(path)
    expected = pytest.approx(number if math.isfinite(number) else math.nan, rel=1e-5, abs=0, nan_ok=True)
    assert [check.loss, check.metrics["loss"], check.layers[0].gradient, check.layers[0].update] == [expected] * 4


def test_half_a_line_and_foreign_lines_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "diagnostics.jsonl"
    diagnostics.write_checks(path, [look(10)])
    path.write_text("[]\n3\nnull\n" + path.read_text() + diagnostics.format_line(look(20))[:40])
    assert diagnostics.read_checks(path) == [look(10)]


def test_looks_behind_the_position_that_a_training_goes_on_from_are_dropped(tmp_path: Path) -> None:
    path = tmp_path / "diagnostics.jsonl"
    diagnostics.write_checks(path, [look(10), look(20), look(30)])
    diagnostics.drop_later(path, 20)
    assert [check.step for check in diagnostics.read_checks(path)] == [10, 20]
    diagnostics.drop_later(tmp_path / "none.jsonl", 20)
    assert not (tmp_path / "none.jsonl").exists()
