"""The reader of weights: the one place where nnctl reads HDF5, a program of its own that `confined` starts as a process.

HDF5's library is written in C: files that somebody made up have crashed it, kept it busy without end and filled the memory.
So it reads them in a process that holds nothing and, before it is given a byte, gives up what harm could be done with: memory
beyond that of the file, processor time, the writing and opening of files, sockets and new processes. HDF5 can keep data in
other files (external storage, virtual datasets, external links), run filters over them, and declare arrays that take no room
in the file. Each of these is refused before a value is read, and attributes are not looked at, whatever they are of.

It imports nothing of nnctl, so that it starts in a tenth of a second wherever nnctl lies. It reads the file on its standard
input and answers on its standard output: `MARK`, the length of a document (8 bytes, little-endian), the document (JSON:
`arrays`, a list of path, type and shape; or `refused` or `damaged`, and why), and the values of the arrays, one after another.
"""

import contextlib
import io
import itertools
import json
import math
import platform
import resource
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

sys.path += (
    sys.argv[3:] if __name__ == "__main__" else []
)  # where nnctl has found them, if it is not where Python looks
# h5py asks for the processor, and Python would start `uname -p` for it: whatever lies first in the folders of PATH.
vars(platform.uname()).setdefault("processor", platform.machine())

import h5py  # noqa: E402
import numpy as np  # noqa: E402
from numpy.typing import NDArray  # noqa: E402

MARK = b"reads"  # what `confined` waits for
DEEPEST = 16  # groups inside one another: layers/bidirectional/forward_layer/cell/vars has five
MOST_OBJECTS = 50_000
LONGEST_NAME = 200
_LAYOUTS = (h5py.h5d.CONTIGUOUS, h5py.h5d.COMPACT)
_BFLOAT16 = "|V2"  # which HDF5 has not: Keras keeps its bits as two opaque bytes
_COPIES = 2  # the file, and its arrays
_BESIDE = 256 * 2**20  # bytes: what HDF5 and Python take for themselves; 50,000 arrays take 80 MiB


class RefusedError(Exception):
    """The file holds what no weights file of Keras's does."""


def main(size: int, seconds: int) -> None:
    """Reads `size` bytes of the standard input in at most `seconds` of processor time, and answers."""
    _rehearse()
    _confine(_COPIES * size + _BESIDE, seconds)
    answer = sys.stdout.buffer
    answer.write(MARK)
    answer.flush()
    arrays: dict[str, NDArray[Any]] = {}
    told: dict[str, Any]
    try:
        arrays = read_arrays(sys.stdin.buffer.read(size))
        told = {"arrays": [(path, array.dtype.str, array.shape) for path, array in arrays.items()]}
    except RefusedError as error:
        told = {"refused": str(error)}
    except MemoryError:
        told = {"damaged": "its weights take more memory than a file of its size should"}
    except Exception as error:  # whatever h5py raises of bytes that somebody else wrote, it is about them
        told = {"damaged": f"its weights cannot be read ({ascii(str(error)[:100])[1:-1]})"}
    _write(answer, json.dumps(told).encode(), arrays)


def _write(answer: BinaryIO, document: bytes, arrays: dict[str, NDArray[Any]]) -> None:
    answer.write(len(document).to_bytes(8, "little") + document)
    for array in arrays.values():
        answer.write(array.reshape(-1).view(np.uint8).data)
    answer.flush()


def _rehearse() -> None:
    """Reads a file of its own: what h5py imports and opens only when it is used is there before nothing can be opened."""
    content = io.BytesIO()
    with h5py.File(content, "w") as file:
        file["group/array"] = np.zeros(2, np.float32)
        file["group/opaque"] = np.zeros(2, _BFLOAT16)
    read_arrays(content.getvalue())


def _confine(memory: int, seconds: int) -> None:
    """Gives up, for good, what reading does without: more memory, time, files, sockets, processes and traces of a crash.

    With no descriptor left, neither a file nor a socket can be opened; those that are open stay. A core may have one byte,
    which no system writes: with none, Linux still hands it to a program that collects them (core(5)).
    """
    limits = {"NOFILE": (0, 0), "FSIZE": (0, 0), "NPROC": (0, 0), "CORE": (1, 1), "CPU": (seconds, seconds + 1)}
    used = Path("/proc/self/statm")
    if used.exists():  # elsewhere the size of the address space says nothing of the memory that is used
        taken = int(used.read_text(encoding="ascii").split()[0]) * resource.getpagesize()
        limits["AS"] = (taken + memory, taken + memory)
    for name, (soft, hard) in limits.items():
        kind = getattr(resource, f"RLIMIT_{name}")
        most = resource.getrlimit(kind)[1]
        known = most != resource.RLIM_INFINITY
        with contextlib.suppress(ValueError, OSError):  # what a system does not bound
            resource.setrlimit(kind, (min(soft, most), min(hard, most)) if known else (soft, hard))


