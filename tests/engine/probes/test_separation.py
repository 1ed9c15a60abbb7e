from collections.abc import Callable

import numpy as np
import pytest
from sklearn.neighbors import KNeighborsClassifier, NearestNeighbors

from nnctl.diagnosis.facts.network import collect_network_facts
from nnctl.engine.loop.training import Training
from nnctl.engine.probes.separation import find_neighbours, measure_separation, tell_apart


def test_it_is_what_the_nearest_neighbours_tell() -> None:
    random = np.random.default_rng(0)
    labels = random.integers(0, 3, 301).astype(np.int32)
    outputs = (random.normal(size=(301, 2, 3)) + labels[:, None, None]).astype(np.float32)
    flat = (outputs.reshape(301, 6) - outputs.reshape(301, 6).mean(axis=0)) / outputs.reshape(301, 6).std(axis=0)
    known = KNeighborsClassifier(5).fit(flat[::2], labels[::2])
    assert tell_apart(outputs, labels) == pytest.approx(known.score(flat[1::2], labels[1::2]), abs=0.01)  # but for ties
    assert tell_apart(np.zeros((301, 4), np.float32), labels) < 0.5


def test_a_pool_of_everything_and_a_normalised_length_lose_what_tells(training: Callable[..., Training]) -> None:
    made = training("model.layers.1={flatten: {}}", "train.xla=false")
    found = measure_separation(made, collect_network_facts(made.plan.network), made.dataset)
    assert all(one.before == one.after > 0.8 for one in found)
    head = "{dense: {units: 10, activation: softmax}}"
    layers = f"[{{conv2d: {{filters: 2, kernel_size: 1}}}}, {{max_pooling2d: {{pool_size: 8}}}}, flatten, {head}]"
    made = training(f"model.layers={layers}", "train.xla=false")
    pool, flat = measure_separation(made, collect_network_facts(made.plan.network), made.dataset)
    assert (pool.index, flat.index) == (1, 2)
    assert pool.before > 0.8 > 0.5 > pool.after == flat.before == flat.after


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
