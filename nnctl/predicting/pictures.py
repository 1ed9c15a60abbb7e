"""One picture as a network takes it: turned, resized, inverted, and, where training has drawings, mended."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnctl.data.images.decoding import Conversion, decode
from nnctl.data.images.headers import look
from nnctl.data.images.opening import silence_warnings
from nnctl.data.inputs import Inputs
from nnctl.predicting.mending import mend


def read_picture(
    path: Path, inputs: Inputs, invert: str, fit: bool, older: bool
) -> tuple[NDArray[Any], tuple[str, ...]]:
    """The pixels of a picture in the shape and type that a network takes, and what was found and done.

    Args:
        path: the file.
        inputs: what the network takes: images.
        invert: `auto`, `yes` or `no`: whether light and dark change places.
        fit: whether what is drawn is scaled and moved to where training has it.
        older: whether what lies beneath clear parts is read, as before 0.3.0.

    Raises:
        DataError: it cannot be decoded.
    """
    silence_warnings()
    assert inputs.image is not None
    height, width, channels = inputs.image
    seen, ink = look(str(path), None), inputs.ink
    deep = seen.deep and inputs.dtype == "uint16"  # its levels are those of training, and no share of black to white
    said = ["it is in colour: made grey"] if channels == 1 and not seen.grey else []
    said += ["it is grey: taken for all three colours"] if channels == 3 and seen.grey else []
    said += ["what is transparent taken for white"] if seen.clear and (ink is not None or not older) else []
    said += ["it has levels of 16 bits, training 8: 65535 taken for 255"] if seen.deep and not deep else []
    if ink is not None:
        whole = _read_brightness(path, Conversion(seen.height, seen.width, 1, resize=False), inputs, deep)[..., 0]
        mended = mend(whole.astype(np.float32), ink, (height, width), invert, fit)
        return inputs.convert_pixels(mended.image), (*said, *mended.said)
    if (seen.height, seen.width) != (height, width):
        said.append(f"{seen.height} x {seen.width} pixels: resized to {height} x {width}")
    conversion = Conversion(height, width, channels, resize=True, white=not older)
    shown = _read_brightness(path, conversion, inputs, deep)
    if invert == "yes":
        shown, said = 1 - shown, [*said, "inverted, as asked"]
    return inputs.convert_pixels(shown), tuple(said)


def _read_brightness(path: Path, conversion: Conversion, inputs: Inputs, deep: bool) -> NDArray[Any]:
    """The pixels of a picture from 0 (black) to 1 (white), as training has these."""
    if not deep:
        return decode(str(path), conversion, None) / np.float32(255)
    low, high = inputs.span
    return (decode(str(path), replace(conversion, deep=True), None) - low) / (high - low)
