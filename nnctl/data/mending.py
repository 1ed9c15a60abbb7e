"""A picture made like those that a network was trained on: its polarity, its paper, its size and its place.

What is done is what the makers of MNIST did: the ink is scaled into a box of a given size, its proportions kept, and its
centre of mass is put where that of the training data lies (http://yann.lecun.com/exdb/mnist/). What already is like the
training data stays as it is, bit for bit.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnctl.data.ink import EDGE, LEAST_CONTRAST, Box, Floats, Ink, Sight, border, box, sight

_LONGEST = 256  # pixels of a side that is worked on: strokes of a digit are dozens of pixels wide then
_FINE = 4  # times as fine as the result: strokes are thickened there
_SPECK = 0.03  # of the largest patch of ink: smaller ones are dust
_NOISE = 0.15  # of the contrast: paper is never quite even
_EVEN = 0.05  # of the whole range: light that differs by less along the border is even
_SLACK = 1.5  # pixels that a box or a centre may lie outside of the training data's range: resampling moves them by one


@dataclass(frozen=True, slots=True, eq=False)
class Mended:
    """A picture as the network takes it.

    Attributes:
        image: float32 of shape (height, width), from 0 to 1.
        said: what was found and done, a sentence each.
    """

    image: Floats
    said: tuple[str, ...]


def mend(image: Floats, ink: Ink, shape: tuple[int, int], invert: str = "auto", fit: bool = True) -> Mended:
    """A picture made like the training data, as far as it is not.

    Args:
        image: float32 of shape (height, width), from 0 to 1, as large as it came.
        ink: what the training data have in common.
        shape: the height and width that the network takes.
        invert: `auto`, `yes` or `no`: whether light and dark change places.
        fit: whether the paper, the size and the place of the ink may be changed; otherwise the whole picture is resized.
    """
    seen = sight(_flat(image)[0])
    if seen.contrast < LEAST_CONTRAST:
        return Mended(resized(image, shape), (*_inverting(invert == "yes"), "nothing is drawn on it that can be told"))
    turn = invert == "yes" or (invert == "auto" and seen.light != ink.light)
    said = _told(seen, ink, invert) if turn else ()
    if turn:
        image = 1 - image
    if not fit or (seen.light != ink.light) != turn:  # the ink cannot be told from the paper as it is wished to be
        return Mended(resized(image, shape), (*said, *_size(image, shape)))
    wrong = _faults(image, ink, shape)
    if not wrong:
        return Mended(image, said)
    return _fitted(image, ink, shape, (*said, *wrong))


def resized(image: Floats, shape: tuple[int, int]) -> Floats:
    """The whole picture in another size: bilinear over the whole area that a pixel covers, Pillow's `resize`."""
    from PIL import Image

    if image.shape == shape:
        return image
    picture = Image.fromarray(np.ascontiguousarray(image, np.float32))
    return np.asarray(picture.resize((shape[1], shape[0]), Image.Resampling.BILINEAR))


def _inverting(done: bool) -> tuple[str, ...]:
    return ("inverted, as asked",) if done else ()


def _told(seen: Sight, ink: Ink, invert: str) -> tuple[str, ...]:
    if invert == "yes":
        return _inverting(True)
    kinds = {True: "light on dark", False: "dark on light"}
    levels = f"border {seen.paper:.2f}, training's {ink.paper:.2f}"
    return (f"it is drawn {kinds[seen.light]}, training {kinds[ink.light]} ({levels}): inverted",)


def _size(image: Floats, shape: tuple[int, int]) -> tuple[str, ...]:
    if image.shape == shape:
        return ()
    return (f"{image.shape[0]} x {image.shape[1]} pixels: resized to {shape[0]} x {shape[1]}",)


def _faults(image: Floats, ink: Ink, shape: tuple[int, int]) -> tuple[str, ...]:
    """What distinguishes a picture, once its polarity is right, from the training data."""
    if image.shape != shape:
        return (f"{image.shape[0]} x {image.shape[1]} pixels, training {shape[0]} x {shape[1]}",)
    seen = sight(image)
    found, said = box(_difference(image, ink.light) / seen.contrast), []
    if found is None:
        return ()
    side, far = max(found.height, found.width), np.hypot(*np.subtract(found.centre, ink.centre))
    if abs(seen.paper - ink.paper) > 0.1:
        said.append(f"its paper has a brightness of {seen.paper:.2f}, training's {ink.paper:.2f}")
    if not ink.side[0] - _SLACK <= side <= ink.side[2] + _SLACK:
        said.append(f"what is drawn is {side} pixels long, training's {ink.side[0]:.0f} to {ink.side[2]:.0f}")
    if far > ink.drift + _SLACK:
        said.append(f"its centre of mass is {far:.1f} pixels off training's, where at most {ink.drift:.1f} are usual")
    return tuple(said)


