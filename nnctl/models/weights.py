"""`model.weights.h5` as arrays: plain contiguous data inside the file, reached by hard links, and nothing else.

HDF5 can keep data in other files (external storage, virtual datasets, external links), run filters over them, and declare
arrays that take no room in the file. Each of these is refused before a value is read.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from nnctl.errors import NnctlError
from nnctl.models.graph import damage, refusal

DEEPEST = 16  # groups inside one another: layers/bidirectional/forward_layer/cell/vars has five
MOST_OBJECTS = 50_000
LONGEST_NAME = 200
_LAYOUTS = (h5py.h5d.CONTIGUOUS, h5py.h5d.COMPACT)
_BFLOAT16 = "bfloat16"  # which HDF5 has not: Keras keeps its bits as two opaque bytes, and says so in an attribute


@dataclass(frozen=True, slots=True)
class Weights:
    """The content of a weights file.

    Attributes:
        groups: the path of every group, each after the one that it lies in.
        arrays: the arrays by path, `layers/dense/vars/0`; float or whole numbers, or bits of bfloat16.
        bfloat16: the paths of those that hold bits of bfloat16.
    """

    groups: tuple[str, ...]
    arrays: dict[str, NDArray[Any]]
    bfloat16: frozenset[str]

    @property
    def count(self) -> int:
        """The number of values."""
        return sum(array.size for array in self.arrays.values())

    def find_not_finite(self) -> str | None:
        """The path of the first array that holds NaN or infinity, or None."""
        return next((path for path, array in self.arrays.items() if not self._is_finite(path, array)), None)

    def _is_finite(self, path: str, array: NDArray[Any]) -> bool:
        if path in self.bfloat16:  # eight bits of exponent, all set in NaN and infinity
            return bool(np.all((array.view(np.uint16) & 0x7F80) != 0x7F80))
        return array.dtype.kind != "f" or bool(np.all(np.isfinite(array)))


def read(content: bytes) -> Weights:
    """The arrays of a weights file.

    Args:
        content: the whole file.

    Raises:
        RunError: the file is damaged, or holds what no weights file of Keras's does.
    """
    try:
        with h5py.File(io.BytesIO(content), "r") as file:
            found = list(_Walk(len(content)).list_objects(file, "", 0))
            groups = tuple(path for path, each in found if isinstance(each, h5py.Group))
            sets = {path: each for path, each in found if isinstance(each, h5py.Dataset)}
            arrays = {path: each[()] for path, each in sets.items()}
            return Weights(groups, arrays, frozenset(path for path, each in sets.items() if _is_bfloat16(each)))
    except NnctlError:
        raise
    except Exception as error:  # whatever h5py raises of bytes that somebody else wrote, it is about them
        raise damage(f"its weights cannot be read ({str(error)[:100]})") from None


class _Walk:
    """Goes through a file once; every object may be reached in one way only, so that nothing is counted twice."""

    def __init__(self, room: int) -> None:
        self.room, self.seen = room, set[int]()

    def list_objects(self, group: Any, path: str, depth: int) -> Iterator[tuple[str, Any]]:
        """Each group and dataset below a group with its path."""
        if depth > DEEPEST:
            raise refusal(f"has weights in groups more than {DEEPEST} deep")
        for name in group:
            below = f"{path}/{name}" if path else name
            _require_hard_link(group, name, below)
            found = group[name]
            self._require_new(found, below)
            if isinstance(found, h5py.Dataset):
                self._require_plain(found, below)
            yield below, found
            if isinstance(found, h5py.Group):
                yield from self.list_objects(found, below, depth + 1)

    def _require_new(self, found: Any, path: str) -> None:
        address = h5py.h5o.get_info(found.id).addr
        if address in self.seen:
            raise refusal(f"has weights that are reached in two ways, {path[:100]!r}")
        self.seen.add(address)
        if len(self.seen) > MOST_OBJECTS:
            raise refusal(f"has more than {MOST_OBJECTS:,} weights")
        if not isinstance(found, (h5py.Group, h5py.Dataset)):
            raise refusal(f"has a type of its own among its weights, {path[:100]!r}")

    def _require_plain(self, found: Any, path: str) -> None:
        made = found.id.get_create_plist()
        if made.get_external_count() or found.is_virtual:
            raise refusal(f"keeps the weights {path[:100]!r} in another file")
        if made.get_layout() not in _LAYOUTS or made.get_nfilters():
            raise refusal(f"has compressed or scattered weights, {path[:100]!r}; Keras writes them plain")
        if not _is_plain(found) and not _is_bfloat16(found):
            raise refusal(f"has weights that are no plain numbers, {path[:100]!r}")
        size = found.size * found.dtype.itemsize
        if size != found.id.get_storage_size() or size > self.room:
            raise refusal(f"declares weights that are not in the file, {path[:100]!r} of shape {found.shape}")
        self.room -= size


def _require_hard_link(group: Any, name: str, path: str) -> None:
    if not isinstance(name, str) or len(name) > LONGEST_NAME or name in (".", "..") or not name.isprintable():
        raise refusal("has weights of a name that Keras does not give")
    if type(group.get(name, getlink=True)) is not h5py.HardLink:
        raise refusal(f"has weights that are a link, {path[:100]!r}")


def _is_plain(found: Any) -> bool:
    dtype = found.id.get_type()
    whole = isinstance(dtype, (h5py.h5t.TypeFloatID, h5py.h5t.TypeIntegerID))
    return whole and found.dtype.kind in "fiu" and found.dtype.itemsize in (1, 2, 4, 8) and found.shape is not None


def _is_bfloat16(found: Any) -> bool:
    """Whether a dataset says that its two bytes are a bfloat16; of its attributes only this one is read, if it is short."""
    if "dtype" not in found.attrs or found.dtype.str != "|V2" or found.shape is None:
        return False
    held = h5py.h5a.open(found.id, b"dtype")
    if held.get_storage_size() > 64 or held.shape not in ((), None):
        raise refusal("has weights with an attribute that Keras does not give")
    return str(found.attrs["dtype"]) == _BFLOAT16
