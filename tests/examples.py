"""`python -m tests.examples` writes the small files that examples in `configs/` read; a test compares them with what is there.

configs/data/auto_mpg.csv  392 cars and how far each goes on a gallon: UCI's Auto MPG (https://archive.ics.uci.edu/dataset/9),
                           as mlxtend ships it, with the names of its columns and of the origins 1 to 3
configs/data/digits/       40 images a class, 8 x 8 pixels, of scikit-learn's digits, 30 to train on and 10 to test with
"""

import csv
import gzip
import io
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parent.parent / "configs" / "data"
DIGITS = 40  # of each class, evenly out of scikit-learn's, which stand writer by writer
_CARS = ("cylinders", "displacement", "horsepower", "weight", "acceleration", "year", "origin", "name", "mpg")
_ORIGINS = {"1": "USA", "2": "Europe", "3": "Japan"}


def cars() -> str:
    """The text of `auto_mpg.csv`: whole numbers without a fraction."""
    raw = (files("mlxtend.data") / "data" / "autompg.csv.gz").read_bytes()
    told = io.StringIO()
    table = csv.writer(told, lineterminator="\n")
    table.writerow(_CARS)
    for row in csv.reader(gzip.decompress(raw).decode().splitlines()):
        *numbers, origin, name, mpg = row
        table.writerow([*(number.removesuffix(".0") for number in numbers), _ORIGINS[origin], name, mpg])
    return told.getvalue()


def digits() -> Iterator[tuple[Path, np.ndarray]]:
    """The path below `digits/` and the pixels, uint8 of shape (8, 8), of each image; 16 becomes 255."""
    from sklearn.datasets import load_digits

    found = load_digits()
    pixels = np.round(found.images * (255 / 16)).astype(np.uint8)
    for digit in range(10):
        rows = np.flatnonzero(found.target == digit)
        for count, row in enumerate(rows[np.linspace(0, len(rows) - 1, DIGITS).astype(int)]):
            yield Path("test" if count % 4 == 3 else "train", str(digit), f"{row}.png"), pixels[row]


def write() -> None:
    """Writes all files anew."""
    from PIL import Image

    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "auto_mpg.csv").write_text(cars())
    for path, pixels in digits():
        (FOLDER / "digits" / path.parent).mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels).save(FOLDER / "digits" / path, optimize=True)


if __name__ == "__main__":
    write()
