import numpy as np
import pytest

from nnctl.diagnosis.rules.index import RULES

from ...conftest import made

RNG = np.random.default_rng(0)
TABLE = RNG.normal(size=(200, 5)).astype(np.float32)
IMAGES = RNG.integers(0, 256, (200, 8, 8)).astype(np.uint8)
CLASSES = np.arange(200) % 10
WIDE = TABLE * np.array([1, 1, 1, 1, 1000], np.float32)


def codes(facts):
    return {one.code for code in ("X02", "X03", "X04", "X15") for one in RULES[code].apply(facts)}


@pytest.mark.parametrize(
    ("x", "settings", "expected"),
    [
        (IMAGES, [], set()),
        (IMAGES, ["data.scale=none"], {"X02"}),
        (IMAGES / np.float32(255), [], set()),
        (IMAGES / np.float32(127.5) - 1, [], set()),
        (IMAGES / np.float32(255 * 255), [], {"X15"}),
        (IMAGES, ["data.scale=none", "model.layers.0={rescaling: 0.00392}"], set()),
        (IMAGES, ["data.scale=unit", "model.layers.0={rescaling: 0.00392}"], {"X15"}),
        (TABLE, [], set()),
        (TABLE + 30, [], {"X02"}),
        (WIDE, [], {"X02"}),
        (WIDE, ["data.scale=standard"], set()),
        (WIDE, ["model.layers.0=batch_normalization"], set()),
        (TABLE * 3, [], set()),
    ],
)
def test_inputs(facts, x, settings, expected):
    assert codes(facts(*settings, data=made(x, CLASSES))) == expected


def test_pixels_divided_twice_are_mended_by_dividing_once(facts):
    found = facts("data.scale=unit", data=made((IMAGES / 255).astype(np.float32), CLASSES))
    assert codes(found) == set(), "unit scaling of floats divides by their largest value, which is 1"


def test_test_on_another_scale_than_train(facts):
    other = (TABLE * 255, CLASSES)
    assert codes(facts(data=made(TABLE, CLASSES, test=other))) == {"X03"}
    assert codes(facts(data=made(TABLE, CLASSES, test=(TABLE[::-1] * 1.5, CLASSES)))) == set()


@pytest.mark.parametrize(
    ("y", "expected"),
    [
        (TABLE[:, 0], set()),
        (TABLE[:, 0] * 1e4, {"X04"}),
        (TABLE[:, 0] + 1000, {"X04"}),
        (TABLE[:, 0] * 50 + 100, set()),
    ],
)
def test_targets(facts, y, expected):
    numbers = ["train.loss=mse", "model.layers=[{dense: 1}]"]
    assert codes(facts(*numbers, data=made(TABLE, y))) == expected
    assert codes(facts(*numbers, "data.target_scale=standard", data=made(TABLE, y))) == set()
    assert codes(facts("train.loss=mape", *numbers[1:], data=made(TABLE, y))) == set()  # which knows no other scale
