"""One image file: what its header says, and its pixels as the network takes them.

The file's first bytes say what it is, never its name. Only formats that Pillow decodes by itself are opened. What goes
wrong inside Pillow becomes a problem that names the file.
"""

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from nnctl.errors import DataError, Place, Problem

MOST = 10  # problems that are told at once
FORMATS = ("PNG", "JPEG", "BMP", "WEBP", "GIF")
_EXPECTED = "expected a PNG, JPEG, BMP or WebP image"
_GREY = ("1", "L", "LA", "La", "I", "I;16", "I;16B", "I;16L", "I;16N")
_ORIENTATION = 0x0112  # Exif 2.32, 4.6.4 A
_ABOUT = {"exif", "Raw profile type exif", "XML:com.adobe.xmp", "xmp"}  # where Pillow looks for it
_TURNED = (5, 6, 7, 8)  # the orientations that swap height and width


@dataclass(frozen=True, slots=True)
class Look:
    """What a header says: height and width in pixels, as the picture is seen, whether it is grey, or may be seen through."""

    height: int
    width: int
    grey: bool
    clear: bool = False


@dataclass(frozen=True, slots=True)
class Conversion:
    """What images are made into; a size that was not asked for must be the image's own; what is clear may become white."""

    height: int
    width: int
    channels: int
    resize: bool
    white: bool = False

    @property
    def shape(self) -> tuple[int, int, int]:
        """The shape of one image."""
        return self.height, self.width, self.channels


def silence_warnings() -> None:
    """Keeps Pillow's warnings from the terminal: what is wrong with an image is raised, with its name."""
    warnings.filterwarnings("ignore", module=r"PIL\.")


def look(path: str, place: Place | None) -> Look:
    """What the header of an image file says.

    Raises:
        DataError: the file is no image, is animated, or has more pixels than Pillow deems safe.
    """
    with _open_image(path, place) as image:
        # Asked for its EXIF data, a PNG without any in front decodes all of its pixels.
        known = image.format != "PNG" or "exif" in image.info
        turned = known and image.getexif().get(_ORIENTATION) in _TURNED
        width, height = reversed(image.size) if turned else image.size
        return Look(height, width, image.mode in _GREY, _has_alpha(image))


def find_sizes(files: Sequence[str], place: Place | None) -> set[tuple[int, int, bool]]:
    """The heights, widths and greyness that occur among image files, by their headers.

    Raises:
        DataError: with the first ten files that are no images that can be taken.
    """
    silence_warnings()
    seen: set[tuple[int, int, bool]] = set()
    problems: list[Problem] = []
    for file in files:
        try:
            found = look(file, place)
        except DataError as error:
            problems += error.problems
            if len(problems) == MOST:
                break
        else:
            seen.add((found.height, found.width, found.grey))
    if problems:
        raise DataError(*problems)
    return seen


def decode(path: str, conversion: Conversion, place: Place | None) -> NDArray[np.uint8]:
    """The pixels of an image file, uint8 of shape (height, width, channels).

    Turned upright as EXIF says, made RGB or grey (ITU-R 601-2 luma, Pillow's `convert`; alpha is dropped, as Keras's
    `load_img` does), and then resized: bilinear over the whole area that a pixel covers, Pillow's `resize`.

    Raises:
        DataError: the file cannot be decoded, or is of another size than the others and no size was asked for.
    """
    with _open_image(path, place) as image:
        image.load()
        shown = _put_on_white(_turn_upright(image)) if conversion.white and _has_alpha(image) else _turn_upright(image)
        picture = _convert_mode(shown, "L" if conversion.channels == 1 else "RGB")
        size = (conversion.width, conversion.height)
        if picture.size != size:
            if not conversion.resize:
                raise DataError(_explain_size(path, (picture.height, picture.width), conversion, place))
            picture = picture.resize(size, Image.Resampling.BILINEAR)
        return np.frombuffer(picture.tobytes(), np.uint8).reshape(conversion.shape)


@contextmanager
def _open_image(path: str, place: Place | None) -> Iterator[Image.Image]:
    try:
        with Image.open(path, formats=FORMATS) as image:
            if problem := _find_problem(path, image, place):
                raise DataError(problem)
            yield image
    except DataError:
        raise
    except Image.DecompressionBombError:
        raise DataError(_explain_bomb(path, place)) from None
    except UnidentifiedImageError:
        empty = Path(path).stat().st_size == 0
        message = f"{path} is {'empty' if empty else 'no image'}, {_EXPECTED}"
        raise DataError(Problem("not-an-image", message, place, "remove it from the folder")) from None
    except Exception as error:  # whatever Pillow raises, it is about this file
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        message = f"{path} cannot be decoded: {reason}"
        raise DataError(Problem("damaged-image", message, place, "replace or remove it")) from None


def _find_problem(path: str, image: Image.Image, place: Place | None) -> Problem | None:
    if image.width * image.height > (Image.MAX_IMAGE_PIXELS or 0):
        return _explain_bomb(path, place)
    # A camera's JPEG may hold further pictures (MPO); its first is the photograph.
    frames = getattr(image, "n_frames", 1) if image.format in ("GIF", "PNG", "WEBP") else 1
    if frames == 1:
        return None
    message = f"{path} is an animation of {frames} frames, expected a single picture"
    return Problem("animated-image", message, place, "save one frame, or remove it")


def _explain_bomb(path: str, place: Place | None) -> Problem:
    message = f"{path} has more than {Image.MAX_IMAGE_PIXELS:,} pixels, which Pillow takes for an attack on memory"
    return Problem("image-too-large", message, place, "save it smaller")


def _explain_size(path: str, found: tuple[int, int], conversion: Conversion, place: Place | None) -> Problem:
    message = f"{path} is {found[0]} x {found[1]} pixels, the others are {conversion.height} x {conversion.width}"
    hint = f"set a size: `source: {{images: {{size: [{conversion.height}, {conversion.width}]}}}}`"
    return Problem("sizes-differ", message, place, hint)


def _turn_upright(image: Image.Image) -> Image.Image:
    # In a small picture, looking for EXIF data in vain costs as much as reading it.
    if not _ABOUT.intersection(image.info):
        return image
    try:
        ImageOps.exif_transpose(image, in_place=True)
    except Exception:  # the picture is sound, its EXIF data are not: it is taken as it lies
        return image
    return image


def _has_alpha(image: Image.Image) -> bool:
    return image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info


def _put_on_white(image: Image.Image) -> Image.Image:
    """The picture as a page of white shows it: a stroke on nothing has whatever colour its maker left beneath it."""
    picture = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture).convert("RGB")


def _convert_mode(image: Image.Image, mode: str) -> Image.Image:
    if image.mode.startswith("I"):  # 16 bits: 65535 becomes 255, rounded to the nearest
        wide: NDArray[Any] = np.asarray(image).astype(np.int64).clip(0, 65535)
        image = Image.fromarray(((wide * 255 + 32767) // 65535).astype(np.uint8))
    elif image.mode in ("P", "PA"):  # a palette may hold alpha, which only RGBA can take
        image = image.convert("RGBA")
    return image if image.mode == mode else image.convert(mode)
