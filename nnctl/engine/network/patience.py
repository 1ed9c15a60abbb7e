"""Callbacks that wait for a number to improve, and know that NaN and infinity are no numbers to compare with."""

import math
from typing import Any

import keras


class Patience:
    """In front of a callback of Keras's that compares a number with the best one so far: only finite ones are compared.

    Before the first finite number there is nothing to wait for, so that no epoch counts. From then on one without a finite
    number is an epoch without an improvement. Keras's own take a first NaN for the best number, which no other ever beats.

    Attributes:
        waiting: what it does, in words, before the first finite number.
        best: the best number so far, or None; what an earlier version has written down may not be finite.
        monitor: the number's name.
    """

    waiting: str
    best: float | None
    monitor: str

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Compares the epoch's number.

        Args:
            epoch: the epoch, from 0.
            logs: what it reported, by name.
        """
        if self._is_finite(self.best) or self._is_finite((logs or {}).get(self.monitor)):
            super().on_epoch_end(epoch, logs)  # type: ignore[misc]

    def _is_improvement(self, value: float, reference: float | None) -> bool:
        if not self._is_finite(value):
            return False
        known = reference if self._is_finite(reference) else None
        return bool(super()._is_improvement(value, known))  # type: ignore[misc]

    @staticmethod
    def _is_finite(value: Any) -> bool:
        return value is not None and math.isfinite(value)


class Stopping(Patience, keras.callbacks.EarlyStopping):
    """Keras's callback, which compares finite numbers alone."""

    waiting = "early stopping waits"
