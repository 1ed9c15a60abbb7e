"""Held against Python's own reader, and where that one takes for ever or none is needed."""

import gzip
import io
import time
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnctl.files import gzips
from nnctl.files.gzips import Gunzip

TEXT = bytes(range(256)) * 2000
HEAD, BODY = b"\x1f\x8b\x08\x18\0\0\0\0\0\x03", gzip.compress(TEXT)[10:]  # with a name and a comment
LARGE = b"A" * 20_000_000


def read(packed: bytes, sizes: int = 1 << 30) -> bytes:
    content, pieces = Gunzip(io.BytesIO(packed)), list[bytes]()
    while piece := content.read(sizes):
        assert len(piece) <= sizes
        pieces.append(piece)
    assert all(len(piece) == sizes for piece in pieces[:-1])
    return b"".join(pieces)


@given(st.lists(st.binary(max_size=400), min_size=1, max_size=6), st.integers(0, 70_000), st.integers(1, 1000))
def test_members_are_one_text_as_python_reads_them(texts: list[bytes], zeros: int, sizes: int) -> None:
    packed = b"".join(map(gzip.compress, texts)) + bytes(zeros)
    assert read(packed, sizes) == b"".join(texts) == gzip.decompress(packed)


@pytest.mark.parametrize("sizes", [1, 7, 65_536, 1 << 30])
def test_more_than_a_piece_is_read_whole(sizes: int) -> None:
    packed = gzip.compress(TEXT[: 100_000 if sizes < 10 else None], 0) * 2
    assert read(packed, sizes) == gzip.decompress(packed)


def test_a_name_and_a_comment_are_passed_over_at_once() -> None:
    assert read(HEAD + b"name\0comment\0" + BODY) == TEXT
    begun = time.process_time()
    assert read(HEAD + LARGE + b"\0" + LARGE + b"\0" + BODY) == TEXT
    assert read(gzip.compress(TEXT) + bytes(len(LARGE))) == TEXT
    assert time.process_time() - begun < 1  # Python's own takes eight


@pytest.mark.parametrize("cut", [1, 5, 9, 15, 300, len(gzip.compress(TEXT)) - 1])
def test_what_ends_too_early_is_told(cut: int) -> None:
    with pytest.raises(EOFError):
        read(gzip.compress(TEXT)[:cut])
    with pytest.raises(EOFError):
        read(gzip.compress(b"first") + gzip.compress(TEXT)[:cut])


@pytest.mark.parametrize("content", [b"no gzip", gzip.compress(TEXT) + b"more", gzip.compress(TEXT)[:-8] + bytes(8)])
def test_what_is_no_gzip_or_damaged_is_told(content: bytes) -> None:
    with pytest.raises(zlib.error):
        read(content)


def test_members_have_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gzips, "_MEMBERS", 3)
    assert read(gzip.compress(b"x") * 4) == b"xxxx"
    with pytest.raises(ValueError, match="more than 3 members"):
        read(gzip.compress(b"x") * 5)


def test_a_bomb_is_unpacked_no_further_than_it_is_read() -> None:
    packed = io.BytesIO(gzip.compress(bytes(200 << 20)))
    assert Gunzip(packed).read(1000) == bytes(1000)
    assert packed.tell() <= 1 << 16
