import pytest
from jsonschema import Draft7Validator

from nnctl.spec.forms import special
from nnctl.spec.schema import schema


@pytest.mark.parametrize(
    ("key", "right", "wrong"),
    [
        ("vars", [None, {"width": 3}], [3, "x"]),
        ("name", ["mine", "a-1_b"], ["latest", "", "a b", "../x", 3]),
        ("train.max_time", [None, 90, 1.5, "90", "90s", "10m", "2h"], [0, -1, "0s", "0", "soon", "1d"]),
        (
            "train.class_weight",
            [None, "balanced", {"cat": 2, "3": 0}],
            ["even", {"cat": -1}, {"-1": 2}, {"true": 1}, {"cat": "2"}, [1]],
        ),
        (
            "train.augment",
            [None, [], ["rand_augment"], [{"random_rotation": 0.1}]],
            [{"random_rotation": 0.1}, ["flatten"], [{"dense": 3}], [{"no_such_layer": 1}], ["random_rotation"] * 51],
        ),
    ],
)
def test_a_form_takes_what_is_right_and_no_more(key: str, right: list[object], wrong: list[object]) -> None:
    whole = {**special()[key], "definitions": schema({})["definitions"]}
    validator = Draft7Validator(whole)
    assert [value for value in right if not validator.is_valid(value)] == []
    assert [value for value in wrong if validator.is_valid(value)] == []
