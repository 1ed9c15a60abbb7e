"""Where the pixels of images are kept while a network is trained: in memory, decoded in a file, or in the images alone."""

from dataclasses import replace
from typing import Any

import numpy as np

from nnctl.data.dataset import Counting, Split
from nnctl.data.images.pictures import Pictures
from nnctl.data.images.stored import measure_room, store_images
from nnctl.data.memory.available import afford, measure_available
from nnctl.data.source import Report

# Of the memory that is free: TensorFlow makes a copy of what is held, and the network needs its own.
SHARE = 0.25


def keep_images(splits: dict[str, Split | None], report: Report) -> dict[str, Split | None]:
    """The splits with their images decoded into arrays, or into a file, or as they are where neither has the room.

    Arrays may take a quarter of the memory that is free, the file a quarter of the disk that is, all splits together;
    `memory: hold`, `store` and `stream` decide otherwise.

    Raises:
        DataError: an image cannot be decoded, or `memory: hold` asks for more than there is.
    """
    examples: list[Any] = [split.x for split in splits.values() if split is not None]
    waiting = [x for x in examples if isinstance(x, Pictures)]
    how = _choose_memory(waiting)
    if how == "stream":
        return splits
    count = Counting(f"decoding {sum(map(len, waiting)):,} images", sum(map(len, waiting)), report)
    if how == "hold":
        return {name: None if split is None else _hold(split, count) for name, split in splits.items()}
    stored = iter(store_images(waiting, count.count_blocks))
    return {
        name: replace(split, x=next(stored)) if split is not None and isinstance(split.x, Pictures) else split
        for name, split in splits.items()
    }


def _choose_memory(pictures: list[Pictures]) -> str:
    """`hold`, `store` or `stream`.

    Raises:
        DataError: `memory: hold` asks for more than there is.
    """
    if not pictures:
        return "stream"
    size, one, free = sum(x.nbytes for x in pictures), pictures[0], measure_available()
    if one.memory == "hold" or (one.memory == "auto" and (free is None or size <= SHARE * free)):
        afford("the images", size, one.place)
        return "hold"
    return "store" if one.memory == "store" or (one.memory == "auto" and size <= measure_room()) else "stream"


def _hold(split: Split, count: Counting) -> Split:
    if not isinstance(split.x, Pictures):
        return split
    whole, start = np.empty(split.x.shape, split.x.dtype), 0
    for block in count.count_blocks(split.x.read_blocks()):
        whole[start : start + len(block)] = block
        start += len(block)
    return replace(split, x=whole)
