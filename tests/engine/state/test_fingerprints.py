from collections.abc import Callable

import pytest

from nnctl.engine.loop.training import Training
from nnctl.engine.state.fingerprints import compute_fingerprints, find_differences, make_fingerprints

NOW = make_fingerprints("a", "b")


def test_those_of_a_training_hold_all_that_its_bits_depend_on(training: Callable[..., Training]) -> None:
    told = compute_fingerprints(training())
    assert set(told) == {"spec", "data", "versions", "platform"}
    assert set(told["versions"]) == {"nnctl", "python", "keras", "tensorflow", "numpy"}
    assert set(told["platform"]) == {"system", "processor", "devices", "threads", "onednn"}
    assert find_differences(told, told) == []


@pytest.mark.parametrize(
    ("then", "said"),
    [
        ({**NOW, "spec": "c"}, "the spec is another"),
        ({**NOW, "data": "c"}, "the data differ"),
        ({**NOW, "versions": {**NOW["versions"], "numpy": "1.0"}}, f"numpy is {NOW['versions']['numpy']}, and was 1.0"),
        ({**NOW, "platform": {**NOW["platform"], "devices": ["GPU:0"]}}, "devices is CPU:0, and was GPU:0"),
    ],
)
def test_what_differs_is_named(then: dict[str, object], said: str) -> None:
    assert find_differences(then, NOW) == [said]


def test_a_record_that_is_missing_differs() -> None:
    assert len(find_differences({}, NOW)) == 2 + len(NOW["versions"]) + len(NOW["platform"])
