"""What is tried of the settings of a network that learns nothing."""

import math
from collections.abc import Callable
from dataclasses import replace

import pytest

from nnctl.diagnosis import Facts
from nnctl.diagnosis.facts.probes import Trial
from nnctl.diagnosis.rules.index import RULES
from tests.diagnosis.conftest import made

from ..conftest import CLASSES, GOOD, PLAIN, PROBE, X


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        (["data.scale=none"], "R01"),
        (["train.optimizer=sgd"], "R05"),
        (["train.learning_rate=0.5"], "R05"),
        ([], "R07"),
        (["train.batch_size=256"], "R08"),
    ],
)
def test_what_is_tried_of_a_network_that_learns_nothing(
    found: Callable[..., set[str]], settings: list[str], code: str
) -> None:
    assert code in found(*PLAIN, *settings)
    assert code not in found(*PLAIN, *settings, reference=GOOD)


LEARNED = replace(GOOD, train_score=0.9)  # not all of what it is shown
BEHIND = replace(LEARNED, score=0.5, train_score=0.5)  # of baselines that reach little
SETTLED = replace(LEARNED, losses=(2.3, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2))


@pytest.mark.parametrize(
    ("trial", "codes"),
    [
        (GOOD, set()),
        (LEARNED, set()),
        (BEHIND, {"R16"}),
        (replace(BEHIND, whole=False), set()),  # of a training that goes on nobody knows where it ends
        (SETTLED, {"R15"}),
        (replace(SETTLED, diverged=True, score=0.0, losses=(2.3, math.inf)), {"R15"}),
    ],
)
def test_steps_that_do_not_settle_and_trainings_that_end_too_soon(
    found: Callable[..., set[str]], trial: Trial, codes: set[str]
) -> None:
    assert found(*PLAIN, reference=trial) & {"R15", "R16"} == codes


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        (["train.optimizer=sgd", "train.learning_rate=null"], "sgd at 0.01"),  # Keras's own
        (["train.optimizer=sgd", "train.learning_rate=0.2"], "sgd at 0.2"),
        (
            ["train.optimizer=sgd", "train.learning_rate={cosine_decay: {initial_learning_rate: 0.1}}"],
            "sgd at a cosine_decay from 0.1",
        ),
    ],
)
def test_the_rate_of_the_optimizer_that_gets_nowhere_is_told(
    facts: Callable[..., Facts], settings: list[str], told: str
) -> None:
    known = replace(facts(*PLAIN, *settings, data=made(X, CLASSES)), probe=PROBE)
    (finding,) = RULES["R05"].apply(known)
    assert finding.found == told
