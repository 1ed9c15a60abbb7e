"""Toy sets to learn and to test with: points in the plane, functions and sequences, drawn anew from `data.split_seed`."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Annotated

from nnctl.data.source import Arrays, DataSource, Pair, Read, Report, source
from nnctl.spec.sections import Data, DataFacts

SAMPLES = 1_000
LENGTH = 20
Samples = Annotated[int, "int>=10,<=10000000"]
Noise = Annotated[float, "float>=0,<=1000"]
Classes = Annotated[int, "int>=2,<=100"]
Length = Annotated[int, "int>=2,<=10000"]
_LABELS = {"venn": ("A", "B", "C"), "temporal_order": ("XX", "XY", "YX", "YY")}


def _peek(facts: DataFacts, data: Data) -> tuple[DataFacts, bool]:
    """The facts of a set under the options that are given."""
    samples, classes = data.options.get("samples", SAMPLES), data.options.get("classes", facts.outputs)
    assert isinstance(samples, int)
    assert isinstance(classes, int)
    task = facts.task if facts.task in ("regression", "multilabel") else _infer_task(classes)
    length = data.options.get("length")
    shape = (length,) if isinstance(length, int) else facts.shape
    return replace(facts, shape=shape, train=samples, outputs=classes, task=task), False


def _declare(
    name: str, summary: str, outputs: int, task: str | None = None, features: int = 2, dtype: str = "float32"
) -> Callable[[Read], DataSource]:
    """The decorator of a toy source; whole numbers are symbols, which are not standardised."""
    facts = DataFacts((features,), dtype, task or _infer_task(outputs), outputs, SAMPLES)
    tables = dtype == "float32"
    return source(name, summary=summary, facts=facts, takes_path=False, tables=tables, peek=partial(_peek, facts))


def _infer_task(classes: int) -> str:
    return "binary" if classes == 2 else "multiclass"


@_declare("blobs", "points in round heaps, one a class", 3)
def blobs(
    data: Data, report: Report, *, samples: Samples = SAMPLES, noise: Noise = 1.0, classes: Classes = 3
) -> Arrays:
    """`classes` heaps around a circle; `noise` is their deviation, where neighbours of three are 7 apart."""
    return _draw_arrays("Blobs", data, samples, noise, classes, names=_number_classes(classes))


@_declare("moons", "points of two half circles that reach into each other", 2)
def moons(data: Data, report: Report, *, samples: Samples = SAMPLES, noise: Noise = 0.1) -> Arrays:
    """Two half circles of radius 1; `noise` is the deviation of the points from them."""
    return _draw_arrays("Moons", data, samples, noise, names=_number_classes(2))


@_declare("circles", "points of two circles, one inside the other", 2)
def circles(data: Data, report: Report, *, samples: Samples = SAMPLES, noise: Noise = 0.1) -> Arrays:
    """Circles of radius 1 and 1/2; `noise` is the deviation of the points from them."""
    return _draw_arrays("Circles", data, samples, noise, names=_number_classes(2))


@_declare("xor", "points in a square, opposite quarters of one class", 2)
def xor(data: Data, report: Report, *, samples: Samples = SAMPLES, noise: Noise = 0.0) -> Arrays:
    """The problem that one layer cannot solve (Minsky and Papert, 1969); `noise` moves points over the borders."""
    return _draw_arrays("XOR", data, samples, noise, names=_number_classes(2))


@_declare("spirals", "points of spiral arms, one a class", 2)
def spirals(
    data: Data, report: Report, *, samples: Samples = SAMPLES, noise: Noise = 0.02, classes: Classes = 2
) -> Arrays:
    """`classes` arms of length 1; `noise` is the deviation of the points from them."""
    return _draw_arrays("Spirals", data, samples, noise, classes, names=_number_classes(classes))


@_declare("venn", "points in a square, and in which of three overlapping circles each lies", 3, "multilabel")
def venn(data: Data, report: Report, *, samples: Samples = SAMPLES, noise: Noise = 0.0) -> Arrays:
    """Several labels an example; `noise` moves points over the borders."""
    return _draw_arrays("Venn", data, samples, noise, names=_LABELS["venn"])


@_declare("temporal_order", "sequences of symbols, the order of two of which is the class", 4, None, LENGTH, "int32")
def temporal_order(data: Data, report: Report, *, samples: Samples = SAMPLES, length: Length = LENGTH) -> Arrays:
    """Whole numbers from 0 to 5, for an `embedding`; `length` of them are an example."""
    return _draw_arrays("Temporal order", data, samples, length, names=_LABELS["temporal_order"])


@_declare("line", "numbers on a straight line, with noise", 1, "regression", features=1)
def line(data: Data, report: Report, *, samples: Samples = SAMPLES, noise: Noise = 0.1) -> Arrays:
    """2x + 1; `noise` is the deviation from it."""
    return _draw_arrays("Line", data, samples, noise)


@_declare("sine", "numbers on a wave, with noise", 1, "regression", features=1)
def sine(data: Data, report: Report, *, samples: Samples = SAMPLES, noise: Noise = 0.1) -> Arrays:
    """sin x over one period; `noise` is the deviation from it."""
    return _draw_arrays("Sine", data, samples, noise)


@_declare("friedman", "a function of 5 of 10 features, with noise", 1, "regression", features=10)
def friedman(data: Data, report: Report, *, samples: Samples = SAMPLES, noise: Noise = 1.0) -> Arrays:
    """Friedman's first function of 1991, from about 0 to 30; `noise` is the deviation from it."""
    return _draw_arrays("Friedman 1", data, samples, noise)


def _number_classes(classes: int) -> tuple[str, ...]:
    return tuple(map(str, range(classes)))


def _draw_arrays(title: str, data: Data, *options: float, names: tuple[str, ...] | None = None) -> Arrays:
    """A set as its formula draws it, which is called as the source is."""
    from nnctl.data.sources.formulas import FORMULAS, Draw

    x, y = FORMULAS[data.source](Draw(data.split_seed), *options)
    return Arrays(title, "drawn from split_seed", Pair(x, y, f"{title}' x", f"{title}' y"), class_names=names)
