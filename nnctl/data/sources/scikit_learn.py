"""The small data sets that ship with scikit-learn."""

from nnctl.data.source import Arrays, Pair, Report, source
from nnctl.spec.sections import Data, Facts


@source(
    "digits",
    summary="1,797 handwritten digits, 8 x 8 pixels; needs no network",
    facts=Facts(shape=(8, 8), dtype="uint8", task="multiclass", outputs=10, train=1_797),
    takes_path=False,
    largest=16.0,  # pixels set in a block of 4 x 4: sklearn.datasets.load_digits
    class_names=tuple("0123456789"),
)
def digits(data: Data, report: Report) -> Arrays:
    """The test set of UCI's Optical Recognition of Handwritten Digits; whole numbers from 0 to 16, so kept as uint8."""
    import numpy as np
    from sklearn.datasets import load_digits

    found = load_digits()
    pair = Pair(found.images.astype(np.uint8), found.target.astype(np.int32), "digits' x", "digits' y")
    return Arrays("Digits (8 x 8 pixels, not MNIST)", "ships with scikit-learn", pair)
