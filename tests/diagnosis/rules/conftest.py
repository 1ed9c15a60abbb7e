"""Facts of runs and of probes, as the rules of both see them, made without a training."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from nnctl.diagnosis import Facts, apply_rules
from nnctl.diagnosis.facts.baselines import Baselines
from nnctl.diagnosis.facts.probes import LayerProbe, Overfit, ProbeFacts, Trial
from nnctl.diagnosis.facts.run import RunFacts
from nnctl.diagnosis.rules.index import RULES
from nnctl.runs.diagnostics import Check, LayerCheck
from tests.diagnosis.conftest import made

Course = Callable[..., Facts]
# The loss and the accuracy of a training that goes well, and of one that learns nothing.
WELL = [2.0 * 0.7**i + 0.05 for i in range(20)]
RIGHT = [0.95 - 0.8 * 0.7**i for i in range(20)]
FLAT, LOW = [2.3 - 1e-4 * i for i in range(20)], [0.1 + 1e-3 * i for i in range(20)]


def rows(losses: list[float], accuracies: list[float], held: list[float] | None = None) -> list[dict[str, float]]:
    found = []
    for i, (loss, accuracy) in enumerate(zip(losses, accuracies, strict=True)):
        row = {"epoch": i + 1, "step": 100 * (i + 1), "loss": loss, "accuracy": accuracy}
        found.append(row | ({} if held is None else {"val_loss": held[i], "val_accuracy": accuracy}))
    return found


def looks(gradients: tuple[float, float] = (0.1, 0.1), dead: Any = (0, 0, 0), saturated: float = 0) -> list[Check]:
    return [
        Check(
            i + 1,
            100 * (i + 1),
            0.1,
            0.0,
            {},
            (
                LayerCheck(1, "dense", gradients[0], 1e-3, share, saturated),
                LayerCheck(2, "dense", gradients[1], 1e-3, 0, 0),
            ),
        )
        for i, share in enumerate(dead)
    ]


@pytest.fixture
def course(facts: Callable[..., Facts]) -> Course:
    """The facts of a run of the usual spec, whose baselines are 0.1 and 0.9."""

    def course(history: list[dict[str, float]], *settings: str, **of: Any) -> Facts:
        x = np.random.default_rng(0).normal(size=(300, 8, 8)).astype(np.float32)
        found = facts(f"train.epochs={len(history)}", *settings, data=made(x, np.arange(300) % 10))
        assert found.dataset is not None
        dataset = replace(found.dataset, baselines=Baselines("accuracy", 0.1, 0.9, 0.9))
        run = RunFacts(**{"status": "done", "history": history, "best_epoch": len(history), "validation": 400, **of})
        return replace(found, dataset=dataset, run=run)

    return course


def told(facts: Facts) -> set[str]:
    """The loud findings of the stage of runs."""
    return {one.code for one in apply_rules(facts) if one.loud and RULES[one.code].stage == "run"}


def told_of_success(course: Course, bad: dict[str, Any]) -> set[str]:
    """What is told of a bad course whose model reaches the baselines all the same."""
    history = [{**row, "accuracy": 0.95} for row in bad["history"]]
    return told(course(**{**bad, "history": history, "scores": {"accuracy": 0.94}}))


X = np.random.default_rng(0).normal(size=(400, 5)).astype(np.float32)
CLASSES = np.digitize(X[:, 0], np.quantile(X[:, 0], np.arange(1, 10) / 10))
CODES = [code for code in RULES if code[0] in "PR"]
BAD = Trial("as it is", 100, True, (2.3, 2.3), 0.1, 0.1, False, 0.9, 1.0)
GOOD = replace(BAD, losses=(2.3, 0.2), score=0.95, train_score=0.97)
LAYER = LayerProbe(1, 0.1, 0.2, 0.5, 0.0, 0.0, 1e-3, 0.1, 1e-3)
LAYERS = (LAYER, replace(LAYER, index=2))
PROBE = ProbeFacts(2.3, 2.302, LAYERS, LAYERS, BAD, Overfit(32, (("adam", 1.0, True),)), None, 1.0)
FAILED = Overfit(32, (("sgd of the spec", 0.2, False), ("adam at 0.001", 0.2, False)))
# Of a network whose spec leaves hardly anything to be tried.
PLAIN = ("train.optimizer=adam", "train.learning_rate=0.001", "model.layers.1.dense.units=128", "data.scale=standard")


@pytest.fixture
def found(facts: Callable[..., Facts]) -> Callable[..., set[str]]:
    """The codes that speak, of probes with values replaced."""

    def found(*settings: str, **seen: object) -> set[str]:
        known = replace(facts(*settings, data=made(X, CLASSES)), probe=replace(PROBE, **seen))
        return {one.code for code in CODES for one in RULES[code].apply(known)}

    return found
