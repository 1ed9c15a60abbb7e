"""What every picture has in common: type, colours, grid, resolution, and how it gets to the disk.

matplotlib takes a third of a second to import and is loaded where it is used.
"""

import itertools
import textwrap
import unicodedata
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from nnctl.errors import sanitize
from nnctl.files import replace_atomically
from nnctl.plots.fonts import USUAL, choose_families
from nnctl.plots.library import load_matplotlib

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DPI = 150  # dots an inch
_MARK = "\ue000"  # of private use: no text has it, and it is no space
# How many times the greatest number on a logarithmic axis is its least, if there is hardly a power of ten on it.
_SHORT, _SHORTER = 30, 5

# Okabe and Ito's palette, told apart by people with any of the common colour deficiencies
# (https://jfly.uni-koeln.de/color/); train is blue and validation vermilion in every picture.
TRAIN = "#0072B2"
VALIDATION = "#D55E00"
NEUTRAL = "#767676"
CLASSES = (TRAIN, VALIDATION, "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#7F6000")
INK = "#262626"
FAINT = "#A0A0A0"

_SETTINGS: dict[str, Any] = {
    "font.family": USUAL,
    "font.size": 9,
    "axes.titlesize": 10,
    "axes.labelsize": 9,
    "figure.titlesize": 11,
    "figure.titleweight": "bold",
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": "#B0B0B0",
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#E6E6E6",
    "grid.linewidth": 0.8,
    "lines.linewidth": 1.8,
    "lines.markersize": 4.5,
    "legend.frameon": False,
    "figure.constrained_layout.h_pad": 0.08,
    "figure.constrained_layout.w_pad": 0.08,
    "text.parse_math": False,  # a class may be called $5_or_more$
}


@contextmanager
def open_figure(path: Path, width: float, height: float, title: str) -> Iterator["Figure"]:
    """An empty figure under a title, in nnctl's style; written to `path` as a PNG once the block has ended well.

    The user's own matplotlib settings are left out, and neither a date nor a version goes into the file, so that the
    same numbers give the same bytes. The file is replaced atomically.

    Args:
        path: the file to write.
        width: inches.
        height: inches.
        title: wrapped to the width.

    Raises:
        OSError: the folder cannot be written to, or the disk is full.
    """
    matplotlib = load_matplotlib()
    with matplotlib.rc_context(), warnings.catch_warnings():
        # Letters that no font here has become boxes, which `explain_letters` tells in a line of its own.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_SETTINGS)
        figure: Figure = matplotlib.figure.Figure(figsize=(width, height), dpi=DPI, layout="constrained")
        figure.suptitle(wrap(title, int(width * 10)))
        yield figure
        _choose_fonts(figure, matplotlib.font_manager)
        with replace_atomically(path) as beside:
            figure.savefig(beside, format="png", dpi=DPI, metadata={"Software": None})


def _choose_fonts(figure: "Figure", manager: Any) -> None:
    """Gives texts with letters that DejaVu Sans lacks the fonts that have them; all others stay as they are everywhere."""
    for panel in figure.axes:  # names beside an axis become texts when they are asked for
        panel.get_xticklabels()
        panel.get_yticklabels()
    texts: list[Any] = figure.findobj(lambda artist: hasattr(artist, "set_fontfamily"))
    for text in texts:
        families = choose_families(manager, [text.get_text()])
        if len(families) > 1:
            text.set_fontfamily(families)


def choose_colours(count: int) -> Sequence[Any]:
    """Colours of things that stand in no order, such as classes: told apart by everybody up to seven, by most up to twenty."""
    if count <= len(CLASSES):
        return CLASSES[:count]
    return take_colours(count, next((name for most, name in ((10, "tab10"), (20, "tab20")) if count <= most), ""))


def take_colours(count: int, name: str = "") -> list[tuple[float, ...]]:
    """Colours as RGBA, each 0 to 1: the first ones of a list that matplotlib names, or those of an order, from dark to light."""
    colours = load_matplotlib().colormaps[name or "viridis"]
    return [colours(rank if name else 0.9 * rank / max(1, count - 1)) for rank in range(count)]


