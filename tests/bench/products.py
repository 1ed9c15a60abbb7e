"""The floor: what an epoch of a dense network would take if it were nothing but matrix products at full speed.

usage: python products.py mlp|deep|wide

Says how many seconds the products of training on 54,000 examples and of scoring 6,000 take at the speed of the fastest of
twelve products of two float32 matrices of 2,048 × 2,048.
"""

import sys
import time
from itertools import pairwise

import numpy as np

WIDTHS = {"mlp": (784, 512, 256, 10), "deep": (784, *(64,) * 8, 10), "wide": (784, 2048, 2048, 10)}


def operations(widths: tuple[int, ...], trained: int, scored: int) -> int:
    """Floating-point operations, two a multiply-add, of an epoch of a network of these widths.

    A trained example costs the products forward, as many for the gradients of the weights, and as many for the gradients of
    the inputs, but for those of the first layer, which nobody needs; a scored example costs the products forward.
    """
    products = [before * after for before, after in pairwise(widths)]
    return 2 * (trained * (3 * sum(products) - products[0]) + scored * sum(products))


def speed(size: int = 2048, times: int = 12) -> float:
    """Operations a second of the fastest of some products of two square matrices."""
    matrix = np.random.default_rng(0).random((size, size), dtype="float32")
    seconds = []
    for _ in range(times):
        start = time.perf_counter()
        matrix @ matrix
        seconds.append(time.perf_counter() - start)
    return 2 * size**3 / min(seconds)


if __name__ == "__main__":
    print(f"floor {operations(WIDTHS[sys.argv[1]], 54_000, 6_000) / speed():.4f}")
