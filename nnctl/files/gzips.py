"""gzip (RFC 1952), unpacked on the way.

Python's own reader takes a member's name and comment byte by byte, and neither has a bound: ten seconds for 50 MB of them. Here
zlib passes over them, and a file has so many members at most.
"""

import zlib
from typing import BinaryIO

_GZIP = 31  # for zlib: a window of any size, in gzip's wrapping
_CHUNK = 1 << 16
_MEMBERS = 100_000  # bgzip makes one of each 64 KiB: 6 GB


class Gunzip:
    """What a gzip file holds, all its members behind one another; zeros behind the last are passed over, as gzip does.

    Args:
        packed: the file, open for reading.
    """

    def __init__(self, packed: BinaryIO) -> None:
        self._packed, self._left, self._members = packed, b"", 0
        self._member = zlib.decompressobj(_GZIP)

    def read(self, size: int) -> bytes:
        """The next `size` bytes, fewer at the end alone.

        Raises:
            EOFError: the file ends within a member.
            zlib.error: it is no gzip, or a checksum is not right.
            ValueError: it has more members than any file needs.
        """
        pieces, missing = list[bytes](), size
        while missing and (piece := self._unpack(missing)):
            pieces.append(piece)
            missing -= len(piece)
        return b"".join(pieces)

    def _unpack(self, most: int) -> bytes:
        """Some bytes, at least one; none at the end."""
        while not self._member.eof or self._begin():
            piece = self._member.decompress(self._left or self._packed.read(_CHUNK), most)
            self._left = self._member.unconsumed_tail or self._member.unused_data
            if piece:
                return piece
            if not (self._left or self._member.eof or self._fill()):
                raise EOFError("it ends too early")
        return b""

    def _begin(self) -> bool:
        """Goes on to the next member, if there is one."""
        while not (left := self._left.lstrip(b"\0")):
            if not self._fill():
                return False
        self._left, self._members = left, self._members + 1
        if self._members > _MEMBERS:
            raise ValueError(f"it has more than {_MEMBERS:,} members")
        self._member = zlib.decompressobj(_GZIP)
        return True

    def _fill(self) -> bytes:
        self._left = self._packed.read(_CHUNK)
        return self._left
