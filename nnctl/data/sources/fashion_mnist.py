"""Fashion-MNIST, Zalando's 70,000 pictures of clothes in MNIST's format: Xiao, Rasul and Vollgraf, arXiv:1708.07747."""

from dataclasses import replace
from pathlib import Path

from nnctl.bounds import MIB
from nnctl.data.download import Remote, fetch_file
from nnctl.data.source import Arrays, Pair, Report, find_place, source
from nnctl.errors import DataError, Place, Problem
from nnctl.spec.sections import Data, DataFacts

FACTS = DataFacts(shape=(28, 28), dtype="uint8", task="multiclass", outputs=10, train=60_000)
CLASSES = (
    *("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat"),
    *("Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"),
)
# Keras gives no digests. These are of Zalando's own files, which have the names and sizes of those on Keras's server;
# PyTorch's md5 digests are of the same files: torchvision/datasets/mnist.py, class FashionMNIST.
FILES = {
    "x_train": Remote(
        "fashion-mnist/train-images-idx3-ubyte.gz",
        "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
        28 * MIB,
    ),
    "y_train": Remote(
        "fashion-mnist/train-labels-idx1-ubyte.gz",
        "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
        MIB,
    ),
    "x_test": Remote(
        "fashion-mnist/t10k-images-idx3-ubyte.gz",
        "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
        6 * MIB,
    ),
    "y_test": Remote(
        "fashion-mnist/t10k-labels-idx1-ubyte.gz",
        "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
        MIB,
    ),
}
_COUNTS = {"train": 60_000, "test": 10_000}


def _peek(data: Data) -> tuple[DataFacts, bool]:
    """The facts of the folder in `data.path`; how many examples it holds is not known before its files are unpacked."""
    assert data.path is not None
    _find_files(data.path, find_place(data, "path"))
    return replace(FACTS, train=None), True


@source(
    "fashion_mnist",
    summary="70,000 pictures of clothes in 10 classes, 28 x 28 pixels",
    facts=FACTS,
    own_test=True,
    largest=255.0,
    class_names=CLASSES,
    files=tuple(remote.file for remote in FILES.values()),
    peek=_peek,
)
def fashion_mnist(data: Data, report: Report) -> Arrays:
    """The four files in Keras's cache, or those of the same names in the folder `data.path`."""
    where = find_place(data, "path")
    if data.path is not None:
        paths = _find_files(data.path, where)
    else:
        paths = {name: fetch_file(remote, report, where) for name, remote in FILES.items()}
    train, test = (_read_pair(paths, part, where, exact=data.path is None) for part in ("train", "test"))
    title = "Fashion-MNIST" if data.path is None else f"Fashion-MNIST as in {data.path.name}"
    return Arrays(title, str(paths["x_train"].parent), train, test)


def _find_files(folder: Path, where: Place | None) -> dict[str, Path]:
    """The four files of a folder, all of which must be there."""
    paths = {name: folder / Path(remote.file).name for name, remote in FILES.items()}
    missing = [path.name for path in paths.values() if not path.is_file()]
    if missing:
        message = f"{folder} is not a folder of Fashion-MNIST: there is no {missing[0]} in it"
        raise DataError(Problem("wrong-data", message, where))
    return paths


def _read_pair(paths: dict[str, Path], part: str, where: Place | None, exact: bool) -> Pair:
    from nnctl.data.arrays.idx import read_idx

    x, y = read_idx(paths[f"x_{part}"], (28, 28), where), read_idx(paths[f"y_{part}"], (), where)
    if exact and len(x) != _COUNTS[part]:
        message = f"{paths[f'x_{part}']} holds {len(x):,} pictures, and Fashion-MNIST has {_COUNTS[part]:,}"
        raise DataError(Problem("wrong-data", message, where, "remove the file, and it is downloaded again"))
    return Pair(x, y, paths[f"x_{part}"].name, paths[f"y_{part}"].name)
