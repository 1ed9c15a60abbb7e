import io
import zipfile

import pytest

from nnctl.files import measure_list


def pack(count: int, comment: bytes = b"") -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        for number in range(count):
            file.writestr(f"{number:04d}", b"")
        file.comment = comment
    return content.getvalue()


@pytest.mark.parametrize("wide", [False, True], ids=["zip", "zip64"])
@pytest.mark.parametrize("comment", [b"", b"c" * 65_535], ids=["no comment", "the longest comment"])
def test_the_list_is_measured(wide: bool, comment: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    if wide:
        monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 10)
    file = io.BytesIO(pack(40, comment))
    assert measure_list(file) == 40 * (46 + 4)  # APPNOTE.TXT 4.3.12
    assert file.tell() == 0


@pytest.mark.parametrize(
    "content", [b"", b"text", b"PK\x05\x06", b"PK\x05\x06" + b"\xff" * 18, b"PK\x06\x06" + b"\xff" * 60]
)
def test_what_is_no_archive_has_no_list(content: bytes) -> None:
    assert measure_list(io.BytesIO(content)) == 0
