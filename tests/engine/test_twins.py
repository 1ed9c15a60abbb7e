"""Networks written by hand in plain Keras, and again as specs: they have the same weights to learn, and learn as well."""

import shutil
from pathlib import Path
from statistics import mean
from types import ModuleType

import keras
import numpy as np
import pytest

from nnctl import metrics
from nnctl.data import Dataset, load, peek
from nnctl.engine.scoring import predict_split
from nnctl.spec import load_spec

from .conftest import Quiet, trainable
from .twins import colour, labels, regression, sequence, tabular

HERE = Path(__file__).parent / "twins"
SEEDS = (1, 2, 3)
SPLITS = ("train", "validation", "test")
# Of each network the score that tells most, and the least by which the range of the hand-written seeds is widened.
TWINS = {
    "tabular": (tabular, "log_loss", 0.02),
    "regression": (regression, "r2", 0.01),
    "colour": (colour, "accuracy", 0.01),
    "sequence": (sequence, "accuracy", 0.02),
    "labels": (labels, "subset_accuracy", 0.01),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The specs, and 1,000 of scikit-learn's digits in colours of their own, 16 x 16 pixels, on a darker ground."""
    from sklearn.datasets import load_digits

    found, random = load_digits(), np.random.default_rng(0)
    shape = found.images[:1000].repeat(2, axis=1).repeat(2, axis=2)[..., np.newaxis] / 16
    ink, ground = random.uniform(120, 255, (len(shape), 1, 1, 3)), random.uniform(0, 100, (len(shape), 1, 1, 3))
    x = np.clip(ground + (ink - ground) * shape + random.normal(0, 20, (len(shape), 16, 16, 3)), 0, 255)
    np.savez(tmp_path / "colour.npz", x=x.astype(np.uint8), y=found.target[:1000])
    for path in HERE.glob("*.yaml"):
        shutil.copy(path, tmp_path)
    return tmp_path


def by_nnctl(path: Path, score: str, seed: int) -> tuple[float, int, Dataset]:
    """The score on test of a spec trained with a seed, the number of its weights, and the data."""
    spec = load_spec(path, [("--seed", f"seed={seed}")], peek)
    dataset = load(spec.data, lambda label, share: None)
    training = trainable(spec, dataset)
    assert training.run(Quiet()) == "done"
    assert training.restore_best()
    assert dataset.test is not None
    scores = metrics.score(*predict_split(training.model, training.targets, dataset, dataset.test)).overall
    return float(scores[score]), training.model.count_params(), dataset  # type: ignore[arg-type]


def by_hand(program: ModuleType, dataset: Dataset) -> tuple[list[float], int]:
    """The scores of a program on the same rows, a seed each, and the number of its weights.

    One model is compiled, and begins for each seed with what a new one has: Keras takes longer to compile than to train these.
    """
    splits = {name: (each.x, each.y) for name in SPLITS if (each := getattr(dataset, name)) is not None}
    model, scores = program.made(), []
    for seed in SEEDS:
        keras.utils.set_random_seed(seed)
        for mine, fresh in zip(variables(model), variables(program.made()), strict=True):
            mine.assign(fresh)
        scores.append(program.score(model, splits))
    return scores, model.count_params()


def variables(model: keras.Model) -> list[keras.Variable]:
    """What a model and its optimizer hold."""
    model.optimizer.build(model.trainable_variables)
    return [*model.variables, *model.optimizer.variables]


@pytest.mark.parametrize("name", TWINS)
def test_a_spec_is_its_program(name: str, folder: Path) -> None:
    """The mean of nnctl's seeds lies in the range of the program's, widened on both sides by its own width."""
    program, score, least = TWINS[name]
    trained = [by_nnctl(folder / f"{name}.yaml", score, seed) for seed in SEEDS]
    ours, weights, dataset = [told for told, _, _ in trained], trained[0][1], trained[0][2]
    hand, theirs = by_hand(program, dataset)
    print(f"{name}: {score}, nnctl {ours}, by hand {hand}, {weights:,} weights")
    assert weights == theirs
    room = max(max(hand) - min(hand), least)
    assert min(hand) - room <= mean(ours) <= max(hand) + room, f"nnctl {ours}, by hand {hand}"
