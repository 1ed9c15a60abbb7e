"""Each way in which a zip is not what Keras writes; `test_admission.py` has what attackers make of it."""

import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from nnctl.errors import RunError
from nnctl.models.archive import LARGEST_METADATA, read_members

from .conftest import archive

WHOLE = [("metadata.json", b"{}"), ("config.json", b'{"a": 1}'), ("model.weights.h5", b"weights")]


def linked(name: str) -> zipfile.ZipInfo:
    found = zipfile.ZipInfo(name)
    found.external_attr = 0o120777 << 16
    return found


def test_the_members_that_matter_are_read(tmp_path: Path) -> None:
    found = read_members(archive(tmp_path / "m.keras", WHOLE))
    assert (found.config, found.weights) == (b'{"a": 1}', b"weights")


@pytest.mark.parametrize(
    ("forged", "told"),
    [
        (WHOLE[:2], "lacks a member"),
        ([*WHOLE, ("run.py", b"")], "has a member 'run.py'"),
        ([*WHOLE, WHOLE[1]], "has a member 'config.json'"),
        ([*WHOLE[:1], (linked("config.json"), b"/etc/passwd"), WHOLE[2]], "a link or a device"),
        ([("metadata.json", b" " * (LARGEST_METADATA + 1)), *WHOLE[1:]], "has a metadata.json of 65,537 bytes"),
    ],
)
def test_other_members_than_keras_writes_are_refused(
    forged: list[tuple[str | zipfile.ZipInfo, bytes]], told: str, tmp_path: Path
) -> None:
    with pytest.raises(RunError, match=told):
        read_members(archive(tmp_path / "m.keras", forged))


@pytest.mark.parametrize("wide", [False, True], ids=["zip", "zip64"])
def test_a_long_list_of_members_is_refused_before_it_is_read(
    tmp_path: Path, wide: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if wide:
        monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 10)
    path = archive(tmp_path / "m.keras", [*WHOLE, *((f"{number:07d}", b"") for number in range(1500))])
    monkeypatch.setattr(zipfile.ZipFile, "_RealGetContents", lambda _: pytest.fail("the list is read"))
    with pytest.raises(RunError, match=r"a list of members of 79,\d{3} bytes, and Keras writes 3 members"):
        read_members(path)


def test_what_would_have_to_be_inflated_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="compressed"):
        read_members(archive(tmp_path / "m.keras", WHOLE, zipfile.ZIP_DEFLATED))


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda path: path.write_bytes(b"\x89HDF\r\n"), "an HDF5 file"),
        (lambda path: path.write_bytes(b"\x80\x04pickle"), "a pickle"),
        (lambda path: path.write_bytes(b"text"), "does not begin as one"),
        (lambda path: path.write_bytes(b"PK\x03\x04 and no more"), "damaged"),
        (lambda path: path.mkdir(), "is a folder"),
        (lambda path: os.mkfifo(path), "no regular file"),
    ],
)
def test_what_is_no_such_archive_is_named(make: Callable[[Path], object], told: str, tmp_path: Path) -> None:
    make(tmp_path / "m.keras")
    with pytest.raises(RunError, match=told):
        read_members(tmp_path / "m.keras")


def test_a_flipped_bit_is_found_by_its_checksum(tmp_path: Path) -> None:
    path = archive(tmp_path / "m.keras", WHOLE)
    content = bytearray(path.read_bytes())
    content[content.index(b"weights", content.index(b"model.weights.h5") + 16)] ^= 1
    path.write_bytes(content)
    with pytest.raises(RunError, match="damaged"):
        read_members(path)