def read_arrays(content: bytes) -> dict[str, NDArray[Any]]:
    """The arrays of a weights file by path, `layers/dense/vars/0`: float or whole numbers, or bits of bfloat16.

    Raises:
        RefusedError: it holds what no weights file of Keras's does.
        Exception: whatever h5py says of a file that is none.
    """
    arrays, places, room = {}, [], len(content)
    with h5py.File(io.BytesIO(content), "r") as file:
        for path, found in _list_sets(file, "", 0, itertools.count(1)):
            _require_plain(found, path, room)
            arrays[path] = np.ascontiguousarray(found[()]).reshape(found.shape)
            room -= arrays[path].nbytes
            if found.size and (begin := found.id.get_offset()):  # none where the values lie beside their description
                places.append((begin, begin + arrays[path].nbytes, path))
    _require_apart(places)
    return arrays


def _list_sets(group: Any, path: str, depth: int, counter: Iterator[int]) -> Iterator[tuple[str, Any]]:
    """Each dataset below a group with its path. Groups that hold themselves end at the bounds of depth and number."""
    if depth > DEEPEST:
        raise RefusedError(f"has weights in groups more than {DEEPEST} deep")
    for name in group:
        if next(counter) > MOST_OBJECTS:
            raise RefusedError(f"has more than {MOST_OBJECTS:,} weights")
        below = f"{path}/{name}" if path else name
        _require_hard_link(group, name, below)
        found = group[name]
        if isinstance(found, h5py.Group):
            yield from _list_sets(found, below, depth + 1, counter)
        elif isinstance(found, h5py.Dataset):
            yield below, found
        else:
            raise RefusedError(f"has a type of its own among its weights, {below[:100]!r}")


def _require_hard_link(group: Any, name: str, path: str) -> None:
    if not isinstance(name, str) or len(name) > LONGEST_NAME or name in (".", "..") or not name.isprintable():
        raise RefusedError("has weights of a name that Keras does not give")
    if group.id.links.get_info(name.encode()).type != h5py.h5l.TYPE_HARD:
        raise RefusedError(f"has weights that are a link, {path[:100]!r}")


def _require_plain(found: Any, path: str, room: int) -> None:
    made = found.id.get_create_plist()
    if made.get_external_count() or made.get_layout() == h5py.h5d.VIRTUAL:
        raise RefusedError(f"keeps the weights {path[:100]!r} in another file")
    if made.get_layout() not in _LAYOUTS or made.get_nfilters():
        raise RefusedError(f"has compressed or scattered weights, {path[:100]!r}; Keras writes them plain")
    if not _is_number(found):
        raise RefusedError(f"has weights that are no plain numbers, {path[:100]!r}")
    size = math.prod(found.shape) * found.dtype.itemsize
    if size != found.id.get_storage_size() or size > room:
        raise RefusedError(f"declares weights that are not in the file, {path[:100]!r} of shape {found.shape}")


def _is_number(found: Any) -> bool:
    kind = found.id.get_type()
    if isinstance(kind, h5py.h5t.TypeOpaqueID):
        return kind.get_size() == 2 and found.shape is not None and found.dtype.str == _BFLOAT16
    whole = isinstance(kind, (h5py.h5t.TypeFloatID, h5py.h5t.TypeIntegerID))
    return whole and found.shape is not None and found.dtype.kind in "fiu" and found.dtype.itemsize in (1, 2, 4, 8)


def _require_apart(places: list[tuple[int, int, str]]) -> None:
    """Refuses arrays that share bytes of the file: one that is reached in two ways, or one that lies in another."""
    for (_, end, _), (begin, _, path) in itertools.pairwise(sorted(places)):
        if begin < end:
            raise RefusedError(f"has weights that are reached in two ways, {path[:100]!r}")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
