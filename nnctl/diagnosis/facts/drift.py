"""How test differs from train, before anything is scaled: in its examples by themselves, or in what goes with their labels."""

from collections.abc import Iterator, Sequence
from itertools import permutations
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from nnctl.diagnosis import thresholds
from nnctl.diagnosis.facts.ranges import name_feature

_SHIFTS = (-3, -2, -1, 1, 2, 3)


def describe_drift(
    train: NDArray[Any], test: NDArray[Any], tokens: bool, image: bool, names: Sequence[str] = ()
) -> tuple[str, ...]:
    """What sets test apart from train, a sentence each, that which explains most first; () for nothing that is seen.

    Args:
        train: training examples of shape (n, ...), as they are stored.
        test: test examples, likewise.
        tokens: whether they are sequences of indices.
        image: whether they are pictures.
        names: what the columns of a table are called, as far as they have names.
    """
    if tokens:
        return tuple(_describe_indices(train, test))
    wide, other = np.asarray(train, np.float64), np.asarray(test, np.float64)
    if image:
        return tuple(_describe_pictures(wide, other))
    return tuple(_describe_columns(wide.reshape(len(wide), -1), other.reshape(len(other), -1), names))


def _describe_indices(train: NDArray[Any], test: NDArray[Any]) -> Iterator[str]:
    """Indices that are shifted, or unlike in how often they occur: by total variation, beyond what two halves of train differ."""
    (low, high), (least, most) = ((int(x[x != 0].min(initial=x.max())), int(x.max())) for x in (train, test))
    if (moved := least - low) == most - high != 0 and min(train.size, test.size) > thresholds.SEEN_OFTEN * (high - low):
        way = "higher" if moved > 0 else "lower"
        yield f"the indices of test run from {least} to {most}, those of train from {low} to {high}: they are {abs(moved)} {way}"
        return
    size = int(max(train.max(), test.max())) + 1

    def count(x: NDArray[Any]) -> NDArray[np.float64]:
        counts = np.bincount(x.reshape(-1).astype(np.int64).clip(0), minlength=size).astype(np.float64)
        return np.asarray(counts / counts.sum(), np.float64)

    mine, theirs = count(train), count(test)
    chance = _compute_variation(count(train[::2]), count(train[1::2]))
    apart = _compute_variation(mine, theirs)
    if apart < thresholds.SHIFTED + 2 * chance:
        return
    shifts = {by: _compute_variation(mine, np.roll(theirs, -by)) for by in _SHIFTS}
    best = min(shifts, key=shifts.__getitem__)
    if shifts[best] < apart / thresholds.EXPLAINED:
        way = "higher" if best > 0 else "lower"
        yield f"the indices of test are {abs(best)} {way} than those of train: shifted back they occur as often"
    else:
        yield f"indices occur unlike as often in train and in test (a total variation of {apart:.2f})"


def _describe_pictures(train: NDArray[np.float64], test: NDArray[np.float64]) -> Iterator[str]:
    """Pictures with light and dark, or colours, exchanged; darker, lighter or of another range."""
    low, high = float(train.min()), float(train.max())
    spread = float(train.reshape(len(train), -1).mean(axis=1).std()) or 1.0
    mean, other = float(train.mean()), float(test.mean())
    if abs(other - (low + high - mean)) < spread < abs(other - mean) / thresholds.SPLIT_RATIO:
        yield f"light and dark are exchanged in test: its mean is {other:.4g}, that of train {mean:.4g}, of {low:g} to {high:g}"
        return
    if train.shape[-1] == 3 and train.ndim == 4:
        mine, theirs = train.mean(axis=(0, 1, 2)), test.mean(axis=(0, 1, 2))
        orders = {order: float(abs(mine - theirs[list(order)]).max()) for order in permutations(range(3))}
        best = min(orders, key=orders.__getitem__)
        asked = orders[0, 1, 2]
        if best != (0, 1, 2) and asked > spread and orders[best] < asked / thresholds.EXPLAINED:
            yield f"the channels of test stand in another order: {best} has the means of train's"
            return
    if abs(other - mean) > thresholds.SPLIT_RATIO * spread:
        yield f"the pictures of test have a mean of {other:.4g}, those of train of {mean:.4g}"


def _describe_columns(train: NDArray[np.float64], test: NDArray[np.float64], names: Sequence[str]) -> Iterator[str]:
    """The columns whose values are spread unlike: the statistic of Kolmogorov and Smirnov, beyond chance, the largest three."""
    if len(test) < thresholds.TEST_ROWS:
        return
    # Its critical value for one test in a thousand: Smirnov 1948.
    critical = 1.95 * float(np.sqrt((len(train) + len(test)) / (len(train) * len(test))))
    found = [(_compute_distance(a, b), index) for index, (a, b) in enumerate(zip(train.T, test.T, strict=True))]
    for distance, index in sorted(found, reverse=True)[:3]:
        if distance < max(thresholds.DRIFTED, critical):
            return
        named = name_feature(index, names)
        mine, theirs = (f"{column[:, index].mean():.4g}" for column in (train, test))
        yield f"{named} is spread unlike in train and test (means {mine} and {theirs}; Kolmogorov-Smirnov {distance:.2f})"


