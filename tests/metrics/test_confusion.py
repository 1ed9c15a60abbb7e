import numpy as np
import pytest
from sklearn import metrics as sk

from nnctl.metrics import confusion

ROUND = {"abs": 1e-12, "rel": 1e-12}
CASES = {
    "random": {},
    "many": {"k": 10, "n": 1000},
    "two": {"k": 2},
    "tied": {"levels": 1},
    "never-true": {"never_true": 2},
    "never-predicted": {"never_predicted": 1},
    "neither": {"never_true": 3, "never_predicted": 3},
    "few": {"k": 10, "n": 4},
}


@pytest.fixture(params=CASES)
def drawn(request, draw):
    return draw(**CASES[request.param])


@pytest.fixture
def matrix(drawn):
    return confusion.compute_confusion(drawn.target, drawn.predicted, len(drawn.class_names))


def test_matrix(drawn, matrix):
    labels = range(len(drawn.class_names))
    assert matrix.tolist() == sk.confusion_matrix(drawn.target, drawn.predicted, labels=labels).tolist()
    assert matrix.dtype == np.int64


def test_per_class(drawn, matrix):
    labels = range(len(drawn.class_names))
    *wanted, support = sk.precision_recall_fscore_support(drawn.target, drawn.predicted, labels=labels, zero_division=0)
    counts = confusion.count_one_against_rest(matrix)
    assert counts[2].tolist() == support.tolist()
    for found, known in zip(confusion.compute_per_class(*counts).values(), wanted, strict=True):
        assert found == pytest.approx(known, **ROUND)


@pytest.mark.parametrize("average", ["macro", "micro", "weighted"])
def test_averages(drawn, matrix, average):
    found = confusion.compute_averages(*confusion.count_one_against_rest(matrix))
    for name in ("precision", "recall", "f1"):
        known = getattr(sk, f"{name}_score")(drawn.target, drawn.predicted, average=average, zero_division=0)
        assert found[f"{name}_{average}"] == pytest.approx(known, **ROUND)


@pytest.mark.filterwarnings("ignore:y_pred contains classes not in y_true")
def test_single_numbers(drawn, matrix):
    truth, said = drawn.target, drawn.predicted
    assert confusion.compute_balanced_accuracy(matrix) == pytest.approx(
        sk.balanced_accuracy_score(truth, said), **ROUND
    )
    assert confusion.compute_matthews_correlation(matrix) == pytest.approx(sk.matthews_corrcoef(truth, said), **ROUND)
    assert confusion.compute_kappa(matrix) == pytest.approx(sk.cohen_kappa_score(truth, said), **ROUND)


def test_one_class_everywhere():
    matrix = np.array([[7, 0], [0, 0]])
    assert confusion.compute_matthews_correlation(matrix) == 0.0
    assert confusion.compute_kappa(matrix) is None
    assert confusion.compute_balanced_accuracy(matrix) == 1.0


def test_always_the_same_answer():
    matrix = np.array([[7, 0], [3, 0]])
    assert confusion.compute_matthews_correlation(matrix) == 0.0
    assert confusion.compute_kappa(matrix) == 0.0
    assert confusion.compute_balanced_accuracy(matrix) == 0.5


@pytest.mark.parametrize(("right", "n"), [(0, 10), (10, 10), (1, 1), (981, 1000), (9437, 10000), (1, 3)])
def test_wilson_against_scipy(right, n):
    from scipy.stats import binomtest

    known = binomtest(right, n).proportion_ci(0.95, method="wilson")
    assert confusion.compute_wilson_interval(right, n) == pytest.approx((known.low, known.high), **ROUND)
