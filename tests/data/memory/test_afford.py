from collections.abc import Callable
from pathlib import Path

import pytest

from nnctl.data import load
from nnctl.data.memory.afford import afford_network
from nnctl.errors import SpecError
from nnctl.spec import load_spec
from nnctl.spec.network.plan import Plan

Write = Callable[..., Path]


def plan(write: Write, *settings: str) -> Plan:
    spec = load_spec(write(), [("--set", text) for text in settings])
    return load(spec.data, lambda label, share: None).plan(spec)


def test_a_network_beyond_the_limit_is_refused_at_the_layer_that_takes_most(write: Write) -> None:
    found = plan(write, "model.layers.1.dense.units=200000")
    with pytest.raises(SpecError, match=r"--max-memory is 1\.0 MiB") as caught:
        afford_network(found, 1 << 20)
    problem = caught.value.problems[0]
    assert problem.place is not None
    assert problem.hint == "dense takes most, with 13,000,000 weights"
    afford_network(found, 1 << 40)


def test_what_is_refused_is_what_show_prints(write: Write) -> None:
    found = plan(write, "train.optimizer={adamw: {amsgrad: true}}")
    told = found.cost.memory
    need = sum(told[name] or 0 for name in ("parameters", "gradients", "optimizer", "activations"))
    afford_network(found, need)
    with pytest.raises(SpecError):
        afford_network(found, need - 1)


def test_what_the_machine_has_is_the_limit_where_none_is_given(write: Write) -> None:
    with pytest.raises(SpecError, match="are free"):
        afford_network(plan(write, "model.layers.1.dense.units=2000000000"))


def test_what_is_not_known_is_not_refused(write: Write) -> None:
    unknown = "{einsum_dense: {equation: 'abc,cd->abd', output_shape: [8, 200000]}}"
    found = plan(write, f"model.layers=[{unknown}, flatten, {{dense: 10}}]")
    assert found.cost.parameters is None
    afford_network(found, 1)
