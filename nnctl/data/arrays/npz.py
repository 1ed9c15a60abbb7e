"""NumPy's npz files, read with distrust: sizes are compared before anything is allocated, no object is unpickled."""

import math
import os
import struct
import tokenize
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from nnctl import bounds
from nnctl.data.arrays.dtypes import find_dtype_problem
from nnctl.data.arrays.idx import DENSEST
from nnctl.data.arrays.npz_rows import Member, Opened
from nnctl.data.memory.available import afford
from nnctl.errors import DataError, Place, Problem
from nnctl.files import measure_list, open_regular
from nnctl.spelling import find_nearest

_SUFFIX = ".npy"
_PIECE = 1 << 24  # bytes that are read in one go
_LONGEST_ENTRY = 500  # bytes of a member's entry with a name that people would write
_ENCRYPTED = 0x1  # bit 0 of the general purpose flags, APPNOTE.TXT 4.4.4
_HEADERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}
_BROKEN = (ValueError, EOFError, zlib.error, zipfile.BadZipFile, RuntimeError, NotImplementedError, MemoryError)
# What NumPy's parser of headers lets out beside ValueError, found by mutating headers.
_UNPARSED = (SyntaxError, TypeError, tokenize.TokenError)


@dataclass(frozen=True, slots=True)
class NpyHeader:
    """What the header of a member declares, checked against the member's size."""

    name: str
    shape: tuple[int, ...]
    dtype: np.dtype[Any]

    @property
    def size(self) -> int:
        """Bytes of the array."""
        return math.prod(self.shape) * self.dtype.itemsize


def list_names(path: Path, place: Place | None) -> list[str]:
    """The names of a file's arrays.

    Raises:
        DataError: the file cannot be read, or is not an npz.
    """
    with _open(path, place) as archive:
        return list(_map_members(archive))


def read_headers(path: Path, wanted: Sequence[str], place: Place | None) -> dict[str, NpyHeader]:
    """The headers of some of a file's arrays.

    Raises:
        DataError: the file is not an npz, has no such array, or an array is not what its size or type allows.
    """
    with _open(path, place) as archive:
        members = _map_members(archive)
        return {name: _read_header(archive, members, name, path, place) for name in wanted}


def read_arrays(path: Path, wanted: Sequence[str], place: Place | None) -> dict[str, NDArray[Any]]:
    """Some of a file's arrays; zip's own checksums are compared on the way.

    Raises:
        DataError: as `read_headers` does, or the arrays do not fit into memory, or a member is damaged.
    """
    found = read_headers(path, wanted, place)
    afford(str(path), sum(header.size for header in found.values()), place)
    with _open(path, place) as archive:
        members = _map_members(archive)
        return {name: _load(archive, members[name], name, path, place) for name in wanted}


