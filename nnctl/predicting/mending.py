"""A picture made like those that a network was trained on: its polarity, its paper, its size and its place.

What is done is what the makers of MNIST did: the ink is scaled into a box of a given size, its proportions kept, and its
centre of mass is put where that of the training data lies (http://yann.lecun.com/exdb/mnist/). What already is like the
training data stays as it is, bit for bit.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnctl.data.images.ink import LEAST_CONTRAST, Box, Floats, Ink, Sight, find_box, measure_sight
from nnctl.predicting.paper import even_out, normalize_ink, remove_specks, resize, subtract_paper

_FINE = 4  # times as fine as the result: strokes are thickened there
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
    seen = measure_sight(even_out(image)[0])
    blank = seen.contrast < LEAST_CONTRAST
    turn = invert == "yes" or (invert == "auto" and seen.light != ink.light and not blank)
    if turn:
        image = 1 - image
    if blank:
        return Mended(resize(image, shape), (*_describe_inversion(turn), "no drawing was found in the picture"))
    said = _describe_polarity(seen, ink, invert)
    if not fit or (seen.light != ink.light) != turn:  # the ink cannot be told from the paper as it is wished to be
        return Mended(resize(image, shape), (*said, *_describe_size(image, shape)))
    wrong = _find_faults(image, ink, shape)
    if not wrong:
        return Mended(image, said)
    return _fit(image, ink, shape, (*said, *wrong))


def _describe_inversion(done: bool) -> tuple[str, ...]:
    return ("inverted, as asked",) if done else ()


def _describe_polarity(seen: Sight, ink: Ink, invert: str) -> tuple[str, ...]:
    if invert == "yes" or seen.light == ink.light:
        return _describe_inversion(invert == "yes")
    kinds = {True: "light on dark", False: "dark on light"}
    levels = f"border {seen.paper:.2f}, training's {ink.paper:.2f}"
    done = "inverted" if invert == "auto" else "left so, as asked"
    return (f"it is drawn {kinds[seen.light]}, training {kinds[ink.light]} ({levels}): {done}",)


def _describe_size(image: Floats, shape: tuple[int, int]) -> tuple[str, ...]:
    if image.shape == shape:
        return ()
    return (f"{image.shape[0]} x {image.shape[1]} pixels: resized to {shape[0]} x {shape[1]}",)


def _find_faults(image: Floats, ink: Ink, shape: tuple[int, int]) -> tuple[str, ...]:
    """What distinguishes a picture, once its polarity is right, from the training data."""
    if image.shape != shape:
        return (f"{image.shape[0]} x {image.shape[1]} pixels, training {shape[0]} x {shape[1]}",)
    seen = measure_sight(image)
    found, said = find_box(subtract_paper(image, ink.light) / seen.contrast), []
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


def _fit(image: Floats, ink: Ink, shape: tuple[int, int], said: tuple[str, ...]) -> Mended:
    flat, uneven = even_out(image)
    drawn, specks = remove_specks(normalize_ink(subtract_paper(flat, ink.light)))
    found = find_box(drawn)
    if found is None:
        return Mended(resize(image, shape), (*said, "no drawing was found in the picture"))
    fine = _scale(drawn, found, ink.side[1])
    thick, steps = _thicken(fine, ink.mass[0])
    placed = _place_ink(normalize_ink(_reduce(thick), noise=0.0), ink.centre, shape)
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


def _scale(ink: Floats, found: Box, side: float) -> Floats:
    """The ink in its box, the longer side `_FINE` times as many pixels as it will have."""
    factor = _FINE * side / max(found.height, found.width)
    cut = ink[found.top : found.top + found.height, found.left : found.left + found.width]
    height, width = (max(_FINE, _FINE * round(factor * length / _FINE)) for length in cut.shape)
    return resize(cut, (height, width))


def _thicken(fine: Floats, least: float) -> tuple[Floats, int]:
    """Strokes made thicker, half a pixel of the result a step, until there is as much ink as training has at least."""
    from scipy import ndimage

    for steps in range(_FINE + 1):
        if float(fine.sum()) / _FINE**2 >= least or steps == _FINE:
            return fine, steps
        fine = ndimage.grey_dilation(np.pad(fine, 1), size=(3, 3))
    return fine, _FINE


def _reduce(fine: Floats) -> Floats:
    """The mean of each `_FINE` by `_FINE` pixels."""
    height, width = (-(-length // _FINE) for length in fine.shape)
    whole = np.pad(fine, [(0, height * _FINE - fine.shape[0]), (0, width * _FINE - fine.shape[1])])
    reduced: Floats = whole.reshape(height, _FINE, width, _FINE).mean(axis=(1, 3))
    return reduced


def _place_ink(ink: Floats, centre: tuple[float, float], shape: tuple[int, int]) -> NDArray[np.float32]:
    """The ink on a paper of a shape, its centre of mass at a place, to the nearest pixel."""
    found = find_box(ink)
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
