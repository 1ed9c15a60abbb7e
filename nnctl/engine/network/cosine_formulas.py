"""The formulas of the learning-rate schedules that follow half a cosine; see `nnctl.engine.network.rate_formulas`."""

import math
from dataclasses import dataclass, field
from decimal import Decimal, localcontext

import tensorflow as tf

from nnctl.engine.network.rate_formulas import Schedule, Tensor, count_passed, floor_divide, to_float


@dataclass(eq=False)
class CosineDecay(Schedule):
    """Half a cosine from `initial` to its share `alpha`, then that: Loshchilov and Hutter 2016, arXiv:1608.03983, as Keras's."""

    initial: float
    length: int
    alpha: float

    def compute(self, step: Tensor) -> Tensor:
        left = to_float(tf.maximum(self.length - step, 0)) / self.length
        return _follow_cosine(self.initial, self.initial * self.alpha, left)


@dataclass(eq=False)
class CosineRestarts(Schedule):
    """Cosine decays one behind the other, each `stretch` times as long and `gain` times as high as the one before it.

    Loshchilov and Hutter 2016, arXiv:1608.03983, as Keras's: decay i begins at length (stretch^i - 1) / (stretch - 1), which
    may lie between two steps, and `alpha` is a share of `initial` in all of them.

    Args:
        length: steps of the first decay.
        stretch: at least 1; meant as its shortest decimals, so that 10 steps and then 1.1 times as many end at step 21.
        steps: how many steps there will be.
    """

    initial: float
    length: int
    stretch: float
    gain: float
    alpha: float
    steps: int
    decays: list[tuple[int, int, float, float]] = field(init=False)

    def __post_init__(self) -> None:
        self.decays = [] if self.stretch == 1 else _list_decays(self.length, self.stretch, self.steps)

    def compute(self, step: Tensor) -> Tensor:
        index, end, ahead, length = self._find_decay(step)
        high = self.initial * tf.pow(tf.constant(self.gain, tf.float64), to_float(index))
        left = tf.maximum(to_float(end - step) - ahead, 0) / length
        return self.initial * self.alpha + (1 - self.alpha) * _follow_cosine(high, 0.0, left)

    def _find_decay(self, step: Tensor) -> tuple[Tensor, Tensor, Tensor | float, Tensor | float]:
        """Which decay a step is in, the first step behind it, by how much of a step it ends ahead of that, and its length."""
        if not self.decays:
            index = floor_divide(step, self.length)
            return index, (index + 1) * self.length, 0.0, self.length
        firsts, ends, aheads, lengths = zip(*self.decays, strict=True)
        index = count_passed(step, firsts[1:])
        kinds = (ends, tf.int64), (aheads, tf.float64), (lengths, tf.float64)
        end, ahead, length = (tf.gather(tf.constant(numbers, kind), index) for numbers, kind in kinds)
        return index, end, ahead, length


@dataclass(eq=False)
class OneCycle(Schedule):
    """Half a cosine up to the highest rate and half a cosine down: Smith and Topin 2018, arXiv:1708.07120; PyTorch's OneCycleLR.

    The top is at step peak x steps - 1, which may lie between two steps, and the end at step steps - 1, after which the rate
    stays. Where the top lies before step 0 there is no way up; at step 0 itself PyTorch divides by zero, and here step 0 has
    the highest rate.

    Args:
        highest: the highest rate.
        start: the first rate as a share of the highest (PyTorch: 1 / div_factor).
        end: the last rate as a share of the first (PyTorch: 1 / final_div_factor).
        peak: the share of the steps that lead to the highest rate (PyTorch: pct_start).
        steps: how many steps there are.
    """

    highest: float
    start: float
    end: float
    peak: float
    steps: int

    def compute(self, step: Tensor) -> Tensor:
        top, last = self.peak * self.steps - 1, self.steps - 1
        first = self.highest * self.start
        now = to_float(tf.minimum(step, last))
        falling = _follow_cosine(self.highest, first * self.end, (last - now) / max(last - top, 1e-300))
        if top <= 0:
            return falling
        return tf.where(now <= top, _follow_cosine(self.highest, first, now / top), falling)


def _follow_cosine(high: Tensor, low: float, left: Tensor) -> Tensor:
    """low + (high - low) (1 + cos(pi (1 - left))) / 2, with a sine, which loses no digits near `low`; `left` from 1 to 0."""
    return low + (high - low) * tf.square(tf.sin(math.pi / 2 * left))


def _list_decays(length: int, stretch: float, steps: int) -> list[tuple[int, int, float, float]]:
    """Of each decay that begins before `steps`, in decimals: its first step, and the last three of `_find_decay`."""
    found = list[tuple[int, int, float, float]]()
    with localcontext(prec=60):
        first, end, extent = 0, Decimal(length), Decimal(length)
        while not found or first < steps:
            behind = math.ceil(end - Decimal("1e-20"))  # what is left of roundings in the 60th digit makes no step
            found.append((first, behind, float(behind - end), float(extent)))
            extent *= Decimal(repr(float(stretch)))
            first, end = behind, end + extent
    return found
