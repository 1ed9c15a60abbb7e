"""An image file opened: what it is and how it lies. What goes wrong inside Pillow becomes a problem that names the file.

The file's first bytes say what it is, never its name. Only formats that Pillow decodes by itself are opened.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from nnctl import bounds
from nnctl.errors import DataError, Place, Problem
from nnctl.files import open_regular

FORMATS = ("PNG", "JPEG", "BMP", "WEBP", "GIF")
UNREADABLE = "or leave it out: `data.skip: {unreadable: true}`"
_EXPECTED = "expected a PNG, JPEG, BMP or WebP image"
_ORIENTATION = 0x0112  # Exif 2.32, 4.6.4 A
ABOUT = frozenset(("exif", "Raw profile type exif", "XML:com.adobe.xmp", "xmp"))  # where Pillow looks for it


def silence_warnings() -> None:
    """Keeps Pillow's warnings from the terminal: what is wrong with an image is raised, with its name."""
    warnings.filterwarnings("ignore", module=r"PIL\.")


@contextmanager
def open_image(path: str, place: Place | None) -> Iterator[Image.Image]:
    """An image file, opened but not decoded.

    Raises:
        DataError: the file is no image, is animated, or has more pixels than Pillow deems safe; or, from within the block, it
            cannot be decoded.
    """
    try:
        with open_regular(path) as content, Image.open(content, formats=FORMATS) as image:
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
        raise DataError(Problem("not-an-image", message, place, _advise("remove it", place))) from None
    except Exception as error:  # whatever Pillow raises, it is about this file
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        message = f"{path} cannot be decoded: {reason}"
        raise DataError(Problem("damaged-image", message, place, _advise("replace or remove it", place))) from None


def find_orientation(image: Image.Image) -> int:
    """How a picture lies, as `PIL.ImageOps.exif_transpose` has it: by EXIF data, by these as a text, or by XMP; 1 is upright.

    Of a PNG it tells what stands in front of the pixels, and, once these are decoded, behind them.
    """
    # In a small picture, looking for EXIF data in vain costs as much as reading it.
    if ABOUT.isdisjoint(image.info):
        return 1
    try:
        # A PNG's own method decodes all of its pixels where it finds no chunk of them.
        return int(Image.Image.getexif(image).get(_ORIENTATION, 1))
    except Exception:  # the picture is sound, its EXIF data are not: it is taken as it lies
        return 1


def has_alpha(image: Image.Image) -> bool:
    """Whether parts of a picture may be seen through."""
    return image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info


def _find_problem(path: str, image: Image.Image, place: Place | None) -> Problem | None:
    if image.width * image.height > (Image.MAX_IMAGE_PIXELS or 0):
        return _explain_bomb(path, place)
    if max(image.size) > bounds.IMAGE_SIDE:
        message = f"{path} has {image.height:,} x {image.width:,} pixels, more than {bounds.IMAGE_SIDE:,} on a side"
        return Problem("image-too-large", message, place, _advise("save it smaller", place))
    # A camera's JPEG may hold further pictures (MPO); its first is the photograph.
    frames = getattr(image, "n_frames", 1) if image.format in ("GIF", "PNG", "WEBP") else 1
    if frames == 1:
        return None
    message = f"{path} is an animation of {frames} frames, expected a single picture"
    return Problem("animated-image", message, place, _advise("save one frame, or remove it", place))


def _advise(hint: str, place: Place | None) -> str:
    """A hint with the key that leaves such pictures out, where a spec has it."""
    return hint if place is None else f"{hint}, {UNREADABLE}"


def _explain_bomb(path: str, place: Place | None) -> Problem:
    message = f"{path} has more than {Image.MAX_IMAGE_PIXELS:,} pixels, which Pillow takes for an attack on memory"
    return Problem("image-too-large", message, place, _advise("save it smaller", place))
