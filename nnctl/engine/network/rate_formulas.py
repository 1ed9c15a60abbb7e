"""The formulas of the learning-rate schedules: the rate of each step, counted from 0.

Rates are computed in float64 and rounded to float32 once, and where a stretch begins is decided in int64: TensorFlow and XLA turn
a division by a constant into a product, so that in float32 floor(k n / n) is k - 1 for every seventh n, and float32 holds no odd
step beyond 2^24. A formula takes as long as Keras's own, and no memory, which a table of all steps would in a long training.
"""

import math
from dataclasses import dataclass, fields
from typing import Any

import keras
import tensorflow as tf
from keras import ops

Tensor = Any
"""A tensor of TensorFlow's (which has no types); steps are int64, rates float64, of one shape."""


class Schedule(keras.optimizers.schedules.LearningRateSchedule):
    """A rate as a function of the step, as Keras's optimizers call it; subclasses are dataclasses and say how it is computed."""

    def __call__(self, step: Any) -> Tensor:
        """The rate of a step, float32, or of several."""
        return tf.cast(self.compute(ops.cast(step, "int64")), tf.float32)

    def compute(self, step: Tensor) -> Tensor:
        """The rate of a step."""
        raise NotImplementedError

    @property
    def variables(self) -> tuple[keras.Variable, ...]:
        """What the rate depends on beside the step."""
        return ()

    def get_config(self) -> dict[str, Any]:
        return {each.name: getattr(self, each.name) for each in fields(self) if each.init}


@dataclass(eq=False)
class Constant(Schedule):
    """The same rate throughout."""

    rate: float

    def compute(self, step: Tensor) -> Tensor:
        return tf.constant(self.rate, tf.float64)


@dataclass(eq=False)
class ExponentialDecay(Schedule):
    """rate = initial x factor^(step / length), as Keras's; a staircase rounds the exponent down."""

    initial: float
    length: int
    factor: float
    staircase: bool = False

    def compute(self, step: Tensor) -> Tensor:
        return self.initial * tf.pow(tf.constant(self.factor, tf.float64), _divide(step, self.length, self.staircase))


@dataclass(eq=False)
class InverseTimeDecay(Schedule):
    """rate = initial / (1 + strength x step / length), as Keras's; a staircase rounds step / length down."""

    initial: float
    length: int
    strength: float
    staircase: bool = False

    def compute(self, step: Tensor) -> Tensor:
        return self.initial / (1 + self.strength * _divide(step, self.length, self.staircase))


@dataclass(eq=False)
class PolynomialDecay(Schedule):
    """rate = end + (initial - end) x (1 - step / length)^power, as Keras's; then `end`, or, with `cycle`, a longer decay.

    With `cycle` the length is the first multiple of it that the step does not exceed.
    """

    initial: float
    length: int
    end: float
    power: float
    cycle: bool = False

    def compute(self, step: Tensor) -> Tensor:
        cycles = tf.maximum(floor_divide(step + (self.length - 1), self.length), 1) if self.cycle else 1
        length = tf.constant(self.length, tf.int64) * cycles
        left = to_float(tf.maximum(length - step, 0)) / to_float(length)
        return self.end + (self.initial - self.end) * tf.pow(left, tf.constant(self.power, tf.float64))


@dataclass(eq=False)
class PiecewiseConstant(Schedule):
    """A rate of its own for each stretch; a boundary is the first step of the stretch behind it (Keras: the last before it)."""

    boundaries: tuple[int, ...]
    rates: tuple[float, ...]

    def compute(self, step: Tensor) -> Tensor:
        return tf.gather(tf.constant(self.rates, tf.float64), count_passed(step, self.boundaries))


@dataclass(eq=False)
class PlateauRate(Schedule):
    """initial x factor^k, but no less than `least`, where k says how often a callback has lowered the rate.

    k is the one whose rate is next to what the variable holds in float32, so that the roundings of many do not add up.
    """

    variable: keras.Variable
    initial: float
    factor: float
    least: float

    def compute(self, step: Tensor) -> Tensor:
        return self.find_exact(tf.cast(self.variable.value, tf.float64))

    def find_exact(self, rate: Tensor) -> Tensor:
        """The rate of the formula that is next to a float64."""
        times = tf.round(tf.math.log(rate / self.initial) / math.log(self.factor))
        exact = self.initial * tf.pow(tf.constant(self.factor, tf.float64), times)
        least = tf.constant(self.least, tf.float64)
        return tf.where(tf.cast(rate, tf.float32) == tf.cast(least, tf.float32), least, exact)

    @property
    def variables(self) -> tuple[keras.Variable, ...]:
        return (self.variable,)


@dataclass(eq=False)
class WarmUp(Schedule):
    """A straight line to the inner rate over the first steps (Goyal et al. 2017, arXiv:1706.02677), then the inner schedule.

    rate = inner(0) x (step + 1) / steps; the inner schedule begins at step 0 of its own when the warm-up has ended.
    """

    inner: Schedule
    steps: int

    def compute(self, step: Tensor) -> Tensor:
        begun = self.inner.compute(tf.constant(0, tf.int64)) * to_float(step + 1) / self.steps
        return tf.where(step < self.steps, begun, self.inner.compute(tf.maximum(step - self.steps, 0)))

    @property
    def variables(self) -> tuple[keras.Variable, ...]:
        return self.inner.variables


def to_float(step: Tensor) -> Tensor:
    """A step in float64, which holds each up to 2^53."""
    return tf.cast(step, tf.float64)


def floor_divide(step: Tensor, length: int) -> Tensor:
    """How many whole lengths have passed, int64."""
    return tf.math.floordiv(step, tf.constant(length, tf.int64))


def _divide(step: Tensor, length: int, whole: bool) -> Tensor:
    """step / length, rounded down if `whole`."""
    return to_float(floor_divide(step, length)) if whole else to_float(step) / length


def count_passed(step: Tensor, firsts: tuple[int, ...]) -> Tensor:
    """How many of some first steps have been reached."""
    return tf.reduce_sum(tf.cast(step[..., tf.newaxis] >= tf.constant(firsts, tf.int64), tf.int64), axis=-1)
