"""The pixels of one image file as the network takes them."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from nnctl.data.images.opening import find_orientation, has_alpha, open_image
from nnctl.errors import DataError, Place, Problem

# What puts a picture upright, by its orientation: Exif 2.32, 4.6.4 A, as `PIL.ImageOps.exif_transpose` does it.
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_DEEPEST = 65535
_WIDEN = 257  # 255 becomes 65535


@dataclass(frozen=True, slots=True)
class Conversion:
    """What images are made into.

    Attributes:
        height: in pixels.
        width: in pixels.
        channels: 1 or 3.
        resize: whether the size was asked for; one that was not must be the image's own.
        white: whether what is clear becomes white; otherwise it has the colour that lies beneath, whatever that is.
        deep: whether pixels are of 16 bits; those of 8 are widened, so that 255 becomes 65535.
    """

    height: int
    width: int
    channels: int
    resize: bool
    white: bool = True
    deep: bool = False

    @property
    def shape(self) -> tuple[int, int, int]:
        """The shape of one image."""
        return self.height, self.width, self.channels

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of the pixels, uint8 or uint16."""
        return np.dtype(np.uint16 if self.deep else np.uint8)


def decode(path: str, conversion: Conversion, place: Place | None) -> NDArray[Any]:
    """The pixels of an image file, uint8 or uint16 of shape (height, width, channels).

    Turned upright as its header says, made RGB or grey (ITU-R 601-2 luma, Pillow's `convert`), and then resized: bilinear over
    the whole area that a pixel covers, Pillow's `resize`.

    Raises:
        DataError: the file cannot be decoded, or is of another size than the others and no size was asked for.
    """
    with open_image(path, place) as image:
        image.load()
        bands = _take_bands(_turn_upright(image), conversion)
        size = (conversion.width, conversion.height)
        if bands[0].size != size:
            if not conversion.resize:
                raise DataError(_explain_size(path, bands[0], conversion, place))
            bands = [band.resize(size, Image.Resampling.BILINEAR) for band in bands]
        pixels = [np.asarray(band).reshape(*conversion.shape[:2], -1) for band in bands]
        whole = pixels[0] if len(pixels) == 1 else np.concatenate(pixels, axis=2)
        return whole.astype(conversion.dtype, copy=False)


def _explain_size(path: str, found: Image.Image, conversion: Conversion, place: Place | None) -> Problem:
    others = f"the others are {conversion.height} x {conversion.width}"
    message = f"{path} is {found.height} x {found.width} pixels, {others}"
    hint = f"set a size: `source: {{images: {{size: [{conversion.height}, {conversion.width}]}}}}`"
    return Problem("sizes-differ", message, place, hint)


def _turn_upright(image: Image.Image) -> Image.Image:
    turn = _TURNS.get(find_orientation(image))
    return image if turn is None else image.transpose(turn)


def _take_bands(image: Image.Image, conversion: Conversion) -> list[Image.Image]:
    """A picture as it is resized: whole if it is of 8 bits, else each channel by itself, of as many bits as sums take."""
    if conversion.deep and _is_deep(image):
        return [Image.fromarray(_read_levels(image, conversion.white).astype(np.int32))] * conversion.channels
    shown = _put_on_white(image) if conversion.white and has_alpha(image) else image
    picture = _convert_mode(shown, "L" if conversion.channels == 1 else "RGB")
    if not conversion.deep:
        return [picture]
    return [Image.fromarray(np.asarray(band).astype(np.int32) * _WIDEN) for band in picture.split()]


def _is_deep(image: Image.Image) -> bool:
    return image.mode.startswith("I")


def _read_levels(image: Image.Image, white: bool) -> NDArray[np.int64]:
    """The levels of a grey picture of 16 bits; the one that stands for what is clear may become white."""
    levels: NDArray[np.int64] = np.asarray(image).astype(np.int64).clip(0, _DEEPEST)
    clear = image.info.get("transparency")
    return np.where(levels == clear, _DEEPEST, levels) if white and isinstance(clear, int) else levels


def _put_on_white(image: Image.Image) -> Image.Image:
    """The picture as a page of white shows it: a stroke on nothing has whatever colour its maker left beneath it."""
    if _is_deep(image):
        return Image.fromarray(_read_levels(image, True).astype(np.int32))
    picture = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture).convert("RGB")


def _convert_mode(image: Image.Image, mode: str) -> Image.Image:
    if _is_deep(image):  # 65535 becomes 255, rounded to the nearest
        image = Image.fromarray(((_read_levels(image, False) * 255 + 32767) // _DEEPEST).astype(np.uint8))
    elif image.mode in ("P", "PA"):  # a palette may hold alpha, which only RGBA can take
        image = image.convert("RGBA")
    return image if image.mode == mode else image.convert(mode)
