from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnctl.plots import draw_samples


@pytest.fixture
def drawn(tmp_path: Path, pixels: Any, texts: list[str]) -> Callable[..., Any]:
    """A function that draws a sheet and returns its pixels and its texts."""

    def draw(images: Any, labels: Any, names: Any) -> Any:
        draw_samples(images, np.asarray(labels), names, tmp_path / "s.png", "A title")
        return pixels(tmp_path / "s.png"), texts

    return draw


def colours(picture: Any) -> set[tuple[int, ...]]:
    found, counts = np.unique(picture[..., :3].reshape(-1, 3), axis=0, return_counts=True)
    return {tuple(map(int, colour)) for colour in found[counts > 800]}


def test_a_row_a_class_with_its_own_images(drawn: Callable[..., Any]) -> None:
    images = np.zeros((6, 8, 8, 3), np.uint8)
    images[::2] = (255, 0, 0)
    images[1::2] = (0, 0, 255)
    picture, words = drawn(images, [0, 1, 0, 1, 0, 1], ["red", "blue"])
    assert {"A title", "red", "blue"} <= set(words)
    half = len(picture) // 2
    assert (255, 0, 0) in colours(picture[:half]) - colours(picture[half + 20 :])
    assert (0, 0, 255) in colours(picture[half + 20 :]) - colours(picture[:half])


def test_no_more_than_ten_of_a_class(drawn: Callable[..., Any]) -> None:
    images = np.full((12, 8, 8), 255, np.uint8)
    images[10:] = 128
    picture, _ = drawn(images, np.zeros(12, int), ["x"])
    assert (128, 128, 128) not in colours(picture)


@pytest.mark.parametrize("shape", [(8, 8), (8, 8, 1), (30, 8), (8, 30, 4), (8, 8, 2)])
def test_any_shape_and_a_class_without_images(shape: tuple[int, ...], drawn: Callable[..., Any]) -> None:
    _, words = drawn(np.random.default_rng(0).random((5, *shape)), [0, 0, 2, 2, 2], ["a", "none", "c"])
    assert {"a", "none", "c"} <= set(words)


def test_the_first_twenty_classes(drawn: Callable[..., Any]) -> None:
    _, words = drawn(np.zeros((30, 8, 8)), np.arange(30), [f"class {i}" for i in range(30)])
    assert "class 19" in words
    assert "class 20" not in words


def test_changed_images_stand_under_their_own(tmp_path: Path, pixels: Any, texts: list[str]) -> None:
    given = []

    def change(images: Any, labels: Any) -> Any:
        given.append((images, labels))
        return np.full_like(images, (0, 0, 255))

    images = np.full((30, 8, 8, 3), (255, 0, 0), np.uint8)
    draw_samples(images, np.arange(30) % 15, [f"class {i}" for i in range(15)], tmp_path / "s.png", "A title", change)
    assert np.array_equal(given[0][1], np.repeat(np.arange(10), 2))
    assert [text for text in texts if text == "augmented"] == ["augmented"] * 10
    assert "class 9" in texts
    assert "class 10" not in texts
    picture = pixels(tmp_path / "s.png")[..., :3]
    red, blue = ((picture == colour).all(axis=2).any(axis=1) for colour in ((255, 0, 0), (0, 0, 255)))
    starts = [np.flatnonzero(np.diff(rows.astype(int)) == 1) for rows in (red, blue)]
    assert [len(each) for each in starts] == [10, 10]
    assert (starts[0] < starts[1]).all()


def test_what_does_not_belong_together_is_refused(tmp_path: Path) -> None:
    for shape, n in (((2, 8, 8), 3), ((2, 64), 2)):
        with pytest.raises(ValueError, match="cannot have"):
            draw_samples(np.zeros(shape), np.zeros(n, int), ["x"], tmp_path / "s.png", "A title")
