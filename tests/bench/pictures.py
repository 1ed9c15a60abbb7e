"""Colour PNGs that a small network can tell apart: waves of ten directions under a random tint, brightness and grain.

Their bytes cost what photographs' do: nothing repeats, so a 64 x 64 picture takes some 9 KB.

usage: python pictures.py FOLDER COUNT SIZE SEED
"""

import sys
from pathlib import Path

import numpy as np
from PIL import Image

CLASSES = 10
GRAIN = 12.0  # standard deviation of the noise, in grey levels


def write(folder: Path, count: int, size: int, seed: int) -> None:
    """Writes `count` pictures of `size` x `size` pixels into a folder a class, as many to each as to the others.

    Args:
        folder: where the folders `class0` to `class9` are made.
        count: how many pictures.
        size: their height and width in pixels.
        seed: what they are drawn from.
    """
    rng = np.random.default_rng(seed)
    for index in range(count):
        label = index % CLASSES
        home = folder / f"class{label}"
        home.mkdir(parents=True, exist_ok=True)
        Image.fromarray(picture(rng, label, size)).save(home / f"{index:06}.png")


def picture(rng: np.random.Generator, label: int, size: int) -> np.ndarray:
    """One picture of a class, uint8 of shape (size, size, 3): waves whose direction is the class's."""
    angle = np.pi * label / CLASSES + rng.normal(0, 0.06)
    y, x = np.mgrid[:size, :size] / size
    waves = np.sin(2 * np.pi * rng.uniform(3, 5) * (x * np.cos(angle) + y * np.sin(angle)) + rng.uniform(0, 2 * np.pi))
    tint, light = rng.uniform(20, 70, 3), rng.uniform(80, 170, 3)
    grain = rng.normal(0, GRAIN, (size, size, 3))
    return (waves[..., None] * tint + light + grain).clip(0, 255).astype(np.uint8)


if __name__ == "__main__":
    write(Path(sys.argv[1]), *map(int, sys.argv[2:5]))
