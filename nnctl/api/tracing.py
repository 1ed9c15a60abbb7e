"""One step of learning made visible, from Python."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nnctl import data
from nnctl.api.runs import Run
from nnctl.api.specs import Written, take_spec
from nnctl.data import Report, silent
from nnctl.errors import Problem, UsageError
from nnctl.spec import Spec, catalogue
from nnctl.spec.sections import Component
from nnctl.spelling import find_nearest

if TYPE_CHECKING:
    from nnctl.engine.tracing.values import Traced


def trace(
    subject: Spec | Written | Run,
    example: int = 0,
    unit: str | None = None,
    optimizers: Sequence[str] = (),
    steps: int = 1,
    report: Report | None = None,
) -> "Traced":
    """One step of learning of a network, on one example: each layer's numbers and the loss. Nothing is written.

    >>> traced = trace("first.yaml", example=3)
    >>> [layer.where for layer in traced.forward.layers]
    ['layers[0] flatten', 'layers[1] dense', 'layers[2] dense']
    >>> traced.forward.loss.steps[0]
    '-log p[3]'

    Args:
        subject: the spec, or what `load_spec` takes: the weights are those that training begins with; or a run: those of its best
            model.
        example: which example of train, from 0.
        unit: the unit that is written out, `LAYER:I`, both counted from 0, or with the layer's own name; the one whose weight has
            the largest gradient if left out.
        optimizers: the names of optimizers that take the step instead of the spec's, each with Keras's own learning rate.
        steps: how many steps are taken on the batch.
        report: told of what takes a while.

    Raises:
        UsageError: there is no such example, layer, unit or optimizer, or there are fewer steps than one.
        SpecError: the spec cannot be read, or the network cannot be built or fed.
        DataError: the data cannot be had, or are no longer those that the run was trained with.
        RunError: the run has no model, or cannot be read.
    """
    chosen = tuple(map(_find_optimizer, optimizers))
    if steps < 1:
        raise UsageError(Problem("bad-value", f"steps is {steps}, expected a whole number of at least 1"))
    report, spec = report or silent, None if isinstance(subject, Run) else take_spec(subject)
    if spec is not None:
        dataset = data.load(spec.data, report)
    from nnctl.engine.tracing import trace as engine  # the spec is known good: now TensorFlow may take its seconds

    if isinstance(subject, Run):
        return engine.trace(engine.take_run(subject.directory, report), example, unit, chosen, steps)
    assert spec is not None
    return engine.trace(engine.take_spec(spec, dataset), example, unit, chosen, steps)


def _find_optimizer(name: str) -> Component:
    entry = catalogue.find_entry("optimizer", name)
    if entry is None:
        nearest = find_nearest(name, catalogue.list_names("optimizer"))
        hint = f"did you mean {nearest!r}?" if nearest else f"there are {', '.join(catalogue.list_names('optimizer'))}"
        raise UsageError(Problem("unknown-optimizer", f"no optimizer is called {name!r}", hint=hint))
    return Component("optimizer", entry.name, {})
