"""How long a zip's list of members is, before Python's reader makes an object of each."""

import os
import re
import struct
from typing import BinaryIO

_END = 66_000  # bytes of the end of an archive, a comment and zip64 included


def measure_list(content: BinaryIO) -> int:
    """The bytes of an archive's list of members, which is read as a whole: the most that its end may declare.

    APPNOTE.TXT 4.3.16: the end of central directory record, before a comment of at most 65,535 bytes; and 4.3.14, its zip64 form.
    """
    size = content.seek(0, os.SEEK_END)
    content.seek(max(0, size - _END))
    tail = content.read(_END)
    places = [match.start() for match in re.finditer(rb"PK\x05\x06", tail) if match.start() + 16 <= len(tail)]
    declared = [struct.unpack_from("<I", tail, at + 12)[0] for at in places]
    wide = [match.start() for match in re.finditer(rb"PK\x06\x06", tail) if match.start() + 48 <= len(tail)]
    declared += [struct.unpack_from("<Q", tail, at + 40)[0] for at in wide]
    content.seek(0)
    return max((each for each in declared if each <= size), default=0)  # more than there is, the reader refuses
