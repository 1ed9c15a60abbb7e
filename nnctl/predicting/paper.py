"""The paper of a picture: evened out, taken away, and freed of dust, so that the ink is left.

Pictures are float32 of shape (height, width), from 0 to 1.
"""

import numpy as np
from PIL import Image

from nnctl.data.images.ink import EDGE, Floats, measure_sight, take_border

_LONGEST = 256  # pixels of a side that is worked on: strokes of a digit are dozens of pixels wide then
_SPECK = 0.03  # of the largest patch of ink: smaller ones are dust
_NOISE = 0.15  # of the contrast: paper is never quite even
_EVEN = 0.05  # of the whole range: light that differs by less along the border is even


def resize(image: Floats, shape: tuple[int, int]) -> Floats:
    """The whole picture in another size: bilinear over the whole area that a pixel covers, Pillow's `resize`."""
    if image.shape == shape:
        return image
    picture = Image.fromarray(np.ascontiguousarray(image, np.float32))
    return np.asarray(picture.resize((shape[1], shape[0]), Image.Resampling.BILINEAR))


def even_out(image: Floats) -> tuple[Floats, bool]:
    """The picture on a paper that is as bright everywhere as its border is in the middle, and whether it was not.

    The paper is the quadratic surface through the border, and then through all pixels that lie near it: least squares, what
    is over 3 deviations off left out, five times. It is fitted in no more than 256 pixels a side.
    """
    longest = max(image.shape)
    if longest > _LONGEST:
        height, width = (max(1, round(side * _LONGEST / longest)) for side in image.shape)
        image = resize(image, (height, width))
    if np.ptp(np.percentile(take_border(image), [10, 90])) < _EVEN:
        return image, False
    down, across = np.meshgrid(*(np.linspace(-1, 1, side) for side in image.shape), indexing="ij")
    terms = np.stack([np.ones_like(down), down, across, down * across, down**2, across**2], axis=-1)
    kept = np.ones(image.shape, np.bool_)
    kept[2:-2, 2:-2] = False
    for _ in range(5):
        surface = terms @ np.linalg.lstsq(terms[kept], image[kept].astype(np.float64), rcond=None)[0]
        off = np.abs(image - surface).astype(np.float32)
        kept = off <= max(3 * 1.4826 * float(np.median(take_border(off))), 0.02)
        if kept.sum() < 12:
            return image, False
    middle = float(np.median(take_border(surface.astype(np.float32))))
    return (image - surface + middle).astype(np.float32), True


def subtract_paper(image: Floats, light: bool) -> Floats:
    """How much lighter, or else darker, each pixel is than the paper."""
    paper = measure_sight(image).paper
    found: Floats = (image - paper) * np.float32(1 if light else -1)
    return found


def normalize_ink(ink: Floats, noise: float = _NOISE) -> Floats:
    """From 0 for paper and its noise to 1 for ink."""
    most = float(ink.max(initial=0))
    far = ink[ink >= most / 2]
    full = float(np.median(far)) if most > 0 else 1.0
    found: Floats = np.clip((ink / full - noise) / (1 - noise), 0, 1).astype(np.float32)
    return found


def remove_specks(ink: Floats) -> tuple[Floats, int]:
    """The ink without patches that are small beside the largest, and how many those were."""
    from scipy import ndimage

    patches, count = ndimage.label(ink > EDGE, np.ones((3, 3)))
    if count < 2:
        return ink, 0
    sizes = np.bincount(patches.reshape(-1))[1:]
    dust = np.append(False, sizes < _SPECK * sizes.max())
    near = ndimage.grey_dilation(patches, size=(3, 3))  # the soft edge of a patch goes with it
    return np.where(dust[near], np.float32(0), ink), int(dust.sum())