def find_member(path: Path, name: str, place: Place | None) -> Member | None:
    """One of a file's arrays as it lies on the disk, or None if it cannot be read row by row there.

    It can if it is not compressed (`numpy.savez`), of a row an example, and in this machine's byte order. Zip's checksum is
    compared, a block at a time.

    Raises:
        DataError: as `read_arrays` does.
    """
    header = read_headers(path, [name], place)[name]
    with _open(path, place) as archive:
        info = _map_members(archive)[name]
        with _open_member(archive, info, name, path, place) as member:
            _, columnwise, _ = _HEADERS[npy.read_magic(member)](member)
            begin = member.tell()
    compressed = info.compress_type != zipfile.ZIP_STORED
    if compressed or columnwise or len(header.shape) < 2 or not header.dtype.isnative or not hasattr(os, "preadv"):
        return None
    for _ in read_blocks(path, name, max(1, _PIECE // max(1, header.size // max(1, header.shape[0]))), place):
        pass
    return Member(
        Opened(path), _find_content(path, info) + begin, header.shape[1:], header.dtype, range(header.shape[0]), place
    )


def read_blocks(path: Path, name: str, rows: int, place: Place | None) -> Iterator[NDArray[Any]]:
    """One of a file's arrays in blocks of rows, of which one is in memory at a time.

    An array that is stored column by column (Fortran's order) is read as a whole.

    Raises:
        DataError: as `read_arrays` does; of a damaged member when its end is reached.
    """
    header = read_headers(path, [name], place)[name]
    with _open(path, place) as archive, _open_member(archive, _map_members(archive)[name], name, path, place) as member:
        _, columnwise, _ = _HEADERS[npy.read_magic(member)](member)
        if not columnwise:
            yield from _read_rows(member, header, rows)
            member.read(1)  # zip compares its checksum at the end
            return
    whole = read_arrays(path, [name], place)[name]
    yield from (whole[start : start + rows] for start in range(0, len(whole), rows))


def _find_content(path: Path, info: zipfile.ZipInfo) -> int:
    """The byte at which a member's content begins, behind its local header (APPNOTE.TXT 4.3.7)."""
    with path.open("rb") as file:
        file.seek(info.header_offset + 26)
        name, extra = struct.unpack("<HH", file.read(4))
    return int(info.header_offset + 30 + name + extra)


def _read_rows(member: IO[bytes], header: NpyHeader, rows: int) -> Iterator[NDArray[Any]]:
    one = math.prod(header.shape[1:])
    for start in range(0, header.shape[0], rows):
        count = min(rows, header.shape[0] - start)
        content = member.read(count * one * header.dtype.itemsize)
        yield np.frombuffer(content, header.dtype, count * one).reshape(count, *header.shape[1:])


@contextmanager
def _open(path: Path, place: Place | None) -> Iterator[zipfile.ZipFile]:
    with ExitStack() as opened:
        try:
            if not path.is_file():
                reason = "is a directory" if path.is_dir() else "is not a file"
                raise DataError(Problem("unreadable-data", f"{path} {reason}, expected an npz file", place))
            content = opened.enter_context(open_regular(path))
            if measure_list(content) > bounds.ARRAYS * _LONGEST_ENTRY:
                raise DataError(Problem("damaged-data", f"{path} holds more than {bounds.ARRAYS:,} arrays", place))
            archive = opened.enter_context(zipfile.ZipFile(content))
        except OSError as error:
            raise DataError(Problem("unreadable-data", f"{path} cannot be read: {error.strerror}", place)) from None
        except _BROKEN:
            hint = "numpy.savez_compressed(path, x=..., y=...) writes one"
            raise DataError(Problem("not-npz", f"{path} is not an npz file, or it is damaged", place, hint)) from None
        repeated = len(archive.namelist()) - len(set(archive.namelist()))
        if repeated:
            raise DataError(Problem("damaged-data", f"{path} holds two arrays of one name", place))
        yield archive


def _map_members(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    return {each.filename.removesuffix(_SUFFIX): each for each in archive.infolist() if each.filename.endswith(_SUFFIX)}


def _read_header(
    archive: zipfile.ZipFile, members: Mapping[str, zipfile.ZipInfo], name: str, path: Path, place: Place | None
) -> NpyHeader:
    if name not in members:
        near = find_nearest(name, members)
        hint = f"did you mean {near!r}?" if near else f"it holds {', '.join(members) or 'none'}"
        raise DataError(Problem("missing-array", f"{path} has no array {name!r}", place, hint))
    with _open_member(archive, members[name], name, path, place) as member:
        header = _parse_header(member, name)
        start = member.tell()
    if problem := find_dtype_problem(name, header.dtype, place):
        raise DataError(problem)
    if (problem := _find_size_problem(header, start, members[name], place)) is not None:
        raise DataError(problem)
    return header


def _parse_header(member: IO[bytes], name: str) -> NpyHeader:
    version = npy.read_magic(member)
    if version not in _HEADERS:
        raise ValueError(f"version {version} of the npy format is for records")
    shape, _, dtype = _HEADERS[version](member)
    if any(size < 0 for size in shape):
        raise ValueError("a negative size")
    return NpyHeader(name, shape, dtype)


def _find_size_problem(header: NpyHeader, start: int, member: zipfile.ZipInfo, place: Place | None) -> Problem | None:
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return Problem(
            "damaged-data", f"{header.name} is compressed as NumPy compresses nothing", place, "write the file again"
        )
    held = member.file_size - start
    most = member.compress_size * (DENSEST if member.compress_type == zipfile.ZIP_DEFLATED else 1)
    squeezed = member.file_size > most
    if header.size == held and not squeezed:
        return None
    what = f"{header.name} declares the shape {header.shape} of {header.dtype}, {header.size:,} bytes"
    real = f"but at most {most:,} can be in the file" if squeezed else f"but the file holds {held:,}"
    return Problem("damaged-data", f"{what}, {real}", place, "write the file again")


def _load(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, path: Path, place: Place | None) -> NDArray[Any]:
    with _open_member(archive, info, name, path, place) as member:
        array: NDArray[Any] = npy.read_array(member, allow_pickle=False)
        member.read(1)  # zip compares its checksum at the end
    return array


@contextmanager
def _open_member(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, path: Path, place: Place | None
) -> Iterator[IO[bytes]]:
    """A member opened for reading; whatever is wrong with its bytes becomes a problem."""
    if info.flag_bits & _ENCRYPTED:
        raise DataError(Problem("damaged-data", f"{name} in {path} is encrypted", place))
    try:
        with archive.open(info) as member:
            yield member
    except (*_BROKEN, *_UNPARSED, OSError) as error:
        message = f"{name} in {path} cannot be read: {error}"
        raise DataError(Problem("damaged-data", message, place, "write or download the file again")) from None
