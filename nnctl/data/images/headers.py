"""What the headers of image files say, of one and of many, without decoding any."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO, cast

from nnctl.data.images.opening import ABOUT, find_orientation, has_alpha, open_image, silence_warnings
from nnctl.errors import DataError, Place, Problem

MOST = 10  # problems that are told at once
_GREY = ("1", "L", "LA", "La", "I", "I;16", "I;16B", "I;16L", "I;16N")
_TURNED = (5, 6, 7, 8)  # the orientations that swap height and width
# Bytes of a PNG: of a chunk's length and type, of a text's keyword with the zero behind it, and of a checksum. PNG
# specification (third edition), 5.3 and 11.3.3.
_HEAD, _KEYWORD, _CHECKSUM = 8, 80, 4
_TEXTS = (b"tEXt", b"zTXt", b"iTXt")


@dataclass(frozen=True, slots=True)
class Look:
    """What a header says.

    Attributes:
        height: in pixels, as the picture is seen.
        width: in pixels, as the picture is seen.
        grey: whether it has no colours.
        clear: whether parts of it may be seen through.
        deep: whether its levels are of 16 bits, which is read of grey alone.
        narrowed: whether its colours are of 16 bits, of which Pillow reads the upper 8.
    """

    height: int
    width: int
    grey: bool
    clear: bool = False
    deep: bool = False
    narrowed: bool = False


@dataclass(slots=True)
class Survey:
    """What the headers of many say.

    Attributes:
        sizes: the heights and widths that occur, sorted.
        counts: how many images are `grey`, `clear`, `deep` and `narrowed`; and `all`, how many there are.
    """

    sizes: list[tuple[int, int]]
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def grey(self) -> bool:
        """Whether no image has colours."""
        return self.counts["grey"] == self.counts["all"]


def look(path: str, place: Place | None) -> Look:
    """What the header of an image file says.

    Raises:
        DataError: the file is no image, is animated, or has more pixels than Pillow deems safe.
    """
    with open_image(path, place) as image:
        tiles, deep = getattr(image, "tile", ()), image.mode.startswith("I")
        wide = any(";16" in str(tile[3]) for tile in tiles)
        if image.format == "PNG" and tiles and _tells_late(cast(Any, image).fp, tiles[0][2] - _HEAD):
            image.load()  # only then what stands behind the pixels, the orientation perhaps, is known
        width, height = reversed(image.size) if find_orientation(image) in _TURNED else image.size
        return Look(height, width, image.mode in _GREY, has_alpha(image), deep, wide and not deep)


def survey(files: Sequence[str], place: Place | None, skip: bool = False) -> Survey:
    """What the headers of image files say.

    Args:
        files: their paths.
        place: where errors are shown.
        skip: whether files that are no images are passed over.

    Raises:
        DataError: with the first ten files that are no images that can be taken.
    """
    silence_warnings()
    sizes, counts = set(), Counter[str](all=len(files))
    problems: list[Problem] = []
    for file in files:
        try:
            found = look(file, place)
        except DataError as error:
            problems += error.problems
            counts["all"] -= 1
            if not skip and len(problems) == MOST:
                break
        else:
            sizes.add((found.height, found.width))
            counts.update(name for name in ("grey", "clear", "deep", "narrowed") if getattr(found, name))
    if problems and not (skip and sizes):
        raise DataError(*problems[:MOST])
    return Survey(sorted(sizes), counts)


def _tells_late(file: BinaryIO, begin: int) -> bool:
    """Whether a PNG has EXIF data or XMP behind its pixels, which begin at a byte, and are skipped."""
    before = file.tell()
    try:
        while True:
            file.seek(begin)
            chunk = file.read(_HEAD + _KEYWORD)
            length, kind = int.from_bytes(chunk[:4], "big"), chunk[4:_HEAD]
            if len(chunk) < _HEAD or kind == b"IEND":
                return False
            keyword = chunk[_HEAD:].split(b"\0")[0].decode("latin-1") if kind in _TEXTS else ""
            if kind == b"eXIf" or keyword in ABOUT:
                return True
            begin += _HEAD + length + _CHECKSUM
    finally:
        file.seek(before)
