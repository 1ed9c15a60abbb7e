"""CIFAR-10 and CIFAR-100, 60,000 small photographs each: Krizhevsky, Learning Multiple Layers of Features, 2009."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

from nnctl.bounds import MIB
from nnctl.data.download import Remote, fetch_file, find_kept
from nnctl.data.source import Arrays, Pair, Report, find_place, source
from nnctl.errors import DataError, Place, Problem
from nnctl.spec.sections import Data, DataFacts

_SERVER = "https://www.cs.toronto.edu/~kriz/"
# The binary versions, which are no pickles; the digests are those of TensorFlow Datasets:
# https://github.com/tensorflow/datasets/blob/master/tensorflow_datasets/url_checksums/cifar10.txt, and cifar100.txt
TEN = Remote(
    "cifar-10-binary.tar.gz", "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd", 200 * MIB, _SERVER
)
HUNDRED = Remote(
    "cifar-100-binary.tar.gz", "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec", 200 * MIB, _SERVER
)
# What Keras 3 keeps (a folder in a folder, and its archive), what Keras 2 kept, and the archives as their author offers them.
KEPT = {
    "cifar10": (
        *("cifar-10-batches-py-target/cifar-10-batches-py", "cifar-10-batches-py", "cifar-10-batches-bin"),
        *("cifar-10-binary.tar.gz", "cifar-10-python.tar.gz", "cifar-10-batches-py.tar.gz"),
        "cifar-10-batches-py-target_archive",
    ),
    "cifar100": (
        *("cifar-100-python-target/cifar-100-python", "cifar-100-python", "cifar-100-binary"),
        *("cifar-100-binary.tar.gz", "cifar-100-python.tar.gz", "cifar-100-python-target_archive"),
    ),
}
_COUNTS = {"train": 50_000, "test": 10_000}
_FACTS = DataFacts(shape=(32, 32, 3), dtype="uint8", task="multiclass", outputs=10, train=_COUNTS["train"])
CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
# In the order of their author's `coarse_label_names.txt` and `fine_label_names.txt`, which is that of the alphabet.
COARSE = (
    *("aquatic_mammals", "fish", "flowers", "food_containers", "fruit_and_vegetables"),
    *("household_electrical_devices", "household_furniture", "insects", "large_carnivores"),
    *("large_man-made_outdoor_things", "large_natural_outdoor_scenes", "large_omnivores_and_herbivores"),
    *("medium_mammals", "non-insect_invertebrates", "people", "reptiles", "small_mammals", "trees", "vehicles_1"),
    "vehicles_2",
)
FINE = (
    *("apple", "aquarium_fish", "baby", "bear", "beaver", "bed", "bee", "beetle", "bicycle", "bottle", "bowl", "boy"),
    *("bridge", "bus", "butterfly", "camel", "can", "castle", "caterpillar", "cattle", "chair", "chimpanzee"),
    *("clock", "cloud", "cockroach", "couch", "crab", "crocodile", "cup", "dinosaur", "dolphin", "elephant"),
    *("flatfish", "forest", "fox", "girl", "hamster", "house", "kangaroo", "keyboard", "lamp", "lawn_mower"),
    *("leopard", "lion", "lizard", "lobster", "man", "maple_tree", "motorcycle", "mountain", "mouse", "mushroom"),
    *("oak_tree", "orange", "orchid", "otter", "palm_tree", "pear", "pickup_truck", "pine_tree", "plain", "plate"),
    *("poppy", "porcupine", "possum", "rabbit", "raccoon", "ray", "road", "rocket", "rose", "sea", "seal", "shark"),
    *("shrew", "skunk", "skyscraper", "snail", "snake", "spider", "squirrel", "streetcar", "sunflower"),
    *("sweet_pepper", "table", "tank", "telephone", "television", "tiger", "tractor", "train", "trout", "tulip"),
    *("turtle", "wardrobe", "whale", "willow_tree", "wolf", "woman", "worm"),
)


def _peek(data: Data) -> tuple[DataFacts, bool]:
    """The facts under the labels that are asked for; how many examples a path holds is its own affair."""
    outputs = 10 if data.source == "cifar10" else 20 if data.options.get("classes") == "coarse" else 100
    return replace(_FACTS, outputs=outputs, train=None if data.path else _FACTS.train), True


@source(
    "cifar10",
    summary="60,000 colour photographs in 10 classes, 32 x 32 pixels",
    facts=_FACTS,
    own_test=True,
    largest=255.0,
    class_names=CLASSES,
    files=(TEN.file,),
    kept=KEPT["cifar10"],
    peek=_peek,
)
def cifar10(data: Data, report: Report) -> Arrays:
    """The binary archive, what Keras keeps, or the folder or archive in `data.path`."""
    return _read_arrays("CIFAR-10", TEN, "labels", CLASSES, data, report)


@source(
    "cifar100",
    summary="60,000 colour photographs in 100 classes (20 coarse ones), 32 x 32 pixels",
    facts=replace(_FACTS, outputs=100),
    own_test=True,
    largest=255.0,
    class_names=FINE,
    files=(HUNDRED.file,),
    kept=KEPT["cifar100"],
    peek=_peek,
)
def cifar100(data: Data, report: Report, *, classes: Annotated[str, "'fine'|'coarse'"] = "fine") -> Arrays:
    """The binary archive, what Keras keeps, or the folder or archive in `data.path`.

    Args:
        data: the section.
        report: told of the download.
        classes: `fine` for the 100 classes, `coarse` for the 20 that they are grouped in.
    """
    return _read_arrays("CIFAR-100", HUNDRED, f"{classes}_labels", FINE if classes == "fine" else COARSE, data, report)


def _read_arrays(title: str, remote: Remote, labels: str, names: tuple[str, ...], data: Data, report: Report) -> Arrays:
    from nnctl.data.arrays.cifar import FORMATS, read_cifar

    where = find_place(data, "path")
    path = data.path or find_kept(*KEPT[data.source]) or fetch_file(remote, report, where)
    found = read_cifar(path, FORMATS[labels], where)
    if data.path is None:
        _check_counts(title, path, {part: len(y) for part, (_, y) in found.items()}, where)
    train, test = (Pair(*found[part], f"x of {part}", f"y of {part}") for part in ("train", "test"))
    named = title if data.path is None else f"{title} as in {data.path.name}"
    return Arrays(named, str(path), train, test, class_names=names)


def _check_counts(title: str, path: Path, counts: dict[str, int], where: Place | None) -> None:
    for part, count in counts.items():
        if count != _COUNTS[part]:
            message = f"{path} holds {count:,} examples for {part}, and {title} has {_COUNTS[part]:,}"
            raise DataError(Problem("wrong-data", message, where, "remove it, and it is downloaded again"))
