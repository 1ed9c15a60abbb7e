"""The figures as tables: rows of Markdown for the README and for `results.md`."""

from collections.abc import Mapping, Sequence
from typing import Any

from tests.bench.networks import ROWS
from tests.bench.programs import TITLES
from tests.bench.rounds import median, ratios
from tests.bench.startup import PAIRS

Rounds = Mapping[str, Sequence[float | None]]
_OTHERS = ("keras", "torch", "jax")


def times(over: Sequence[float | None], under: Sequence[float | None]) -> str:
    """The median of the rounds' ratios, and the least and the greatest."""
    found = ratios(over, under)
    if not found:
        return "–"
    spread = f" ({min(found):.2f}–{max(found):.2f})" if len(found) > 1 else ""
    return f"{median(found):.2f}{spread}"


def speed(figures: Mapping[str, Mapping[str, Rounds]]) -> list[list[str]]:
    """A row a network: nnctl's examples a second, how many times as fast it is as each other program, and its share of
    the time that the products alone take.
    """
    rows = []
    for network, told in figures.items():
        own = told["nnctl"]["epoch"]
        others = [times(told[other]["epoch"], own) if other in told else "–" for other in _OTHERS]
        floor = times(own, told["products"]["epoch"]) if "products" in told else "–"
        rows.append([network, f"{ROWS / (median(own) or 1):,.0f}", *others, floor])
    return rows


def costs(figures: Mapping[str, Mapping[str, Rounds]]) -> list[list[str]]:
    """A row a network and program: seconds of an epoch, to the first step and of the process, memory, test accuracy."""
    rows = []
    for network, told in figures.items():
        for name in (name for name in TITLES if name in told):
            each = told[name]
            seconds = [_seconds(median(each[figure])) for figure in ("epoch", "first_step", "process")]
            peak = f"{(median(each['peak']) or 0) / 2**20:,.0f} MB"
            beside = "" if name == "nnctl" else times(told["nnctl"]["peak"], each["peak"])
            rows.append([network, TITLES[name], *seconds, peak, beside, _share(median(each["test"]))])
    return rows


def goals(figures: Mapping[str, Mapping[str, Rounds]]) -> list[list[str]]:
    """A row a network and goal: nnctl's seconds until the goal, and how many times as long each other program takes."""
    rows = []
    for network, told in figures.items():
        for goal in (key for key in told["nnctl"] if key != "epochs"):
            others = [times(told[other][goal], told["nnctl"][goal]) if other in told else "–" for other in _OTHERS]
            rows.append([network, goal.replace("%", " %"), _seconds(median(told["nnctl"][goal])), *others])
    return rows


def starts(figures: Rounds) -> list[list[str]]:
    """A row a command: its seconds, those of what it is measured by, and their ratio."""
    return [
        [
            name,
            other,
            *(_seconds(median(figures[each])) for each in (name, other)),
            times(figures[name], figures[other]),
        ]
        for name, other in PAIRS.items()
        if name in figures
    ]


def growth(figures: Mapping[str, Mapping[str, Rounds]]) -> list[list[str]]:
    """A row a size of each kind: seconds of an epoch and to the first step, memory, and microseconds a unit of size."""
    rows = []
    for kind, told in figures.items():
        for size, each in told.items():
            epoch = median(each["epoch"]) or 0
            seconds = [_seconds(median(each[figure])) for figure in ("epoch", "first_step", "process")]
            peak = f"{(median(each['peak']) or 0) / 2**20:,.0f} MB"
            rows.append([kind, f"{int(size):,}", *seconds, f"{epoch / _work(kind, int(size)) * 1e9:.2f}", peak])
    return rows


def _work(kind: str, size: int) -> float:
    """What an epoch's seconds are shared among."""
    return size


def markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table."""
    return "".join(f"| {' | '.join(row)} |\n" for row in (head, ["---"] * len(head), *rows))


def _seconds(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.2%}".replace("%", " %")


def table(name: str, figures: Any) -> str:
    """A part's table, its head included."""
    heads = {
        "networks": [
            "network",
            "nnctl, examples a second",
            *(f"× {TITLES[other]}" for other in _OTHERS),
            "× the products",
        ],
        "accuracy": ["network", "test accuracy", "nnctl, s", *(f"× {TITLES[other]}" for other in _OTHERS)],
        "startup": ["command", "beside", "s", "s", "ratio"],
        "growth": ["what grows", "to", "epoch, s", "first step, s", "process, s", "ns an epoch and unit", "peak"],
    }
    rows = {"networks": speed, "accuracy": goals, "startup": starts, "growth": growth}
    return markdown(heads[name], rows[name](figures))
