import subprocess
import sys

import matplotlib
import pytest

from nnctl.plots import style


def test_the_file_appears_only_once_it_is_whole(tmp_path):
    with pytest.raises(RuntimeError), style.open_figure(tmp_path / "p.png", 2, 1, "A title"):
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_the_size_is_in_inches(tmp_path, pixels):
    with style.open_figure(tmp_path / "p.png", 4, 3, "A title"):
        pass
    assert pixels(tmp_path / "p.png").shape == (3 * style.DPI, 4 * style.DPI, 4)


def test_neither_date_nor_version_is_written(tmp_path):
    from PIL import Image

    with style.open_figure(tmp_path / "p.png", 2, 1, "A title"):
        pass
    with Image.open(tmp_path / "p.png") as image:
        assert set(image.info) == {"dpi"}


def test_the_users_settings_neither_matter_nor_suffer(tmp_path):
    def draw(name):
        with style.open_figure(tmp_path / name, 2, 2, "A title") as figure:
            figure.subplots().plot([1, 2])
        return (tmp_path / name).read_bytes()

    plain = draw("a.png")
    with matplotlib.rc_context({"lines.linewidth": 9, "figure.facecolor": "red", "text.usetex": True}):
        assert draw("b.png") == plain
        assert matplotlib.rcParams["lines.linewidth"] == 9


def test_letters_that_the_font_lacks_are_no_warning(tmp_path, recwarn):
    with style.open_figure(tmp_path / "p.png", 2, 1, "数字"):
        pass
    assert (tmp_path / "p.png").stat().st_size > 0
    assert not recwarn.list


def test_wrapped():
    assert style.wrap("one two three", 8) == "one two\nthree"
    assert style.wrap("one two three four", 5, lines=2) == "one\ntwo …"
    assert style.wrap("a\x1bb", 20) == r"a\x1bb"


@pytest.mark.parametrize("room", [5, 6, 9, 10])
def test_shortened(room):
    assert style.shorten("abcde", room) == "abcde"
    cut = style.shorten("abcdefghijkl", room)
    assert len(cut) == room
    assert cut[0] + cut[-1] == "al"
    assert "…" in cut


def test_wide_letters_take_the_room_of_two():
    assert style.measure("数字ab") == 6
    assert style.wrap("数字数字", 4) == "数字\n数字"
    cut = style.shorten("一二三四五六七八九", 9)
    assert cut == "一二…八九"


@pytest.mark.parametrize(
    "names",
    [
        ["a" * 40 + kind + "b" * 40 for kind in ("one", "two", "three")],
        ["same" * 20 + "x" * n + "same" * 20 for n in range(1, 30)],
        ["一" * 30 + kind + "二" * 30 for kind in ("猫", "狗")],
        ["twin" * 9, "twin" * 9, "other"],
    ],
)
def test_different_names_stay_different_when_they_are_cut(names):
    found = style.shorten_apart(names, 20)
    assert len(set(found)) == len(names)
    assert max(map(style.measure, found)) <= 20


def test_names_that_fit_are_left_as_they_are():
    assert style.shorten_apart(["cat", "dog"], 5) == ("cat", "dog")


@pytest.mark.parametrize(
    ("value", "told"), [(1e-6, "1e-06"), (0.001, "0.001"), (0.25, "0.25"), (20, "20"), (1000, "1,000"), (1e7, "1e+07")]
)
def test_numbers_beside_an_axis_are_plain(value, told):
    assert style.format_tick(value) == told


def test_importing_loads_no_matplotlib():
    code = "import sys, nnctl.plots; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_drawing_loads_neither_pyplot_nor_scikit_learn(tmp_path):
    code = (
        "import sys, pathlib, nnctl.plots\n"
        "nnctl.plots.draw_curves([{'epoch': 1, 'loss': 1.0}], pathlib.Path(sys.argv[1]), 'A title')\n"
        "sys.exit(any(name in sys.modules for name in ('matplotlib.pyplot', 'sklearn', 'pandas')))"
    )
    assert subprocess.run([sys.executable, "-c", code, tmp_path / "p.png"], check=False).returncode == 0
