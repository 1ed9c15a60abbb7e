"""The zip of a `.keras` file: exactly the three members that Keras writes, stored as they are, whole.

Keras stores its members uncompressed, so nothing that is opened here is ever inflated.
"""

import stat
import struct
import zipfile
import zlib
from pathlib import Path
from typing import BinaryIO, NamedTuple

from nnctl import bounds
from nnctl.data.memory.available import MOST, measure_available
from nnctl.files import measure_list, open_regular
from nnctl.files.formats import BEGIN, ZIP, name_weights_format
from nnctl.models.graph import damage, refusal

LARGEST_CONFIG = 16 * 2**20  # bytes; the mean and variance of each value of a 300 x 300 colour image take 12 MiB
LARGEST_METADATA = 64 * 2**10
_MEMBERS = ("metadata.json", "config.json", "model.weights.h5")
_ENCRYPTED = 0x1  # bit 0 of the general purpose flags, APPNOTE.TXT 4.4.4
_BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, ValueError, EOFError, RuntimeError, NotImplementedError)
# The weights are held four times: as the member's bytes and as arrays, here and by the process that reads them.
_COPIES = 4


class Members(NamedTuple):
    """The content of the members that matter."""

    config: bytes
    weights: bytes


def read_members(path: Path) -> Members:
    """The members of a model file, their checksums compared.

    Raises:
        RunError: the file is no regular file, is not such an archive, is damaged, or does not fit into memory.
        OSError: the file cannot be read.
    """
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise refusal(f"is {'a folder' if stat.S_ISDIR(status.st_mode) else 'no regular file'}, not a .keras file")
    try:
        with open_regular(path) as content, _open_zip(content) as archive:
            _require_members(archive.infolist(), status.st_size)
            return Members(archive.read("config.json"), archive.read("model.weights.h5"))
    except _BROKEN as error:
        raise damage(str(error) or type(error).__name__) from None


def _open_zip(content: BinaryIO) -> zipfile.ZipFile:
    begin = content.read(BEGIN)
    if (name := name_weights_format(begin)) is not None:
        raise refusal(f"is {name} under another name: only .keras is opened")
    if not begin.startswith(ZIP):  # a zip may follow other content; Keras's own never does
        raise damage("it does not begin as one")
    if (size := measure_list(content)) > bounds.MODEL_MEMBERS:
        raise refusal(f"has a list of members of {size:,} bytes, and Keras writes {len(_MEMBERS)} members")
    return zipfile.ZipFile(content)


def _require_members(found: list[zipfile.ZipInfo], size: int) -> None:
    names = [member.filename for member in found]
    if sorted(names) != sorted(_MEMBERS):
        odd = next((name for name in names if name not in _MEMBERS or names.count(name) > 1), None)
        raise refusal(
            "lacks a member" if odd is None else f"has a member {odd[:100]!r} that Keras does not write there"
        )
    limits = {"config.json": LARGEST_CONFIG, "metadata.json": LARGEST_METADATA}
    for member in found:
        if member.flag_bits & _ENCRYPTED:
            raise refusal(f"has an encrypted member, {member.filename}")
        if member.external_attr >> 16 and not _is_plain(member.external_attr >> 16):
            raise refusal(f"has a member that is a link or a device, {member.filename}")
        if member.compress_type != zipfile.ZIP_STORED or member.file_size != member.compress_size:
            raise refusal(f"has a compressed member, {member.filename}; Keras stores them as they are")
        if member.file_size > limits.get(member.filename, size):
            raise refusal(f"has a {member.filename} of {member.file_size:,} bytes")
    if sum(member.file_size for member in found) > size:
        raise refusal("has members that overlap")
    room = measure_available()
    if room is not None and _COPIES * size > MOST * room:
        raise refusal(f"takes {_COPIES * size:,} bytes of memory, more than is free")


def _is_plain(mode: int) -> bool:
    return stat.S_IFMT(mode) in (0, stat.S_IFREG)
