from collections.abc import Callable
from dataclasses import replace

import numpy as np
from sklearn.neighbors import NearestNeighbors

from nnctl.engine.loop.steps import make_order
from nnctl.engine.loop.training import Training
from nnctl.engine.probes.trial import Bout, find_neighbours


def test_a_trial_takes_the_very_steps_of_the_training(training: Callable[..., Training]) -> None:
    made = training("model.layers.1={dropout: 0.5}", "train.batch_size=100", "train.epochs=3", "train.xla=false")
    bout = Bout(made.spec, replace(made.dataset, test=None), "as it is")
    bout.run(3 * made.steps.per_epoch)
    for epoch in range(3):
        made.steps.begin(make_order(made.spec.seed, epoch, made.steps.examples, made.spec.train.shuffle))
        made.steps.run(0, made.steps.per_epoch)
    assert made.steps.examples % made.steps.batch_size  # or no batch would be a partial one
    both = (bout.training.model.trainable_variables, made.model.trainable_variables)
    assert all((a.numpy() == b.numpy()).all() for a, b in zip(*both, strict=True))
    assert bout.step == 3 * made.steps.per_epoch


def test_the_nearest_example_in_an_embedding_answers_for_it() -> None:
    random = np.random.default_rng(0)
    labels = random.integers(0, 3, 60)
    places = (np.eye(3)[labels] * 1.5 + random.normal(size=(60, 3))).astype(np.float32)
    told, true = find_neighbours(places, labels)
    known = NearestNeighbors(n_neighbors=2, metric="cosine").fit(places).kneighbors(places)[1][:, 1]
    assert (told == labels[known]).all()
    assert (true == labels).all()


def test_an_example_of_a_class_of_its_own_has_no_neighbour_to_find_and_nan_is_near_to_nothing() -> None:
    places = np.array([[1, 0], [1, 0.1], [np.nan, 1], [0, 1], [0, 0.9]], np.float32)
    told, true = find_neighbours(places, np.array([0, 0, 1, 2, 1]))
    assert (told.tolist(), true.tolist()) == ([0, 0, -1, 2], [0, 0, 1, 1])
