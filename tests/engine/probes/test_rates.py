from collections.abc import Callable

from nnctl.data import load
from nnctl.engine.debug import debug_rates
from nnctl.spec import Spec


def test_the_range_test_suggests_a_rate_that_learns(read: Callable[..., Spec]) -> None:
    spec = read("train.optimizer=sgd", "train.learning_rate=1.0e-5", "model.layers.1.dense.units=64")
    found = debug_rates(spec, load(spec.data, lambda label, share: None))
    assert found.asked == 1e-5
    assert found.suggested is not None
    assert 0.01 <= found.suggested <= 1
    assert len(found.rates) == len(found.losses) > 50
