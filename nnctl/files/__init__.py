"""Files, read and written with distrust of the folders that they lie in."""

from nnctl.files.encodings import UTF8, find_encoding, guess_encoding, is_encoding, is_utf8
from nnctl.files.gzips import Gunzip
from nnctl.files.opening import hold, naming, open_regular, open_unfollowed, seal
from nnctl.files.reading import read_bounded, read_bytes, read_kept, read_text
from nnctl.files.writing import append_to, replace_atomically, sweep, write_text
from nnctl.files.zips import measure_list

__all__ = [
    "UTF8",
    "Gunzip",
    "append_to",
    "find_encoding",
    "guess_encoding",
    "hold",
    "is_encoding",
    "is_utf8",
    "measure_list",
    "naming",
    "open_regular",
    "open_unfollowed",
    "read_bounded",
    "read_bytes",
    "read_kept",
    "read_text",
    "replace_atomically",
    "seal",
    "sweep",
    "write_text",
]
