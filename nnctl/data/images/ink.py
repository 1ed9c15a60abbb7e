"""Drawings: what is drawn, measured against the paper that it is drawn on.

All brightness is from 0 to 1, the lowest to the highest value that training has; lengths are in pixels, rows before columns.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

# Found by trial on MNIST, Fashion-MNIST, scikit-learn's digits (drawings) and photographs (none): papers of drawings lie
# within 0.05 of each other, borders of photographs over more than 0.6.
ALIKE = 0.2
AGREEING = 0.9  # share of the training images whose ink is on the same side of the paper
EDGE = 0.25  # of an image's own contrast: what differs more from the paper is ink
LEAST_CONTRAST = 0.08  # below it there is noise and no ink
_TOGETHER = 2**20  # pixels that are measured in one go: more take more memory and no less time


@dataclass(frozen=True, slots=True)
class Ink:
    """What the training examples of drawings have in common.

    Attributes:
        paper: the brightness of the border, the median over the images.
        light: whether what is drawn is lighter than its paper.
        level: the brightness of the ink, the median over the images.
        side: the longer side of the box around the ink: the 0.1st, 50th and 99.9th percentile.
        centre: the ink's centre of mass, the mean over the images: row and column of pixel centres, from 0.
        drift: how far an image's centre lies from that, the 99.9th percentile.
        mass: the ink, in pixels of full contrast: the 0.1st, 5th and 50th percentile.
        wide: how wide the box is for its height, the 99.9th percentile.
    """

    paper: float
    light: bool
    level: float
    side: tuple[float, float, float]
    centre: tuple[float, float]
    drift: float
    mass: tuple[float, float, float]
    wide: float


@dataclass(frozen=True, slots=True)
class Sight:
    """What one image shows: the brightness of its paper, which side of it the ink is on, and how strongly.

    Attributes:
        paper: the median of the border.
        light: whether the ink is lighter than the paper.
        contrast: how much the ink differs from the paper, from 0 to 1.
    """

    paper: float
    light: bool
    contrast: float


@dataclass(frozen=True, slots=True)
class Box:
    """Where the ink is.

    Attributes:
        top: its first row.
        left: its first column.
        height: its rows.
        width: its columns.
        centre: its centre of mass.
        mass: the ink, in pixels of full contrast.
    """

    top: int
    left: int
    height: int
    width: int
    centre: tuple[float, float]
    mass: float


def measure_ink(images: Floats) -> Ink | None:
    """What training images have in common, or None if they are no drawings on a paper of one brightness.

    Args:
        images: float32 of shape (n, height, width), from 0 to 1.
    """
    blocks = max(1, -(-images.size // _TOGETHER))
    seen = [_measure_sights(block) for block in np.array_split(images, blocks)]
    paper, light, contrast = (np.concatenate(each) for each in zip(*seen, strict=True))
    drawn = contrast >= LEAST_CONTRAST
    if not drawn.any():
        return None
    lighter = float(np.mean(light[drawn]))
    if np.ptp(np.percentile(paper[drawn], [5, 95])) > ALIKE or max(lighter, 1 - lighter) < AGREEING:
        return None
    common, sign = float(np.median(paper[drawn])), 1 if lighter > 0.5 else -1
    same = np.flatnonzero(drawn & (light == (sign > 0)))
    boxes = [
        each
        for rows in np.array_split(same, blocks)
        for each in _find_boxes(sign * (images[rows] - _broadcast(paper[rows])) / _broadcast(contrast[rows]))
    ]
    level = common + sign * float(np.median(contrast[same]))
    return _make_ink([each for each in boxes if each is not None], common, sign > 0, level)


def _make_ink(boxes: list[Box], paper: float, light: bool, level: float) -> Ink:
    centres = np.array([each.centre for each in boxes])
    centre = centres.mean(axis=0)
    side = np.percentile([max(each.height, each.width) for each in boxes], [0.1, 50, 99.9])
    mass = np.percentile([each.mass for each in boxes], [0.1, 5, 50])
    drift = np.percentile(np.hypot(*(centres - centre).T), 99.9)
    wide = np.percentile([each.width / each.height for each in boxes], 99.9)
    return Ink(
        round(paper, 4),
        light,
        round(level, 4),
        _round_three(side),
        (round(float(centre[0]), 3), round(float(centre[1]), 3)),
        round(float(drift), 3),
        _round_three(mass),
        round(float(wide), 3),
    )


def _round_three(three: NDArray[np.float64]) -> tuple[float, float, float]:
    first, second, third = (round(float(each), 3) for each in three)
    return first, second, third


def measure_sight(image: Floats) -> Sight:
    """The paper of an image, and on which side of it the ink is.

    The ink's brightness is the median of what differs from the paper by half of the largest difference, so that neither a
    speck nor the soft edges of strokes decide.

    Args:
        image: float32 of shape (height, width), from 0 to 1.
    """
    (paper,), (light,), (contrast,) = _measure_sights(image[np.newaxis])
    return Sight(float(paper), bool(light), float(contrast))


def _measure_sights(images: Floats) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.float64]]:
    """The paper, the side and the contrast of each image, of shapes (n,)."""
    paper = np.median(images[:, _mask_border(images.shape[1:])], axis=1)
    darkest, lightest = np.percentile(images, [0.5, 99.5], axis=(1, 2))
    light, most = lightest - paper > paper - darkest, np.maximum(lightest - paper, paper - darkest)
    difference = (images - _broadcast(paper)) * _broadcast(np.where(light, 1, -1))
    far = np.maximum((difference >= _broadcast(most / 2)).sum(axis=(1, 2)), 1)
    falling = -np.sort(-difference.reshape(len(images), -1), axis=1)
    middle = np.take_along_axis(falling, np.stack([(far - 1) // 2, far // 2], axis=1), axis=1).mean(axis=1)
    return paper.astype(np.float64), light, np.where(most > 0, middle, 0).astype(np.float64)


def _broadcast(values: NDArray[Any]) -> Floats:
    """A number of each image, as it meets its pixels."""
    return values.astype(np.float32)[:, np.newaxis, np.newaxis]


def take_border(image: Floats) -> Floats:
    """The pixels along the four sides, one in thirty of the shorter side deep, at least one."""
    return image[_mask_border(image.shape)]


def _mask_border(shape: tuple[int, ...]) -> NDArray[np.bool_]:
    deep = max(1, min(shape) // 30)
    sides = np.ones(shape, np.bool_)
    sides[deep:-deep, deep:-deep] = False
    return sides


def find_box(ink: Floats) -> Box | None:
    """The box around the ink, and its centre of mass; None if there is none.

    Args:
        ink: how much each pixel differs from the paper, of shape (height, width): 0 for paper, 1 for full ink.
    """
    return _find_boxes(ink[np.newaxis])[0]


def _find_boxes(ink: Floats) -> list[Box | None]:
    """The box of each image."""
    weights = np.clip(ink, 0, 1) * (ink > EDGE)
    mass = [float(each.sum(dtype=np.float64)) for each in weights]
    down, across = _measure_along(weights.sum(axis=2), mass), _measure_along(weights.sum(axis=1), mass)
    return [
        Box(top, left, height, width, (middle, centre), each) if each else None
        for (top, height, middle), (left, width, centre), each in zip(down, across, mass, strict=True)
    ]


def _measure_along(weights: Floats, mass: list[float]) -> Iterator[tuple[int, int, float]]:
    """Of each image along one side: where its ink begins, how long it is, and where its middle lies."""
    clear = weights > 0
    begin, end = clear.argmax(axis=1), clear.shape[1] - clear[:, ::-1].argmax(axis=1)
    middle = (weights * np.arange(clear.shape[1])).sum(axis=1) / [each or 1 for each in mass]
    return zip(begin.tolist(), (end - begin).tolist(), middle.tolist(), strict=True)
