"""Facts for rules, made of a spec and of arrays, without a file; and trials of fixes that end as told."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnctl.data import Dataset, Split, peek
from nnctl.diagnosis.confirm import Confirmation
from nnctl.diagnosis.facts.baselines import Baselines
from nnctl.diagnosis.facts.dataset import collect_dataset_facts
from nnctl.diagnosis.facts.facts import Facts
from nnctl.diagnosis.facts.network import collect_network_facts
from nnctl.diagnosis.facts.probes import Trial
from nnctl.diagnosis.finding import Edit, Finding, Fix
from nnctl.spec import load_spec
from nnctl.spec.network.trace import follow_network
from nnctl.spec.sections import DataFacts


def split(x: Any, y: Any) -> Split:
    return Split(np.asarray(x), np.asarray(y), np.arange(len(x)))


def made(x: Any, y: Any, test: Any = None, validation: Any = None) -> Dataset:
    """A data set of arrays; whole numbers are classes, floats are numbers to predict."""
    y = np.asarray(y)
    classes = y.dtype.kind in "iu"
    outputs = int(y.max()) + 1 if classes else 1
    task = ("binary" if outputs == 2 else "multiclass") if classes else "regression"
    parts = [None if part is None else split(*part) for part in (validation, test)]
    y = y.astype(np.int32 if classes else np.float32)
    return Dataset("npz", "npz", "made up", "", None, split(x, y), *parts, task, outputs, None, "")


@pytest.fixture
def facts(write: Callable[..., Path]) -> Callable[..., Facts]:
    """The facts of the usual spec with values set, and of the data given as arrays, if any."""

    def facts(*settings: str, data: Dataset | None = None, text: str | None = None) -> Facts:
        path = write() if text is None else write(text)
        overrides = [("--set", setting) for setting in settings]  # rules also tell of runs whose spec is refused today
        spec = load_spec(path, overrides, None if data else peek, trained=True)
        known = (
            peek(spec.data)
            if data is None
            else DataFacts(data.train.x.shape[1:], data.train.x.dtype.name, data.task, data.outputs)
        )
        network = collect_network_facts(follow_network(spec.layers, known.shape))
        spec = replace(spec, data=replace(spec.data, source="npz" if data else spec.data.source))
        return Facts(spec, known, network, None if data is None else collect_dataset_facts(spec, data))

    return facts


TRIAL = Trial("as it is", 100, True, (2.0, 1.0), 0.1, 0.1, False, 0.9, 1.0)


class _Measured:
    """Facts of which only the outcome is looked at."""

    def __init__(self, score: float) -> None:
        self.probe = type("Probe", (), {"reference": replace(TRIAL, score=score)})
        self.dataset = type("Dataset", (), {"baselines": Baselines("accuracy", 0.1, 0.9, 0.9)})


def finding(code: str, level: str, value: object = 1, path: tuple[str, ...] = ("train", "epochs")) -> Finding:
    return Finding("f", "e", path, "w", Fix((Edit(path, value),)), level=level, code=code)  # type: ignore[arg-type]


def trials(score: float, scores: dict[object, float]) -> Confirmation:
    """Trials that end as told: by the value that an edit sets, or by the sorted values of several."""

    def try_edits(edits: Sequence[Edit]) -> Trial | None:
        key = edits[0].value if len(edits) == 1 else tuple(sorted(str(edit.value) for edit in edits))
        return replace(TRIAL, score=scores[key]) if key in scores else None

    return Confirmation(_Measured(score), try_edits, 1000)  # type: ignore[arg-type]
