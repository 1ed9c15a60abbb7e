import io
import pickle
import zipfile

import numpy as np
import pytest

from nnctl.files.formats import BEGIN, name_weights_format


def pack(member: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(member, "x")
    return content.getvalue()


def save_array() -> bytes:
    content = io.BytesIO()
    np.savez(content, weights=np.zeros(3))
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (pickle.dumps({"weights": [1.0]}), "a pickle"),
        (b"\x89HDF\r\n\x1a\n", "HDF5"),
        (pack("archive/data.pkl"), "PyTorch"),
        (save_array(), "NumPy"),
        (pack("metadata.json"), None),
        (b"", None),
        (b"PK\x03\x04", None),
    ],
)
def test_the_first_bytes_say_what_a_file_is(content: bytes, found: str | None) -> None:
    named = name_weights_format(content[:BEGIN])
    assert (named is None) == (found is None)
    assert found is None or found in str(named)
