"""What every picture has in common: type, colours, grid, resolution, and how it gets to the disk.

matplotlib takes a third of a second to import and is imported where it is used.
"""

import textwrap
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nnctl.errors import sanitize
from nnctl.files import replace_atomically

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DPI = 150  # dots an inch

# Okabe and Ito's palette, told apart by people with any of the common colour deficiencies
# (https://jfly.uni-koeln.de/color/); train is blue and validation vermilion in every picture.
TRAIN = "#0072B2"
VALIDATION = "#D55E00"
NEUTRAL = "#767676"
INK = "#262626"
FAINT = "#A0A0A0"

_SETTINGS: dict[str, Any] = {
    "font.family": "DejaVu Sans",  # ships with matplotlib: the same letters on every machine
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
    import matplotlib
    from matplotlib.figure import Figure

    with matplotlib.rc_context(), warnings.catch_warnings():
        # A name in a script that DejaVu lacks becomes boxes; that is no reason to write to the user's terminal.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_SETTINGS)
        figure = Figure(figsize=(width, height), dpi=DPI, layout="constrained")
        figure.suptitle(wrap(title, int(width * 10)))
        yield figure
        with replace_atomically(path) as beside:
            figure.savefig(beside, format="png", dpi=DPI, metadata={"Software": None})


def wrap(text: str, room: int, lines: int = 3) -> str:
    """A text in lines of at most `room` characters, control characters escaped, cut after `lines` lines."""
    return "\n".join(textwrap.wrap(sanitize(text), room, max_lines=lines, placeholder=" …"))


def shorten(name: str, room: int) -> str:
    """A name cut in its middle to `room` characters, control characters escaped; names often differ at their ends."""
    name = sanitize(name)
    return name if len(name) <= room else f"{name[: room // 2]}…{name[len(name) - (room - 1) // 2 :]}"
