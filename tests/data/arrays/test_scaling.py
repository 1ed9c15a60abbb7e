import numpy as np
import pytest

from nnctl.data.arrays.scaling import Scales, Scaling, read_scales
from nnctl.errors import DataError

MEAN = np.float32(np.random.default_rng(0).normal(size=(2, 3)))


def test_what_a_run_keeps_is_read_bit_for_bit(tmp_path):
    given = Scales(Scaling("unit", 1 / 255), Scaling("standard", None, MEAN, MEAN**2, MEAN + np.float32(1.7e9)))
    (tmp_path / "scaling.json").write_text(given.dump())
    found = read_scales(tmp_path / "scaling.json")
    assert (found.inputs.kind, found.inputs.factor) == ("unit", 1 / 255)
    for name in ("mean", "variance", "shift"):
        np.testing.assert_array_equal(getattr(found.targets, name), getattr(given.targets, name), strict=True)


def test_an_older_run_has_none(tmp_path):
    assert read_scales(tmp_path / "scaling.json") is None


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "{}", '{"inputs": {"kind": "unit"}, "targets": {"kind": "none"}}',
        '{"inputs": {"kind": "none"}, "targets": {"kind": "standard", "mean": [NaN], "variance": [1]}}',
        '{"inputs": {"kind": "none"}, "targets": {"kind": "other"}}',
    ],
)  # fmt: skip
def test_a_damaged_file_is_said(tmp_path, text):
    (tmp_path / "scaling.json").write_text(text)
    with pytest.raises(DataError) as caught:
        read_scales(tmp_path / "scaling.json")
    assert caught.value.problems[0].code == "bad-scaling"


@pytest.mark.parametrize(
    ("scaling", "told"),
    [
        (Scaling("unit", 1 / 4095), "divided by 4095"),
        (Scaling("none"), "as they are"),
        (Scaling("standard", None, MEAN, MEAN), "standardised"),
        (Scaling("standard", None, MEAN, MEAN, MEAN), "standardised in float64"),
    ],
)
def test_it_is_told_in_words(scaling, told):
    assert scaling.describe() == told
