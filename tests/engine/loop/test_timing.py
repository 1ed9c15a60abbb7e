from collections.abc import Callable

from nnctl.engine.loop.timing import measure_timing
from nnctl.spec import Spec
from tests.engine.conftest import prepared


def test_an_epoch_is_its_steps_and_its_validation(read: Callable[..., Spec]) -> None:
    spec = read()
    found = measure_timing(training := prepared(spec))
    assert 0 < found.step < found.first
    assert found.validation > 0
    assert found.epoch == training.steps.per_epoch * found.step + found.validation


def test_data_of_one_batch_are_timed(read: Callable[..., Spec]) -> None:
    spec = read("train.batch_size=5000", "data.validation=none")
    found = measure_timing(prepared(spec))
    assert (found.step > 0, found.validation) == (True, 0.0)
