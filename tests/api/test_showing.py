"""What `show` gives without TensorFlow; tests/engine/test_api.py times steps."""

from collections.abc import Callable
from pathlib import Path

import nnctl
from nnctl.data import plan_ahead


def test_values_have_their_origin_and_the_plan_is_that_of_the_spec(write: Callable[..., Path]) -> None:
    spec = nnctl.load_spec(write(), {"train.epochs": 9})
    shown = nnctl.show(spec)
    by_path = {".".join(map(str, value.path)): value for value in shown.values}
    assert (by_path["train.epochs"].value, by_path["train.epochs"].origin) == (9, "flag")
    assert by_path["data.source"].origin == "file"
    assert (shown.plan, shown.timing) == (plan_ahead(spec), None)
    assert shown.plan.cost.parameters == 64 * 16 + 16 + 16 * 10 + 10