def _fitted(image: Floats, ink: Ink, shape: tuple[int, int], said: tuple[str, ...]) -> Mended:
    flat, uneven = _flat(image)
    drawn, specks = _clean(_levelled(_difference(flat, ink.light)))
    found = box(drawn)
    if found is None:
        return Mended(resized(image, shape), (*said, "nothing is drawn on it that can be told"))
    fine = _scaled(drawn, found, ink.side[1])
    thick, steps = _thickened(fine, ink.mass[0])
    placed = _placed(_levelled(_reduced(thick), noise=0.0), ink.centre, shape)
    level = ink.paper + np.clip(placed, 0, 1) * (ink.level - ink.paper)
    done = f"what is drawn scaled to {ink.side[1]:.0f} pixels and centred by its mass, as in training"
    more = [
        *(["the paper made even"] if uneven else []),
        *([f"{specks} {'speck' if specks == 1 else 'specks'} left out"] if specks else []),
        *(["thin strokes thickened"] if steps else []),
        done,
    ]
    ratio = found.width / found.height
    if ratio > 1.5 * ink.wide:
        more.append(
            f"it is {ratio:.1f} times as wide as high, training's at most {ink.wide:.1f}: several in one picture?"
        )
    return Mended(level.astype(np.float32), (*said, *more))


def _flat(image: Floats) -> tuple[Floats, bool]:
    """The picture on a paper that is as bright everywhere as its border is in the middle, and whether it was not.

    The paper is the quadratic surface through the border, and then through all pixels that lie near it: least squares, what
    is over 3 deviations off left out, five times. It is fitted in no more than 256 pixels a side.
    """
    longest = max(image.shape)
    if longest > _LONGEST:
        height, width = (max(1, round(side * _LONGEST / longest)) for side in image.shape)
        image = resized(image, (height, width))
    if np.ptp(np.percentile(border(image), [10, 90])) < _EVEN:
        return image, False
    down, across = np.meshgrid(*(np.linspace(-1, 1, side) for side in image.shape), indexing="ij")
    terms = np.stack([np.ones_like(down), down, across, down * across, down**2, across**2], axis=-1)
    kept = np.ones(image.shape, np.bool_)
    kept[2:-2, 2:-2] = False
    for _ in range(5):
        surface = terms @ np.linalg.lstsq(terms[kept], image[kept].astype(np.float64), rcond=None)[0]
        off = np.abs(image - surface).astype(np.float32)
        kept = off <= max(3 * 1.4826 * float(np.median(border(off))), 0.02)
        if kept.sum() < 12:
            return image, False
    middle = float(np.median(border(surface.astype(np.float32))))
    return (image - surface + middle).astype(np.float32), True


def _difference(image: Floats, light: bool) -> Floats:
    paper = sight(image).paper
    difference: Floats = (image - paper) * np.float32(1 if light else -1)
    return difference


def _levelled(difference: Floats, noise: float = _NOISE) -> Floats:
    """From 0 for paper and its noise to 1 for ink."""
    most = float(difference.max(initial=0))
    far = difference[difference >= most / 2]
    full = float(np.median(far)) if most > 0 else 1.0
    levelled: Floats = np.clip((difference / full - noise) / (1 - noise), 0, 1).astype(np.float32)
    return levelled


def _clean(ink: Floats) -> tuple[Floats, int]:
    """The ink without patches that are small beside the largest, and how many those were."""
    from scipy import ndimage

    patches, count = ndimage.label(ink > EDGE, np.ones((3, 3)))
    if count < 2:
        return ink, 0
    sizes = np.bincount(patches.reshape(-1))[1:]
    dust = np.append(False, sizes < _SPECK * sizes.max())
    near = ndimage.grey_dilation(patches, size=(3, 3))  # the soft edge of a patch goes with it
    return np.where(dust[near], np.float32(0), ink), int(dust.sum())


def _scaled(ink: Floats, found: Box, side: float) -> Floats:
    """The ink in its box, the longer side `_FINE` times as many pixels as it will have."""
    factor = _FINE * side / max(found.height, found.width)
    cut = ink[found.top : found.top + found.height, found.left : found.left + found.width]
    height, width = (max(_FINE, _FINE * round(factor * length / _FINE)) for length in cut.shape)
    return resized(cut, (height, width))


def _thickened(fine: Floats, least: float) -> tuple[Floats, int]:
    """Strokes made thicker, half a pixel of the result a step, until there is as much ink as training has at least."""
    from scipy import ndimage

    for steps in range(_FINE + 1):
        if float(fine.sum()) / _FINE**2 >= least or steps == _FINE:
            return fine, steps
        fine = ndimage.grey_dilation(np.pad(fine, 1), size=(3, 3))
    return fine, _FINE


def _reduced(fine: Floats) -> Floats:
    """The mean of each `_FINE` by `_FINE` pixels."""
    height, width = (-(-length // _FINE) for length in fine.shape)
    whole = np.pad(fine, [(0, height * _FINE - fine.shape[0]), (0, width * _FINE - fine.shape[1])])
    reduced: Floats = whole.reshape(height, _FINE, width, _FINE).mean(axis=(1, 3))
    return reduced


def _placed(ink: Floats, centre: tuple[float, float], shape: tuple[int, int]) -> NDArray[np.float32]:
    """The ink on a paper of a shape, its centre of mass at a place, to the nearest pixel."""
    found = box(ink)
    middle = found.centre if found is not None else ((ink.shape[0] - 1) / 2, (ink.shape[1] - 1) / 2)
    paper = np.zeros(shape, np.float32)
    starts = [round(to - at) for to, at in zip(centre, middle, strict=True)]
    # What is centred by its mass may stick out; a stroke that is cut off is worse than one that is a pixel off.
    starts = [
        min(max(0, start), max(0, room - length)) for start, room, length in zip(starts, shape, ink.shape, strict=True)
    ]
    height, width = (min(length, room - start) for start, room, length in zip(starts, shape, ink.shape, strict=True))
    paper[starts[0] : starts[0] + height, starts[1] : starts[1] + width] = ink[:height, :width]
    return paper
