"""How well the classes can be told apart by what a layer or an embedding gives, by the nearest neighbours."""

import keras
import numpy as np
from numpy.typing import NDArray

from nnctl.data import Dataset
from nnctl.diagnosis.facts.baselines import thin_features
from nnctl.diagnosis.facts.network import NetworkFacts
from nnctl.diagnosis.facts.probes import Separation
from nnctl.engine.loop.training import Training
from nnctl.engine.probes.layers import find_users_layers

EXAMPLES = 800  # a half of them to know, a half to tell
NEIGHBOURS = 5


def measure_separation(training: Training, network: NetworkFacts, data: Dataset) -> tuple[Separation, ...]:
    """The layers without weights, each with how well its inputs and its outputs tell the classes; () where there are no classes.

    Args:
        training: the training, as it is after some steps.
        network: its layers, as the spec has them.
        data: the examples, in memory.
    """
    users = find_users_layers(training.model)
    if data.classes is None or len(users) != len(network.layers):
        return ()
    x, y = data.train.x[:EXAMPLES], data.decide(data.train)[:EXAMPLES]
    outputs = keras.Model(training.model.inputs, [users[0].input, *(layer.output for layer in users)]).predict(
        x, batch_size=100, verbose=0
    )
    told = [tell_apart(np.asarray(each, np.float32), y) for each in outputs]
    layers = enumerate(zip(network.layers, told, told[1:], strict=False))
    return tuple(Separation(index, before, after) for index, (layer, before, after) in layers if not layer.parameters)


def tell_apart(outputs: NDArray[np.float32], labels: NDArray[np.int32]) -> float:
    """The share of every second example whose class most of its nearest neighbours among the others have.

    Args:
        outputs: of shape (n, ...).
        labels: class indices of shape (n,).
    """
    flat = thin_features(outputs)
    spread = flat.std(axis=0)
    flat = (flat - flat.mean(axis=0)) / np.where(spread > 0, spread, 1)
    known, asked = flat[::2], flat[1::2]
    squares = np.square(known).sum(axis=1) - 2 * asked @ known.T
    nearest = labels[::2][np.argpartition(squares, min(NEIGHBOURS, len(known)) - 1, axis=1)[:, :NEIGHBOURS]]
    votes = np.stack([(nearest == label).sum(axis=1) for label in range(int(labels.max()) + 1)], axis=1)
    return float(np.mean(votes.argmax(axis=1) == labels[1::2]))


def find_neighbours(places: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The class of the example nearest to each in an embedding, by the angle between them: what an embedding is good for.

    The share of right ones is recall at 1 of image retrieval (Jegou et al. 2011; Sun et al. 2020, Circle Loss, 4.4).

    Args:
        places: float32 of shape (n, width); what is not finite is near to nothing.
        labels: the class of each, of shape (n,).

    Returns:
        The class of the nearest other example, -1 where there is none, and the class itself, of those examples whose class
        another one has.
    """
    lengths = np.linalg.norm(places, axis=1, keepdims=True)
    units = places / np.where(lengths > 0, lengths, 1)
    likeness = np.nan_to_num(units @ units.T, nan=-np.inf)
    np.fill_diagonal(likeness, -np.inf)
    nearest = likeness.argmax(axis=1)
    told = np.where(np.isfinite(likeness.max(axis=1)), labels[nearest], -1)
    shared = np.bincount(labels)[labels] > 1
    return told[shared], labels[shared]
