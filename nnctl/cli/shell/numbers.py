"""Numbers as people read them: losses, scores and counts, in every view alike."""


def format_number(value: float | None) -> str:
    """A loss or a score: four decimals, so that rows stand under each other; six digits where it is large, three beyond.

    A whole number is a count and has its commas; what is not defined is said to be so.
    """
    if value is None:
        return "undefined"
    if isinstance(value, int):
        return f"{value:,}"
    size = abs(value)
    if size == 0 or 1e-3 <= size < 1e3:
        return f"{value:.4f}"
    return f"{value:.6g}" if 1e3 <= size < 999_999.5 else f"{value:.3g}"


def format_count(number: int, noun: str) -> str:
    """How many there are of a thing: `1 epoch`, `1,200 epochs`.

    Args:
        number: how many.
        noun: what they are, in the singular, which takes an s.
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
