"""Fonts for letters that DejaVu Sans, which ships with matplotlib, does not have: Chinese, Japanese and Korean."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from nnctl.plots.library import hide_programs, load_matplotlib

USUAL = "DejaVu Sans"  # ships with matplotlib: the same letters on every machine
_SHOWN = 8  # letters
_LATIN = 0x250  # Latin letters and their accents end here: every font has those

# Of Linux, macOS and Windows, what draws most of the three scripts first. Each is a family as matplotlib calls it: of a
# collection (`.ttc`) that is the first one before matplotlib 3.11.
_FAMILIES = (
    "Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans CJK TC", "Noto Sans CJK HK", "Noto Sans CJK KR", "Source Han Sans SC",
    "Source Han Sans CN", "Source Han Sans", "Noto Sans SC", "Noto Sans TC", "Noto Sans JP", "Noto Sans KR",
    "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Droid Sans Fallback", "Arial Unicode MS", "Noto Serif CJK JP",
    "Noto Serif CJK SC", "PingFang SC", "PingFang HK", "Hiragino Sans GB", "Hiragino Sans", "Heiti SC", "Heiti TC",
    "STHeiti", "Apple SD Gothic Neo", "AppleGothic", "Microsoft YaHei", "Microsoft JhengHei", "SimHei", "SimSun",
    "Yu Gothic", "Meiryo", "MS Gothic", "Malgun Gothic", "Gulim", "IPAexGothic", "IPAGothic", "TakaoGothic", "VL Gothic",
    "AR PL UMing CN", "AR PL UKai CN", "NanumGothic", "NanumSquare", "UnDotum", "Baekmuk Dotum",
)  # fmt: skip


def explain_letters(texts: Iterable[str]) -> str | None:
    """What must be said of the pictures that these texts stand in: which letters no font on this machine draws; None if all are.

    Args:
        texts: names of classes, of columns, titles.
    """
    letters = {letter for text in texts for letter in text if ord(letter) >= _LATIN and letter.isprintable()}
    if not letters:
        return None
    missing = find_undrawable(load_matplotlib().font_manager, letters)
    if not missing:
        return None
    shown = missing[:_SHOWN] + (" ..." if len(missing) > _SHOWN else "")
    return (
        f"labels cannot be drawn whole in the pictures: no font installed here has {shown} "
        "(Noto Sans CJK has those of Chinese, Japanese and Korean)"
    )


def choose_families(manager: Any, texts: Iterable[str]) -> list[str]:
    """The families that texts are drawn in: DejaVu Sans, and behind it what draws letters that it lacks, where that is installed.

    Args:
        manager: the module `matplotlib.font_manager`.
        texts: what is drawn.
    """
    families = [USUAL]
    missing = _find_missing(manager, texts, manager.findfont(USUAL))
    for family, path in _find_installed(manager).items() if missing else ():
        left = _find_missing(manager, map(chr, missing), path)
        if len(left) < len(missing):
            families, missing = [*families, family], left
        if not missing:
            break
    return families


def find_undrawable(manager: Any, texts: Iterable[str]) -> str:
    """The letters of some texts that no font on this machine draws, in the order of their numbers; empty if there are none."""
    missing = {ord(letter) for text in texts for letter in text if ord(letter) >= _LATIN and letter.isprintable()}
    for path in () if not missing else (manager.findfont(USUAL), *_find_installed(manager).values()):
        missing = _find_missing(manager, map(chr, missing), path)
    return "".join(map(chr, sorted(missing)))


def _find_missing(manager: Any, texts: Iterable[str], path: str) -> set[int]:
    """The letters of some texts that a font does not have, as numbers."""
    letters = {ord(letter) for text in texts for letter in text if ord(letter) >= _LATIN and letter.isprintable()}
    return letters - set(manager.get_font(path).get_charmap()) if letters else letters


@cache
def _find_installed(manager: Any) -> dict[str, str]:
    """The path of each of the families that is installed, the best first.

    matplotlib looks for fonts once and keeps the list: what was installed since is looked for here.
    """
    held = {entry.name: entry.fname for entry in manager.fontManager.ttflist if entry.name in _FAMILIES}
    if not held:
        known = {entry.fname for entry in manager.fontManager.ttflist}
        with hide_programs():  # it would ask `fc-list`
            found = manager.findSystemFonts()
        for path in sorted(set(found) - known):
            try:
                manager.fontManager.addfont(path)
            except Exception:  # a broken font is none: FreeType and the parsers behind it raise what they like
                continue
        held = {entry.name: entry.fname for entry in manager.fontManager.ttflist if entry.name in _FAMILIES}
    there = {name: path for name, path in held.items() if Path(path).is_file()}
    return {name: there[name] for name in _FAMILIES if name in there}
