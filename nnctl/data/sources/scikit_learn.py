"""The small data sets that ship with scikit-learn."""

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nnctl.data.source import Arrays, Pair, Report, StoredColumn, source
from nnctl.spec.sections import Data, Facts

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_ORIGIN = "ships with scikit-learn"


@source(
    "digits",
    summary="1,797 handwritten digits, 8 x 8 pixels; needs no network",
    facts=Facts(shape=(8, 8), dtype="uint8", task="multiclass", outputs=10, train=1_797),
    takes_path=False,
    largest=16.0,  # pixels set in a block of 4 x 4: sklearn.datasets.load_digits
    class_names=tuple("0123456789"),
)
def digits(data: Data, report: Report) -> Arrays:
    """The test set of UCI's Optical Recognition of Handwritten Digits; whole numbers from 0 to 16, so kept as uint8."""
    import numpy as np

    table = _digits()
    pair = Pair(table[:, :-1].reshape(-1, 8, 8), table[:, -1].astype(np.int32), "digits' x", "digits' y")
    return Arrays("Digits (8 x 8 pixels, not MNIST)", _ORIGIN, pair)


@source(
    "iris",
    summary="150 irises of 3 species, 4 measures of each; needs no network",
    facts=Facts(shape=(4,), dtype="float32", task="multiclass", outputs=3, train=150),
    class_names=("setosa", "versicolor", "virginica"),
    takes_path=False,
    tables=True,
)
def iris(data: Data, report: Report) -> Arrays:
    """Fisher's irises, in centimetres: The Use of Multiple Measurements in Taxonomic Problems, 1936."""
    from sklearn.datasets import load_iris

    return _table("Iris", load_iris())


@source(
    "wine",
    summary="178 wines of 3 growers, 13 chemical measures of each; needs no network",
    facts=Facts(shape=(13,), dtype="float32", task="multiclass", outputs=3, train=178),
    class_names=("class_0", "class_1", "class_2"),
    takes_path=False,
    tables=True,
)
def wine(data: Data, report: Report) -> Arrays:
    """UCI's Wine: https://archive.ics.uci.edu/dataset/109/wine"""
    from sklearn.datasets import load_wine

    return _table("Wine", load_wine())


@source(
    "breast_cancer",
    summary="569 tumours, malignant or benign, 30 measures of each; needs no network",
    facts=Facts(shape=(30,), dtype="float32", task="binary", outputs=2, train=569),
    class_names=("malignant", "benign"),
    takes_path=False,
    tables=True,
)
def breast_cancer(data: Data, report: Report) -> Arrays:
    """UCI's Breast Cancer Wisconsin (Diagnostic): https://archive.ics.uci.edu/dataset/17"""
    from sklearn.datasets import load_breast_cancer

    return _table("Breast cancer (Wisconsin, diagnostic)", load_breast_cancer())


@source(
    "diabetes",
    summary="442 patients, 10 measures of each, and how far diabetes went; needs no network",
    facts=Facts(shape=(10,), dtype="float32", task="regression", outputs=1, train=442),
    takes_path=False,
    tables=True,
)
def diabetes(data: Data, report: Report) -> Arrays:
    """Efron, Hastie, Johnstone and Tibshirani, Least Angle Regression, 2004; measures in their own units."""
    from sklearn.datasets import load_diabetes

    return _table("Diabetes", load_diabetes(scaled=False))


def _digits() -> "NDArray[np.uint8]":
    """Pixels and class of each digit, uint8 of shape (1797, 65), out of the file that `sklearn.datasets.load_digits` reads:
    to import that takes a second, longer than the training of many a small network.
    """
    import numpy as np

    package = find_spec("sklearn")
    assert package is not None
    assert package.origin is not None
    return np.loadtxt(Path(package.origin).parent / "datasets" / "data" / "digits.csv.gz", np.uint8, delimiter=",")


def _table(title: str, found: Any) -> Arrays:
    """A set of float64 measures as float32, with the names of its columns; classes as int32, numbers as float32."""
    import numpy as np

    name = title.lower()
    y = found.target.astype(np.int32 if found.target.dtype.kind == "i" else np.float32)
    columns = tuple(StoredColumn(str(feature)) for feature in found.feature_names)
    return Arrays(title, _ORIGIN, Pair(found.data.astype(np.float32), y, f"{name}'s x", f"{name}'s y", columns))
