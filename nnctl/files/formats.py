"""What a file of weights is that is no `.keras` file, by its first bytes; nothing of it is opened or run."""

BEGIN = 256  # bytes that are looked at: the name of a zip's first member stands among them
ZIP = b"PK\x03\x04"  # what a `.keras` file begins with
_MAGICS = {
    b"\x89HDF": "an HDF5 file, Keras's old format",
    b"\x80": "a pickle",
    b"\x93NUMPY": "an array of NumPy's",
}
_MEMBERS = {b"data.pkl": "a file of PyTorch's, which holds a pickle", b".npy": "a file of NumPy arrays"}


def name_weights_format(begin: bytes) -> str | None:
    """What a file is that begins so, where it holds weights and is no `.keras` file; None if it may be one.

    Args:
        begin: its first bytes, `BEGIN` of them.
    """
    found = next((name for magic, name in _MAGICS.items() if begin.startswith(magic)), None)
    if found is None and begin.startswith(ZIP):
        length = int.from_bytes(begin[26:28], "little")  # of the first member's name: APPNOTE.TXT 4.3.7
        first = begin[30 : 30 + length]
        found = next((name for end, name in _MEMBERS.items() if first.endswith(end)), None)
    return found