def scale_log(panel: "Axes", which: Literal["x", "y"], low: float, high: float) -> None:
    """A logarithmic axis with plain numbers: matplotlib's own labels are formulas, which the style does not read.

    Args:
        panel: where it is.
        which: which axis.
        low: the least number on it, above 0.
        high: the greatest; a linear axis is better where it is not even twice the least.
    """
    panel.set(**{f"{which}scale": "log"})
    axis = panel.xaxis if which == "x" else panel.yaxis
    # Between powers of ten there is room for labels on a short axis only.
    digits = "" if high / low > _SHORT else "25" if high / low > _SHORTER else "23456789"
    axis.set_major_formatter(lambda value, _: format_tick(value))
    axis.set_minor_formatter(lambda value, _: format_tick(value) if f"{value:e}"[0] in digits else "")


def format_tick(value: float) -> str:
    """A number beside an axis: `0.001`, `1e-05`, `20`, `1,000`."""
    return f"{value:,.0f}" if value >= 1 and value == round(value) and value < 1e6 else f"{value:.3g}"


def say(panel: "Axes", words: str) -> None:
    """Words in the middle of a panel on which there is nothing to see."""
    panel.text(0.5, 0.5, words, transform=panel.transAxes, ha="center", va="center", color=NEUTRAL)


def add_legend(figure: "Figure") -> None:
    """One legend for all panels, below them, where it hides nothing; what has the same label stands there once."""
    entries: dict[str, Artist] = {}
    for panel in figure.axes:
        handles, labels = panel.get_legend_handles_labels()
        entries |= dict(zip(labels, handles, strict=True))
    if entries:
        longest = max(map(measure, entries))
        room = max(1, int(figure.get_figwidth() * 13 / (longest + 7)))
        columns = min(len(entries), room)
        figure.legend(list(entries.values()), list(entries), loc="outside lower center", ncols=columns)


def measure(text: str) -> int:
    """How many letters wide a text is drawn, those of Chinese, Japanese and Korean counted as two."""
    return len(text) + sum(map(_is_wide, text))


def wrap(text: str, room: int, lines: int = 3) -> str:
    """A text in at most `lines` lines of at most `room` letters, as `measure` counts them, control characters escaped."""
    text = sanitize(text)
    # Each wide letter is followed by a mark of its own while lines are counted out.
    marked = "".join(f"{letter}{_MARK}" if _is_wide(letter) else letter for letter in text)
    return "\n".join(textwrap.wrap(marked, room, max_lines=lines, placeholder=" …")).replace(_MARK, "")


def shorten(name: str, room: int) -> str:
    """A name cut in its middle to `room` letters, as `measure` counts them, control characters escaped.

    Names often differ at their ends.
    """
    name = sanitize(name)
    if measure(name) <= room:
        return name
    return f"{_cut(name, room // 2)}…{_cut(name[::-1], (room - 1) // 2)[::-1]}"


def shorten_apart(names: Sequence[str], room: int) -> tuple[str, ...]:
    """Names cut as `shorten` cuts them, but so that different ones stay different.

    Those that would become one are cut where they begin to differ, or else told apart by their number, from 0.
    """
    found = [shorten(name, room) for name in names]
    for same in _group(found):
        start = _find_difference([sanitize(names[place]) for place in same])
        for place in same:
            rest = sanitize(names[place])[start:]
            found[place] = f"…{rest if measure(rest) < room else _cut(rest, room - 2) + '…'}"
    for same in _group(found):
        for place in same:
            number = f"{place}: "
            found[place] = f"{number}{shorten(names[place], max(3, room - len(number)))}"
    return tuple(found)


def _group(names: Sequence[str]) -> list[list[int]]:
    """The places of each name that stands at several."""
    places: dict[str, list[int]] = {}
    for place, name in enumerate(names):
        places.setdefault(name, []).append(place)
    return [same for same in places.values() if len(same) > 1]


def _find_difference(names: Sequence[str]) -> int:
    """Where names begin to differ; of the names between the first and the last, all do by then."""
    first, last = min(names), max(names)
    return next(
        (place for place, (one, other) in enumerate(zip(first, last, strict=False)) if one != other), len(first)
    )


def _cut(name: str, room: int) -> str:
    """The beginning of a name that takes at most `room` letters."""
    widths = itertools.accumulate(1 + _is_wide(letter) for letter in name)
    return name[: sum(width <= room for width in widths)]


def _is_wide(letter: str) -> bool:
    return not letter.isascii() and unicodedata.east_asian_width(letter) in "WF"
