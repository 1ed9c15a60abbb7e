"""Drawings: what is drawn, measured against the paper that it is drawn on.

All brightness is from 0 to 1, the lowest to the highest value that training has; lengths are in pixels, rows before columns.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

# Found by trial on MNIST, Fashion-MNIST, scikit-learn's digits (drawings) and photographs (none): papers of drawings lie
# within 0.05 of each other, borders of photographs over more than 0.6.
ALIKE = 0.2
AGREEING = 0.9  # share of the training images whose ink is on the same side of the paper
EDGE = 0.25  # of an image's own contrast: what differs more from the paper is ink
LEAST_CONTRAST = 0.08  # below it there is noise and no ink


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


def measure(images: Floats) -> Ink | None:
    """What training images have in common, or None if they are no drawings on a paper of one brightness.

    Args:
        images: float32 of shape (n, height, width), from 0 to 1.
    """
    sights = [sight(image) for image in images]
    drawn = [(seen, image) for seen, image in zip(sights, images, strict=True) if seen.contrast >= LEAST_CONTRAST]
    if not drawn:
        return None
    papers = np.array([seen.paper for seen, _ in drawn])
    light = float(np.mean([seen.light for seen, _ in drawn]))
    if np.ptp(np.percentile(papers, [5, 95])) > ALIKE or max(light, 1 - light) < AGREEING:
        return None
    paper, sign = float(np.median(papers)), 1 if light > 0.5 else -1
    same = [(seen, image) for seen, image in drawn if seen.light == (sign > 0)]
    boxes = [box(sign * (image - seen.paper) / seen.contrast) for seen, image in same]
    contrast = float(np.median([seen.contrast for seen, _ in same]))
    return _common([each for each in boxes if each is not None], paper, sign > 0, paper + sign * contrast)


def _common(boxes: list[Box], paper: float, light: bool, level: float) -> Ink:
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
        _rounded(side),
        (round(float(centre[0]), 3), round(float(centre[1]), 3)),
        round(float(drift), 3),
        _rounded(mass),
        round(float(wide), 3),
    )


def _rounded(three: NDArray[np.float64]) -> tuple[float, float, float]:
    first, second, third = (round(float(each), 3) for each in three)
    return first, second, third


def sight(image: Floats) -> Sight:
    """The paper of an image, and on which side of it the ink is.

    The ink's brightness is the median of what differs from the paper by half of the largest difference, so that neither a
    speck nor the soft edges of strokes decide.

    Args:
        image: float32 of shape (height, width), from 0 to 1.
    """
    paper = float(np.median(border(image)))
    darkest, lightest = np.percentile(image, [0.5, 99.5])
    light = bool(lightest - paper > paper - darkest)
    difference = (image - paper) * (1 if light else -1)
    most = float(max(lightest - paper, paper - darkest))
    far = difference[difference >= most / 2]
    return Sight(paper, light, float(np.median(far)) if most > 0 and far.size else 0.0)


def border(image: Floats) -> Floats:
    """The pixels along the four sides, one in thirty of the shorter side deep, at least one."""
    deep = max(1, min(image.shape) // 30)
    inside = np.zeros(image.shape, np.bool_)
    inside[deep:-deep, deep:-deep] = True
    return image[~inside]


def box(ink: Floats) -> Box | None:
    """The box around the ink, and its centre of mass; None if there is none.

    Args:
        ink: how much each pixel differs from the paper, of shape (height, width): 0 for paper, 1 for full ink.
    """
    clear = ink > EDGE
    if not clear.any():
        return None
    rows, columns = np.flatnonzero(clear.any(axis=1)), np.flatnonzero(clear.any(axis=0))
    weights = np.clip(ink, 0, 1) * clear
    mass = float(weights.sum(dtype=np.float64))
    down = float((weights.sum(axis=1) * np.arange(ink.shape[0])).sum() / mass)
    across = float((weights.sum(axis=0) * np.arange(ink.shape[1])).sum() / mass)
    height, width = int(np.ptp(rows)) + 1, int(np.ptp(columns)) + 1
    return Box(int(rows[0]), int(columns[0]), height, width, (down, across), mass)
