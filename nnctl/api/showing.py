"""What a spec comes to, from Python."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nnctl import data
from nnctl.api.specs import Written, take_spec
from nnctl.data import Report, plan_ahead, silent
from nnctl.spec import Spec, origins
from nnctl.spec.network.plan import Plan

if TYPE_CHECKING:
    from nnctl.engine.loop.timing import Timing


@dataclass(frozen=True, slots=True)
class Shown:
    """What a spec comes to.

    Attributes:
        values: every value, with where it comes from.
        plan: how it is trained: its layers with their shapes, and what training takes.
        timing: how long it takes, in seconds; None if that was not measured.
    """

    values: tuple[origins.Setting, ...]
    plan: Plan
    timing: "Timing | None" = None


def show(spec: Spec | Written, time: bool = False, report: Report | None = None) -> Shown:
    """What a spec comes to, by what is known of its data without loading them. Nothing is written.

    Args:
        spec: the spec, or what `load_spec` takes.
        time: whether to load the data and TensorFlow, and to run some steps of the training for their times.
        report: told of what takes a while.

    Raises:
        DataError: the data cannot be looked at, or, to run steps, cannot be had.
        SpecError: the spec cannot be read, or steps are to be run and the network cannot be built or fed.
    """
    plan = plan_ahead(spec := take_spec(spec))
    return Shown(tuple(origins.list_settings(spec)), plan, _measure_timing(spec, report or silent) if time else None)


def _measure_timing(spec: Spec, report: Report) -> "Timing":
    dataset = data.load(spec.data, report)
    from nnctl.engine.train import time_steps

    return time_steps(dataset.plan(spec), dataset)
