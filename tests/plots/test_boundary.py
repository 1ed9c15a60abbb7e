from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnctl.plots import draw_boundary, style
from nnctl.plots.boundary import Regions

ENDS = (0.0, 1.0, 0.0, 1.0)
FEATURES = ("width", "height")


def halves(confidence: float | None = None, lost: bool = False) -> Regions:
    """Class 0 below, class 1 above, or no answer there."""
    grid = np.zeros((50, 50), np.int32)
    grid[25:] = -1 if lost else 1
    sure = None if confidence is None else np.full((50, 50), confidence, np.float32)
    return Regions("", ("below", "above"), grid, sure, np.array([0]))


def colour_of(picture: Any, high: bool) -> tuple[int, ...]:
    """The commonest colour but white of the upper or lower half of a picture."""
    part = picture[: len(picture) // 2] if high else picture[len(picture) // 2 :]
    colours, counts = np.unique(part[..., :3].reshape(-1, 3), axis=0, return_counts=True)
    counts[(colours == 255).all(axis=1)] = 0
    return tuple(colours[counts.argmax()].tolist())


@pytest.fixture
def drawn(tmp_path: Path, pixels: Any) -> Any:
    def draw(*panels: Regions) -> Any:
        draw_boundary(panels, np.array([[0.5, 0.01]]), ENDS, FEATURES, tmp_path / "b.png", "A title")
        return pixels(tmp_path / "b.png")

    return draw


def test_regions_have_the_colour_of_their_class_the_second_feature_upwards(drawn: Any, texts: list[str]) -> None:
    picture = drawn(halves())
    red, green, blue = colour_of(picture, high=False)
    assert blue > green > red  # class 0 is blue
    red, green, blue = colour_of(picture, high=True)
    assert red > green > blue
    assert {"A title", "width", "height", "below", "above"} <= set(texts)


def test_a_region_is_paler_where_the_network_is_less_sure(drawn: Any) -> None:
    shades = [colour_of(drawn(halves(sure)), high=False)[0] for sure in (1.0, 0.75, 0.5)]
    assert shades[0] < shades[1] < shades[2] < 255


def test_no_answer_is_white(drawn: Any) -> None:
    picture = drawn(halves(lost=True))
    middle = picture[len(picture) // 4, picture.shape[1] // 3]
    assert middle[:3].tolist() == [255, 255, 255]


@pytest.mark.parametrize(("k", "named"), [(2, True), (9, True), (20, True), (40, False)])
def test_many_classes(k: int, named: bool, drawn: Any, texts: list[str]) -> None:
    grid = np.arange(2500).reshape(50, 50) % k
    drawn(Regions("", [f"class {index}" for index in range(k)], grid.astype(np.int32), None, np.array([k - 1])))
    assert (f"class {k - 1}" in texts) is named
    colours = style.choose_colours(k)
    assert len(set(colours)) == k


@pytest.mark.parametrize(("count", "columns"), [(2, 2), (4, 2), (9, 3)])
def test_a_panel_for_each_of_six_labels(count: int, columns: int, drawn: Any, texts: list[str]) -> None:
    one = halves()
    panels = [Regions(f"label {i}", ("no", "yes"), one.grid, None, np.array([1])) for i in range(count)]
    assert drawn(*panels).shape[1] == columns * 720
    assert {text for text in texts if text.startswith("label")} == {f"label {i}" for i in range(min(count, 6))}
    assert texts.count("yes") == 1
