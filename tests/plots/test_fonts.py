"""Which font draws what, with fonts that need not be installed: each is a set of letters."""

from collections.abc import Iterable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from matplotlib import font_manager

from nnctl.plots import draw_confusion, fonts

HAN, KANA, HANGUL = "数字", "かな", "한국"


class Manager:
    """Looks like `matplotlib.font_manager`; what is `later` was installed when its list was there already."""

    def __init__(self, folder: Path, now: dict[str, str], later: dict[str, str] | None = None) -> None:
        self.letters, self.names = {str(folder / "usual"): "äß"}, dict[str, str]()
        self.fontManager = SimpleNamespace(ttflist=[], addfont=self._add)
        self.later = []
        for name, letters in {**now, **(later or {})}.items():
            path = folder / name.replace(" ", "")
            path.touch()
            self.letters[str(path)], self.names[str(path)] = letters, name
            if name in now:
                self._add(str(path))
            else:
                self.later.append(str(path))

    def _add(self, path: str) -> None:
        self.fontManager.ttflist.append(SimpleNamespace(name=self.names[path], fname=path))

    def findSystemFonts(self) -> list[str]:  # noqa: N802  (matplotlib's name)
        return self.later

    def findfont(self, family: str) -> str:
        return next(path for path in self.letters if path.endswith("usual"))

    def get_font(self, path: str) -> Any:
        return SimpleNamespace(get_charmap=lambda: dict.fromkeys(map(ord, self.letters[path]), 1))


@pytest.mark.parametrize(
    ("now", "later", "texts", "families"),
    [
        ({}, {}, ["abc", "äß"], []),
        ({"Noto Sans CJK SC": HAN + KANA + HANGUL}, {}, ["cat"], []),
        ({"Noto Sans CJK SC": HAN + KANA + HANGUL}, {}, ["cat", HAN], ["Noto Sans CJK SC"]),
        ({"SimHei": HAN, "NanumGothic": HANGUL}, {}, [HAN, HANGUL], ["SimHei", "NanumGothic"]),
        ({"NanumGothic": HANGUL, "SimHei": HAN}, {}, [HAN], ["SimHei"]),
        ({"Comic Sans": HAN}, {}, [HAN], []),
        ({}, {"IPAGothic": HAN + KANA}, [KANA], ["IPAGothic"]),
    ],
)
def test_fonts_are_taken_for_what_the_usual_one_lacks(
    now: dict[str, str], later: dict[str, str], texts: list[str], families: list[str], tmp_path: Path
) -> None:
    manager = Manager(tmp_path, now, later)
    assert fonts.choose_families(manager, texts) == [fonts.USUAL, *families]


def test_what_no_font_draws_is_known(tmp_path: Path) -> None:
    manager = Manager(tmp_path, {"SimHei": HAN})
    assert fonts.find_undrawable(manager, ["cat", HAN, HANGUL, "\u200b"]) == "".join(sorted(HANGUL))
    assert fonts.find_undrawable(manager, ["cat", HAN]) == ""


def test_a_line_says_what_labels_cannot_be_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = list[set[str]]()

    def find(manager: Any, texts: Iterable[str]) -> str:
        asked.append(set(texts))
        return "数" * 9

    monkeypatch.setattr(fonts, "find_undrawable", find)
    assert fonts.explain_letters(["cat", "Äpfel"]) is None
    assert asked == []
    told = fonts.explain_letters([HAN])
    assert told is not None
    assert "labels cannot be drawn" in told
    assert "数" * 8 + " ..." in told
    assert asked == [set(HAN)]


def test_chinese_is_drawn_where_a_font_is_installed(tmp_path: Path, pixels: Any) -> None:
    import numpy as np

    if fonts.find_undrawable(font_manager, [HAN, HANGUL]):
        pytest.skip("no font for Chinese and Korean is installed here")
    pictures = []
    for names in ([HAN, "x"], [HANGUL, "x"]):  # boxes would be equal
        draw_confusion(np.eye(2, dtype=np.int64), names, tmp_path / "c.png", "A title")
        pictures.append(pixels(tmp_path / "c.png"))
    assert pictures[0].shape == pictures[1].shape
    assert (pictures[0] != pictures[1]).any()