def _compute_variation(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    return float(abs(one - other).sum() / 2)


def _compute_distance(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """The largest distance of two empirical distribution functions."""
    values = np.concatenate((one, other))
    below = (np.searchsorted(np.sort(sample), values, side="right") / len(sample) for sample in (one, other))
    first, second = below
    return float(abs(first - second).max())


def describe_relations(
    train: tuple[NDArray[Any], NDArray[Any]],
    test: tuple[NDArray[Any], NDArray[Any]],
    tokens: bool,
    names: Sequence[str] = (),
) -> tuple[str, ...]:
    """What goes with other labels in test than in train: indices that stand for other things, columns that changed their sign.

    Args:
        train: examples of shape (n, ...) as they are stored, and their labels as numbers of shape (n, k): a column a class.
        test: likewise.
        tokens: whether examples are sequences of indices; what is asked of one is whether it occurs.
        names: what the columns of a table are called, as far as they have names.
    """
    if not tokens:
        return tuple(_describe_signs(train, test, names))
    order = np.random.Generator(np.random.Philox(0)).permutation(len(train[0]))
    halves = ((train[0][part], train[1][part]) for part in (order[::2], order[1::2]))
    size = int(max(train[0].max(), test[0].max())) + 1
    parts = [(_hold(x, size), y) for x, y in (*halves, test)]
    often = np.logical_and.reduce([held.sum(axis=0) >= thresholds.SEEN_OFTEN for held, _ in parts])
    if often.sum() < 2:
        return ()
    one, other, tested = (_relate_tokens(held, y)[often].reshape(-1) for held, y in parts)
    alike, unlike = _correlate(one, other), _correlate((one + other) / 2, tested)
    if alike < thresholds.RELATED or unlike > thresholds.HALFWAY * alike:
        return ()
    told = f"correlation {unlike:.2f}, of two halves of train {alike:.2f}"
    return (f"the indices go with other labels in test than in train ({told}): they stand for other things",)


def _describe_signs(
    train: tuple[NDArray[Any], NDArray[Any]], test: tuple[NDArray[Any], NDArray[Any]], names: Sequence[str]
) -> Iterator[str]:
    """The columns that grow with a label in train and fall with it in test, by more than chance; the largest three."""
    if len(test[0]) < thresholds.TEST_ROWS:
        return
    mine, theirs = (_relate_columns(x.reshape(len(x), -1), y) for x, y in (train, test))
    # The deviation of a correlation of n pairs that have nothing to do with each other is 1 / sqrt(n - 1).
    chance = thresholds.CHANCE_SIGMAS / np.sqrt(len(test[0]) - 1)
    turned = (mine * theirs < 0) & (np.minimum(abs(mine), abs(theirs)) > max(thresholds.RELATED, chance))
    apart = np.where(turned, abs(mine - theirs), 0.0)
    for index in np.argsort(-apart.max(axis=1))[: thresholds.NAMED]:
        label = int(apart[index].argmax())
        if apart[index, label]:
            said = f"{mine[index, label]:.2f} in train, {theirs[index, label]:.2f} in test"
            yield f"{name_feature(int(index), names)} goes with the labels the other way round (correlation {said})"


def _hold(x: NDArray[Any], size: int) -> Any:
    """Which sequences hold which indices, 0 or 1, sparse of shape (n, size); 0 pads and is held by none."""
    flat = x.reshape(len(x), -1).astype(np.int64).clip(0)
    rows, places = np.nonzero(flat)
    held = sparse.csr_array((np.ones(len(rows)), (rows, flat[rows, places])), shape=(len(x), size))
    return held.minimum(1.0)


def _relate_tokens(held: Any, y: NDArray[Any]) -> NDArray[np.float64]:
    """How far the mean label of the sequences that hold an index is from that of all, of shape (size, k)."""
    sums = held.T @ y.astype(np.float64) / np.maximum(held.sum(axis=0), 1)[:, None]
    return np.asarray(sums - y.mean(axis=0), np.float64)


def _relate_columns(x: NDArray[Any], y: NDArray[Any]) -> NDArray[np.float64]:
    """The correlations of columns and labels, of shape (features, k); 0 of what is constant."""
    one, other = (np.asarray(each, np.float64) - each.mean(axis=0, dtype=np.float64) for each in (x, y))
    sizes = np.sqrt(np.square(one).sum(axis=0))[:, None] * np.sqrt(np.square(other).sum(axis=0))[None]
    return np.asarray(one.T @ other / np.where(sizes > 0, sizes, 1), np.float64)


def _correlate(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    return float(_relate_columns(one[:, None], other[:, None])[0, 0])
