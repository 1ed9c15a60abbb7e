import numpy as np
import pytest

from nnctl.plots import draw_confusion


def matrix(k, n=50):
    return np.diag(np.full(k, n)) + np.random.default_rng(0).integers(0, 3, (k, k))


@pytest.fixture
def drawn(tmp_path, pixels, texts):
    """A function that draws a matrix and returns the pixels and the texts."""

    def draw(counts, names):
        draw_confusion(counts, names, tmp_path / "p.png", "A title")
        return pixels(tmp_path / "p.png"), texts

    return draw


@pytest.mark.parametrize("k", [1, 2, 10, 20])
def test_up_to_twenty_classes_have_their_counts(k, drawn):
    counts = 1000 + np.arange(k * k).reshape(k, k)
    picture, words = drawn(counts, [f"class {j}" for j in range(k)])
    assert {str(count) for count in counts.ravel()} <= set(words)
    assert {"A title", "True class", "Predicted class", "Share of the true class", "class 0"} <= set(words)
    assert picture.shape[0] > 400
    assert picture.shape[1] > 500


@pytest.mark.parametrize("k", [21, 100])
def test_more_classes_have_colours_and_names_only(k, drawn):
    picture, words = drawn(matrix(k, 7777), [f"class_{j}" for j in range(k)])
    assert {f"class_{j}" for j in range(k)} <= set(words)
    assert not any(word.startswith("777") for word in words)
    assert max(picture.shape) < 2100


def test_a_thousand_classes_are_named_now_and_then(drawn):
    _, words = drawn(np.eye(1000, dtype=np.int64), [f"n{j}" for j in range(1000)])
    assert {word for word in words if word.startswith("n")} == {f"n{j}" for j in range(0, 1000, 10)}


def test_the_colour_is_the_share_of_the_row(drawn):
    picture, _ = drawn(np.array([[1, 0], [0, 1000]]), ["rare", "frequent"])
    dark = (picture[..., :3] == (8, 48, 107)).all(axis=-1)
    # Two squares of equal size on the diagonal; the end of the colour bar is small beside them.
    rows, columns = np.nonzero(dark)
    upper = rows < np.median(rows)
    assert columns[upper].mean() < columns[~upper].mean()
    assert upper.sum() == pytest.approx((~upper).sum(), rel=0.1)
    assert dark.sum() > 2 * 30**2
    picture, _ = drawn(np.array([[1, 0], [1000, 0]]), ["rare", "frequent"])
    assert (picture[..., :3] == (8, 48, 107)).all(axis=-1).sum() == pytest.approx(dark.sum(), rel=0.05)


def test_a_class_without_examples_is_no_division_by_zero(drawn):
    picture, _ = drawn(np.array([[0, 0], [3, 4]]), ["none", "some"])
    assert picture.shape[2] == 4


def test_long_names_are_cut_in_the_middle(drawn):
    names = [f"{'a very long name that ends in ' * 3}{j}" for j in range(12)]
    _, words = drawn(matrix(12), names)
    shown = [word for word in words if "…" in word]
    assert len(shown) == 24
    assert len(set(shown)) == 12
    assert max(len(word) for word in shown) == 24


def test_names_that_look_like_formulas_are_drawn_as_they_stand(drawn):
    names = ["$5_or_more$", r"$\frac{", "a_b", "100 %"]
    _, words = drawn(matrix(4), names)
    assert set(names) <= set(words)


def test_control_characters_are_escaped(drawn):
    assert r"a\x1b\nb" in drawn(matrix(2), ["a\x1b\nb", "c"])[1]


@pytest.mark.parametrize("k", [3, 30])
def test_the_same_numbers_give_the_same_bytes(k, tmp_path):
    for name in ("a.png", "b.png"):
        draw_confusion(matrix(k), [str(j) for j in range(k)], tmp_path / name, "A title")
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


@pytest.mark.parametrize(("shape", "k"), [((2, 2), 3), ((2, 3), 2), ((0, 0), 0)])
def test_names_that_do_not_fit_are_refused(shape, k, tmp_path):
    with pytest.raises(ValueError, match="classes"):
        draw_confusion(np.zeros(shape, np.int64), ["x"] * k, tmp_path / "p.png", "A title")


def test_long_names_that_differ_in_their_middle_stay_different(drawn):
    kinds = ["fox", "wolf", "bear", "deer"]
    names = [f"a photograph of an animal, a {kind}, seen from the side at noon" for kind in kinds]
    _, words = drawn(matrix(4), names)
    for kind in kinds:
        assert sum(kind in word for word in words) == 2


def test_letters_of_chinese_have_their_room(drawn, tmp_path):
    narrow = drawn(matrix(3), ["aaaa", "bbbb", "cccc"])[0].shape[1]
    assert drawn(matrix(3), ["数字类别", "bbbb", "cccc"])[0].shape[1] == pytest.approx(
        narrow + 4 * 0.55 * 9 / 72 * 150, abs=2
    )
