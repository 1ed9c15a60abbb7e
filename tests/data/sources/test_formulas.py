import numpy as np
import pytest
from sklearn.datasets import make_friedman1

from nnctl.data.sources.formulas import (
    Draw,
    _compute_friedman,
    blobs,
    circles,
    friedman,
    line,
    moons,
    sine,
    spirals,
    temporal_order,
    venn,
    xor,
)


def test_uniform_and_normal_numbers():
    draw = Draw(0)
    uniform, normal = draw.uniform(20_000), draw.normal(20_000, 2)
    assert 0 <= uniform.min() < 0.001
    assert 0.999 < uniform.max() < 1
    assert abs(uniform.mean() - 0.5) < 0.01
    np.testing.assert_allclose([normal.mean(), normal.std(), (normal**3).mean()], [0, 1, 0], atol=0.03)
    assert abs(np.corrcoef(normal.T)[0, 1]) < 0.02


def test_a_seed_means_the_same_points_for_ever():
    assert Draw(7).uniform(3).tolist() == Draw(7).uniform(3).tolist()
    assert Draw(7).uniform(3).tolist() != Draw(8).uniform(3).tolist()
    # Held fast: whoever changes the stream changes every result that was got with it.
    assert Draw(0).uniform(3).tolist() == [0.827913562385749, 0.2725662264411052, 0.3144882618180417]


def test_heaps_lie_around_their_centres():
    x, y = blobs(Draw(0), 3000, 0.5, 3)
    means = np.array([x[y == each].mean(axis=0) for each in range(3)])
    np.testing.assert_allclose(means, [[4, 0], [-2, 12**0.5], [-2, -(12**0.5)]], atol=0.1)
    np.testing.assert_allclose(x[y == 0].std(axis=0), 0.5, atol=0.03)
    assert (x.dtype, y.dtype) == (np.float32, np.int32)


def test_circles_and_moons_without_noise_lie_on_their_curves():
    x, y = circles(Draw(0), 100, 0)
    np.testing.assert_allclose(np.hypot(*x.T), np.where(y == 0, 1, 0.5), rtol=1e-6)
    x, y = moons(Draw(0), 100, 0)
    np.testing.assert_allclose(np.hypot(x[y == 0, 0], x[y == 0, 1]), 1, rtol=1e-6)
    assert (x[y == 0, 1] >= 0).all()
    np.testing.assert_allclose(np.hypot(x[y == 1, 0] - 1, x[y == 1, 1] - 0.5), 1, rtol=1e-6)
    assert (x[y == 1, 1] <= 0.5).all()


def test_xor_and_spirals():
    x, y = xor(Draw(0), 1000, 0)
    np.testing.assert_array_equal(y, (x[:, 0] * x[:, 1] < 0))
    x, y = spirals(Draw(0), 999, 0, 3)
    radius, angle = np.hypot(*x.T.astype(float)), np.arctan2(*x.T[::-1].astype(float))
    turned = (angle / (2 * np.pi) - radius - y / 3) % 1
    np.testing.assert_allclose(np.minimum(turned, 1 - turned), 0, atol=1e-4)


@pytest.mark.parametrize(
    ("function", "formula"),
    [
        (line, lambda x: 2 * x[:, 0] + 1),
        (sine, lambda x: np.sin(x[:, 0])),
    ],
)
def test_functions_and_their_noise(function, formula):
    x, y = function(Draw(0), 5000, 0)
    np.testing.assert_allclose(y, formula(x), atol=1e-6)
    x, y = function(Draw(0), 5000, 0.5)
    assert abs((y - formula(x)).std() - 0.5) < 0.02


def test_friedmans_function_is_that_of_scikit_learn():
    x, y = make_friedman1(50, random_state=0)
    np.testing.assert_allclose(_compute_friedman(x), y, rtol=1e-12)
    x, y = friedman(Draw(0), 50, 0)
    np.testing.assert_allclose(y, _compute_friedman(x.astype(float)), rtol=1e-5)


def test_circles_of_a_venn_diagram_overlap():
    x, y = venn(Draw(0), 5000, 0)
    assert (x.dtype, y.dtype, y.shape) == (np.float32, np.uint8, (5000, 3))
    assert np.abs(x).max() <= 1
    # The first circle stands above the middle; the three meet there, and no corner lies in any.
    np.testing.assert_array_equal(y[:, 0], np.hypot(x[:, 0], x[:, 1] - 0.4) < 0.6)
    assert (y[np.hypot(*x.T) < 0.2] == 1).all()
    assert len(np.unique(y, axis=0)) == 8


def test_the_marks_of_a_sequence_are_its_class_in_their_order():
    x, y = temporal_order(Draw(0), 400, 12)
    marks = np.array([row[row < 2] for row in x])
    assert marks.shape == (400, 2)
    np.testing.assert_array_equal(2 * marks[:, 0] + marks[:, 1], y)
    assert set(np.unique(x)) == set(range(6))
    first, last = (x < 2).argmax(axis=1), 11 - (x[:, ::-1] < 2).argmax(axis=1)
    assert (first.min(), first.max(), last.min(), last.max()) == (0, 10, 1, 11)
    assert np.bincount(y).tolist() == [100] * 4


def test_counting_symbols_cannot_tell_two_of_the_orders_apart():
    x, y = temporal_order(Draw(0), 4000, 12)
    counts = np.stack([(x == symbol).sum(axis=1) for symbol in range(6)], axis=1)
    both = counts[:, 0] == 1
    assert set(y[both]) == {1, 2}
    means = [counts[both & (y == each)].mean(axis=0) for each in (1, 2)]
    np.testing.assert_allclose(*means, atol=0.15)
