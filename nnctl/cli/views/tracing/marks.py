"""Numbers, bars and pictures of a trace, in a terminal's letters."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

_EIGHTHS = "▁▂▃▄▅▆▇█"
_NONE = "·"  # a zero, which is no small number
MOST_BARS = 48


def format_number(value: float) -> str:
    """A number in five digits."""
    return f"{value:.5g}"


def format_signed(value: float) -> str:
    """A number in five digits, in brackets if it has a minus, as it stands behind another sign."""
    return f"({value:.5g})" if value < 0 else f"{value:.5g}"


def format_shape(shape: tuple[int, ...]) -> str:
    """A shape: `28 x 28`; `1` for a single number."""
    return " x ".join(map(str, shape)) or "1"


def draw_bars(values: "NDArray[Any]", room: int) -> str:
    """Values side by side as bars, as high as they are far from 0; a dot is a 0.

    Where there are more than there is room for, a bar is the farthest from 0 of several neighbours.

    Args:
        values: of shape (n,).
        room: the most bars.
    """
    sizes = abs(values.astype("float64")).tolist()
    step = max(1, -(-len(sizes) // max(1, min(room, MOST_BARS))))
    heights = [max(sizes[at : at + step]) for at in range(0, len(sizes), step)]
    top = max(heights, default=0.0)
    if not 0 < top < float("inf"):
        return _NONE * len(heights)
    return "".join(_NONE if height == 0 else _EIGHTHS[min(7, int(height / top * 8))] for height in heights)


def draw_image(image: "NDArray[Any]", room: int) -> list[str]:
    """An image in half blocks: what is nearer to its largest value than to its smallest is drawn.
    Rows without a drawn pixel above and below are left out.

    Args:
        image: of shape (height, width), or (height, width, channels), whose mean is drawn.
        room: the most columns; of a wider image every second or third pixel is drawn.
    """
    plain = image.astype("float64") if image.ndim == 2 else image.astype("float64").mean(axis=-1)
    step = max(1, -(-plain.shape[1] // room))
    plain = plain[::step, ::step]
    inked = (plain > (plain.min() + plain.max()) / 2).tolist()
    inked += [[False] * len(inked[0])] * (len(inked) % 2)
    pairs = zip(inked[::2], inked[1::2], strict=True)
    rows = ["".join(" ▀▄█"[above + 2 * below] for above, below in zip(*pair, strict=True)).rstrip() for pair in pairs]
    drawn = [number for number, row in enumerate(rows) if row]
    return rows[drawn[0] : drawn[-1] + 1] if drawn else ["(of one brightness)"]
