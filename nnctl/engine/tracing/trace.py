"""`nnctl trace`, without the terminal: a network is made as training makes it, and one example goes through it."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from nnctl.data import Dataset, Report, load, peek, read_scales
from nnctl.data.tables import columns
from nnctl.engine.evaluate import refuse_other_data
from nnctl.engine.loop.training import Training
from nnctl.engine.network import model_file
from nnctl.engine.tracing.backward import Differences, trace_back
from nnctl.engine.tracing.chain import Chain
from nnctl.engine.tracing.losses import trace_loss
from nnctl.engine.tracing.passes import Passes, run_passes
from nnctl.engine.tracing.units import count_units, is_sum, name_activation, write_out
from nnctl.engine.tracing.update import Updates
from nnctl.engine.tracing.values import Forward, Traced, TracedExample, TracedLayer, TracedUnit
from nnctl.errors import Problem, UsageError
from nnctl.predicting import naming
from nnctl.runs import RunDirectory
from nnctl.runs.meaning import load_trained
from nnctl.spec.catalogue import traits
from nnctl.spec.sections import Component, Spec
from nnctl.topics.formulas import find_formula

SMALL = 40  # weights of a network all of whose units are written out
_UNIT = re.compile(r"(?:layers\[)?(\w+)\]?:(-?\d+)")


class Subject:
    """What is traced: a network in a training that has not begun, or with the weights of a run's best model.

    Args:
        training: the training.
        name: what it is called.
        trained: whether the weights are a run's.
    """

    def __init__(self, training: Training, name: str, trained: bool) -> None:
        self.training, self.name, self.trained = training, name, trained
        self.chain, self.loss = Chain(training.model), training.targets.build_loss()


def take_spec(spec: Spec, dataset: Dataset) -> Subject:
    """The network of a spec with the weights that training begins with.

    Raises:
        SpecError: the network cannot be built or fed.
    """
    return Subject(Training(dataset.plan(plain := _strip(spec)), dataset), plain.name, False)


def take_run(run: RunDirectory, report: Report) -> Subject:
    """The best model of a run, on the data that it was trained with.

    Raises:
        SpecError, DataError, RunError: the run's spec, data or model cannot be read, or the data are no longer those that it
            was trained with.
    """
    run.confine()
    trained = model_file.load(run.model)
    spec = _strip(load_trained(run, peek=peek, said=report))
    dataset = load(spec.data, report, columns.read_columns(run.columns))
    dataset = replace(dataset, scales=read_scales(run.scaling))
    refuse_other_data(run, dataset, f"trace its spec: `nnctl trace {run.path / 'resolved.yaml'}`")
    training = Training(dataset.plan(spec), dataset, fresh=False)
    training.model.set_weights(trained.get_weights())
    return Subject(training, str(run.path), True)


def trace(
    subject: Subject, example: int, unit: str | None, optimizers: Sequence[Component] = (), steps: int = 1
) -> Traced:
    """One step of learning, on one example.

    Args:
        subject: the network.
        example: the example's place in train, from 0.
        unit: the unit that is written out, `LAYER:I`, by the number or the name of its layer in the spec; None for the one whose
            weight has the largest gradient.
        optimizers: what takes the step, each with Keras's own rate; the spec's, with the spec's rate, if there is none.
        steps: how many steps each takes on the batch.

    Raises:
        UsageError: there is no such example, layer or unit.
    """
    training, chain = subject.training, subject.chain
    shown = pick_example(subject, example)
    x, y, weight = read_rows(training, [example])
    passes = run_passes(chain, subject.loss, x, y, weight)
    shown = replace(shown, fed=np.asarray(passes.fed)[0])
    layers = tuple(_trace_layers(subject, passes))
    picked = choose_unit(subject, passes, layers, unit)
    units, chosen = _write_units(subject, passes, picked)
    component = training.spec.train.loss
    loss = trace_loss(component, subject.loss, y, passes.outputs[-1], passes.loss, passes.penalty, shown.weight)
    meaning, answer = training.targets.meaning, passes.get_output(-1).astype(np.float32).reshape(-1)
    names = naming.name_answers(training.dataset.names, meaning)
    answers = dict(zip(names, naming.make_answers(answer[np.newaxis], meaning)[0].tolist(), strict=True))
    forward = Forward(shown, layers, units, chosen, answers, bool(meaning.probable), loss)
    differences = Differences(chain, passes, component, subject.loss, (y, weight))
    backward = tuple(trace_back(chain, passes, training.spec.layers, differences, picked))
    traced = Traced(subject.name, subject.trained, forward, backward)
    return traced if picked is None else _add_updates(subject, traced, picked[0], optimizers, steps)


def _add_updates(subject: Subject, traced: Traced, layer: int, optimizers: Sequence[Component], steps: int) -> Traced:
    """The trace with what each optimizer does to the weight that was checked in a layer; of one that is frozen nothing."""
    checked = next(each.checked for each in traced.backward if each.layer == layer)
    if checked is None:
        return traced
    updates = Updates(subject.training, subject.chain, traced.forward.example.index)
    place = subject.chain.places[layer]
    made = tuple(updates.run(each, place, checked.index, steps) for each in (optimizers or (None,)))
    return replace(traced, followed=layer, count=updates.count, updates=made)


def pick_example(subject: Subject, index: int) -> TracedExample:
    """An example of train.

    Raises:
        UsageError: there is none of that number.
    """
    dataset = subject.training.dataset
    split, count = dataset.train, len(dataset.train.x)
    if not 0 <= index < count:
        hint = f"they are counted from 0 to {count - 1:,}"
        raise UsageError(Problem("no-example", f"train has {count:,} examples, and no example {index}", hint=hint))
    stored = np.asarray(split.x[index : index + 1])[0]
    table = dataset.columns
    names = () if table is None or len(table.names) != len(stored) else tuple(table.names)
    label = name_label(dataset, split.y[index])
    weight = read_rows(subject.training, [index])[2]
    counts = 1.0 if weight is None else float(np.asarray(weight)[0])
    return TracedExample(index, count, int(split.rows[index]), stored, stored, names, label, counts)


def name_label(dataset: Dataset, y: Any) -> str:
    """What is to be answered of one example, by its name; numbers as they are."""
    if dataset.task == "regression":
        return ", ".join(f"{value:.6g}" for value in np.reshape(y, -1))
    if dataset.task == "multilabel":
        return ", ".join(name for name, yes in zip(dataset.names, y, strict=True) if yes >= 0.5) or "none of the labels"
    return dataset.names[int(np.argmax(y)) if np.ndim(y) else int(y)]


def read_rows(training: Training, rows: Sequence[int]) -> tuple[Any, Any, Any]:
    """Some examples of train as training gets them: stored values, labels, and how much each counts or None."""
    batch = training.steps.make_batch(np.asarray(rows, np.int32))
    return (*batch, None)[:3]


def choose_unit(
    subject: Subject, passes: Passes, layers: Sequence[TracedLayer], asked: str | None
) -> tuple[int, int] | None:
    """The layer and the unit that are written out: the one that was asked for, or that of the weight with the largest gradient.

    Raises:
        UsageError: there is no such layer or unit.
    """
    if asked is not None:
        return _find_unit(subject.training.spec.layers, layers, asked)
    best, found = -1.0, None
    for layer, place in zip(layers, subject.chain.places, strict=True):
        gradients = passes.gradients[place]
        if gradients and (largest := float(np.abs(gradients[0]).max(initial=0))) > best:
            at = np.unravel_index(np.abs(gradients[0]).argmax(), gradients[0].shape)
            best, found = largest, (layer.index, int(at[-1]) % count_units(subject.chain.layers[place], layer.output))
    return found


def _find_unit(components: Sequence[Component], layers: Sequence[TracedLayer], asked: str) -> tuple[int, int]:
    found = _UNIT.fullmatch(asked.strip())
    if found is None:
        hint = "`1:17` is unit 17 of layers[1], both counted from 0"
        raise UsageError(Problem("bad-value", f"--unit is {asked!r}, expected LAYER:I", hint=hint))
    names = {str(each.arguments.get("name")): index for index, each in enumerate(components)}
    index = int(found[1]) if found[1].isdecimal() else names.get(found[1], -1)
    if not 0 <= index < len(layers):
        told = ", ".join(f"{layer.index} {layer.name}" for layer in layers)
        raise UsageError(Problem("no-layer", f"the network has no layer {found[1]!r}", hint=f"there are {told}"))
    units = layers[index].output.shape[-1] if layers[index].output.ndim else 1
    if not 0 <= int(found[2]) < units:
        hint = f"they are counted from 0 to {units - 1:,}"
        raise UsageError(
            Problem("no-unit", f"{layers[index].where} has {units:,} units, and no unit {found[2]}", hint=hint)
        )
    return index, int(found[2])


def _write_units(
    subject: Subject, passes: Passes, chosen: tuple[int, int] | None
) -> tuple[tuple[TracedUnit, ...], int | None]:
    """All units of a small network, else the chosen one; and which of them that is."""
    chain = subject.chain

    def write(index: int, unit: int) -> TracedUnit:
        place = chain.places[index]
        fed, output = passes.get_input(place), passes.get_output(place)
        return write_out(chain.layers[place], index, unit, fed, output, passes.slopes[place])

    if chosen is None:
        return (), None
    weighted = [index for index, place in enumerate(chain.places) if chain.layers[place].weights]
    sums = all(is_sum(chain.layers[chain.places[index]]) for index in weighted)
    if not sums or sum(chain.layers[chain.places[index]].count_params() for index in weighted) > SMALL:
        return (write(*chosen),), 0
    places = [
        (index, unit)
        for index in weighted
        for unit in range(count_units(chain.layers[chain.places[index]], passes.get_output(chain.places[index])))
    ]
    if chosen not in places:
        places.append(chosen)
    return tuple(write(*each) for each in places), places.index(chosen)


def _trace_layers(subject: Subject, passes: Passes) -> Any:
    for index, (component, place) in enumerate(zip(subject.training.spec.layers, subject.chain.places, strict=True)):
        layer, known = subject.chain.layers[place], traits.get_layer(component.name)
        activation = name_activation(layer)
        yield TracedLayer(
            index,
            component.name,
            activation,
            find_formula("layer", component.name, activation),
            tuple(passes.get_input(place).shape[1:]),
            passes.get_output(place),
            layer.count_params(),
            known.drops or known.adds_noise,
        )


def _strip(spec: Spec) -> Spec:
    """The spec without what takes time and changes no number of a step: XLA and summaries; and without augmentation."""
    return replace(spec, train=replace(spec.train, xla=False, tensorboard=False, augment=()))
