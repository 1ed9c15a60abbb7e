"""What people call the splits: in the names of folders and arrays, and in the cells of a table."""

import re
from collections.abc import Collection

SPLITS = ("train", "validation", "test")
HELD_OUT = "held out"
"""What is called so is validation, or, where validation has a name of its own, test: see `settle`."""

WORDS = {
    "train": ("train", "training"),
    "validation": ("validation", "valid", "val", "dev", "devel", "development"),
    "test": ("test", "testing"),
    HELD_OUT: ("eval", "evaluation", "holdout", "heldout"),
}
_MEANINGS = {word: split for split, words in WORDS.items() for word in words}
# What stands beside the word and says nothing: training_set, train_images, seg_train, TestData, val2017.
_FILLERS = ("dataset", "data", "subset", "set", "split", "images", "image", "imgs", "img", "pictures", "photos", "seg")
_PLAIN = re.compile("[A-Za-z0-9 ._-]+")
_PIECE = re.compile("[A-Z]*[a-z]+|[A-Z]+")


def find_split(name: str) -> str | None:
    """The split that a name means: `train`, `validation`, `test` or `HELD_OUT`; None if it means none.

    Capitals, what stands between words, numbers, and words such as `set` and `images` make no difference.
    """
    if not _PLAIN.fullmatch(name):
        return None
    pieces = [piece.lower() for piece in _PIECE.findall(name)]
    return _MEANINGS.get("".join(_strip(piece) for piece in pieces if piece not in _FILLERS))


def settle(split: str, found: Collection[str | None]) -> str:
    """The split that is meant among others that were found: `HELD_OUT` is validation, or test where there is one of that."""
    if split != HELD_OUT:
        return split
    return "test" if "validation" in found else "validation"


def _strip(piece: str) -> str:
    """A word without a filler that it ends with, as in `trainset`."""
    rest = next((piece.removesuffix(filler) for filler in _FILLERS if piece.endswith(filler)), piece)
    return rest if rest in _MEANINGS else piece
