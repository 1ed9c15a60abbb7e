"""The small data sets that ship with scikit-learn."""

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from nnctl.data.source import Arrays, DataSource, Pair, Read, Report, StoredColumn, source
from nnctl.spec.sections import Data, DataFacts

_ORIGIN = "ships with scikit-learn"


@source(
    "digits",
    summary="1,797 handwritten digits, 8 x 8 pixels; needs no network",
    facts=DataFacts(shape=(8, 8), dtype="uint8", task="multiclass", outputs=10, train=1_797, zeros=True),
    takes_path=False,
    largest=16.0,  # pixels set in a block of 4 x 4: sklearn.datasets.load_digits
    class_names=tuple("0123456789"),
)
def digits(data: Data, report: Report) -> Arrays:
    """The test set of UCI's Optical Recognition of Handwritten Digits; whole numbers from 0 to 16, so kept as uint8."""
    import numpy as np

    # To import `sklearn.datasets`, whose `load_digits` reads this file, takes a second: longer than many a training.
    table = np.loadtxt(_find_folder() / "digits.csv.gz", np.uint8, delimiter=",")
    pair = Pair(table[:, :-1].reshape(-1, 8, 8), table[:, -1].astype(np.int32), "digits' x", "digits' y")
    return Arrays("Digits (8 x 8 pixels, not MNIST)", _ORIGIN, pair)


def _declare(
    name: str, summary: str, features: int, train: int, classes: tuple[str, ...] = ()
) -> Callable[[Read], DataSource]:
    """The decorator of a source of measures, a row an example, of classes or, if there are none, of a number each."""
    task = "binary" if len(classes) == 2 else "multiclass" if classes else "regression"
    facts = DataFacts((features,), "float32", task, len(classes) or 1, train)
    summary = f"{summary}; needs no network"
    named = {"class_names": classes} if classes else {"targets": ("progression",)}
    return source(name, summary=summary, facts=facts, takes_path=False, tables=True, **named)


@_declare("iris", "150 irises of 3 species, 4 measures of each", 4, 150, ("setosa", "versicolor", "virginica"))
def iris(data: Data, report: Report) -> Arrays:
    """Fisher's irises, in centimetres: The Use of Multiple Measurements in Taxonomic Problems, 1936."""
    return _load_table("Iris", data.source)


@_declare("wine", "178 wines of 3 growers, 13 chemical measures of each", 13, 178, ("class_0", "class_1", "class_2"))
def wine(data: Data, report: Report) -> Arrays:
    """UCI's Wine: https://archive.ics.uci.edu/dataset/109/wine"""
    return _load_table("Wine", data.source)


@_declare("breast_cancer", "569 tumours, malignant or benign, 30 measures of each", 30, 569, ("malignant", "benign"))
def breast_cancer(data: Data, report: Report) -> Arrays:
    """UCI's Breast Cancer Wisconsin (Diagnostic): https://archive.ics.uci.edu/dataset/17"""
    return _load_table("Breast cancer (Wisconsin, diagnostic)", data.source)


@_declare("diabetes", "442 patients, 10 measures of each, and how far diabetes went", 10, 442)
def diabetes(data: Data, report: Report) -> Arrays:
    """Efron, Hastie, Johnstone and Tibshirani, Least Angle Regression, 2004; measures in their own units."""
    return _load_table("Diabetes", data.source, scaled=False)


def _find_folder() -> Path:
    """Where scikit-learn keeps its data sets."""
    package = find_spec("sklearn")
    assert package is not None
    assert package.origin is not None
    return Path(package.origin).parent / "datasets" / "data"


def _load_table(title: str, source: str, **options: bool) -> Arrays:
    """A set of float64 measures as float32, with the names of its columns; classes as int32, numbers as float32.

    Args:
        title: what outputs call it.
        source: what follows `load_` in the name of the function of `sklearn.datasets` that loads it.
        **options: what this function is given.
    """
    import numpy as np
    from sklearn import datasets

    found: Any = getattr(datasets, f"load_{source}")(**options)
    name = title.lower()
    y = found.target.astype(np.int32 if found.target.dtype.kind == "i" else np.float32)
    columns = tuple(StoredColumn(str(feature)) for feature in found.feature_names)
    return Arrays(title, _ORIGIN, Pair(found.data.astype(np.float32), y, f"{name}'s x", f"{name}'s y", columns))
