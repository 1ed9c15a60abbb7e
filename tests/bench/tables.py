"""The figures as tables of Markdown: `document` for `results.md`, a line and the link to the chart for the pages."""

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.bench.networks import ROWS
from tests.bench.programs import TITLES
from tests.bench.rounds import median, ratios
from tests.bench.startup import PAIRS

PICTURE = Path(__file__).with_name("results.png")
Rounds = Mapping[str, Sequence[float | None]]
Table = list[list[str]]
_OTHERS = ("keras", "keras_bfloat16", "torch", "jax")


def times(over: Sequence[float | None], under: Sequence[float | None]) -> str:
    """The median of the rounds' ratios, and the least and the greatest."""
    found = ratios(over, under)
    if not found:
        return "–"
    spread = f" ({min(found):.2f}–{max(found):.2f})" if len(found) > 1 else ""
    return f"{median(found):.2f}{spread}"


def speeds(figures: Mapping[str, Mapping[str, Rounds]]) -> Table:
    """A row a network: nnctl's examples a second, how many times as long others take, its time over the products'."""
    rows = []
    for network, told in figures.items():
        own = told["nnctl"]["epoch"]
        others = [times(told[other]["epoch"], own) if other in told else "–" for other in _OTHERS]
        floor = times(own, told["products"]["epoch"]) if "products" in told else "–"
        rows.append([network, f"{ROWS / (median(own) or 1):,.0f}", *others, floor])
    return rows


def costs(figures: Mapping[str, Mapping[str, Rounds]]) -> Table:
    """A row a network and program: seconds of an epoch, to the first step and of the process, memory, test accuracy."""
    rows = []
    for network, told in figures.items():
        for name in (name for name in TITLES if name in told):
            beside = times(told["nnctl"]["peak"], told[name]["peak"])
            rows.append([network, TITLES[name], *_course(told[name]), "" if name == "nnctl" else beside])
            rows[-1].append(_share(median(told[name]["test"])))
    return rows


def goals(figures: Mapping[str, Mapping[str, Rounds]]) -> Table:
    """A row a network and goal: nnctl's seconds until the goal, and how many times as long each other program takes."""
    rows = []
    for network, told in figures.items():
        for goal in (key for key in told["nnctl"] if key != "epochs"):
            others = [times(told[other][goal], told["nnctl"][goal]) if other in told else "–" for other in _OTHERS]
            rows.append([network, goal.replace("%", " %"), _seconds(median(told["nnctl"][goal])), *others])
    return rows


def starts(figures: Rounds) -> Table:
    """A row a command: its seconds, those of what it is measured by, and their ratio."""
    pairs = [(name, other) for name, other in PAIRS.items() if name in figures]
    seconds = [[_seconds(median(figures[each])) for each in pair] for pair in pairs]
    return [
        [f"nnctl {name}", other, *each, times(figures[name], figures[other])]
        for (name, other), each in zip(pairs, seconds, strict=True)
    ]


def growths(figures: Mapping[str, Mapping[str, Rounds]]) -> Table:
    """A row a size of each kind: seconds of an epoch, to the first step and of the process, and memory."""
    return [[kind, f"{int(size):,}", *_course(each)] for kind, told in figures.items() for size, each in told.items()]


def folders(figures: Mapping[str, Rounds]) -> Table:
    """A row a way to keep the pixels, and Keras's reader: seconds, memory, how many times as long Keras takes."""
    names = {"keras": "Keras's reader, `fit`", **{name: f"nnctl, {name}" for name in figures if name != "keras"}}
    keras = figures["keras"]["epoch"]
    return [[names[name], *_course(each), times(keras, each["epoch"])] for name, each in figures.items()]


_COURSE = ("epoch, s", "first step, s", "process, s", "peak memory")
# For each table its part of the results, its head, and what makes its rows.
TABLES: dict[str, tuple[str, Sequence[str], Callable[[Any], Table]]] = {
    "speeds": (
        "networks",
        ("network", "nnctl, examples/s", *(f"{TITLES[other]} takes, ×" for other in _OTHERS), "over the products, ×"),
        speeds,
    ),
    "costs": ("networks", ("network", "program", *_COURSE, "nnctl's over it", "test accuracy"), costs),
    "goals": (
        "accuracy",
        ("network", "test accuracy", "nnctl, s", *(f"{TITLES[other]} takes, ×" for other in _OTHERS)),
        goals,
    ),
    "starts": ("startup", ("command", "beside", "s", "s", "ratio"), starts),
    "growths": ("growth", ("what grows", "to", *_COURSE), growths),
    "folders": ("images", ("pictures", *_COURSE, "Keras takes, ×"), folders),
}


def table(name: str, parts: Mapping[str, Any]) -> str:
    """A table in Markdown; nothing if its part was not measured."""
    part, head, made = TABLES[name]
    return _lines([head, ["---"] * len(head), *made(parts[part]["figures"])]) if part in parts else ""


def chart(folder: Path) -> str:
    """The link to the chart from a page in a folder."""
    return f"![Training speed beside plain Keras]({os.path.relpath(PICTURE, folder)})\n"


def line(parts: Mapping[str, Any]) -> str:
    """The one sentence about speed: the least and the greatest of the networks' median ratios to plain Keras."""
    found = [
        median(ratios(told["keras"]["epoch"], told["nnctl"]["epoch"])) or 0.0
        for told in parts["networks"]["figures"].values()
    ]
    return (
        f"An epoch of plain Keras takes {min(found):.1f} to {max(found):.1f} times as long as one of nnctl, on the bench's "
        f"{len(found)} networks and {parts['networks']['machine']['cores']} cores.\n"
    )


def document(parts: Mapping[str, Any]) -> str:
    """Every table, with its head and where its figures are from."""
    pieces = []
    for name, (part, _, _) in TABLES.items():
        if part in parts:
            pieces.append(f"{origin(part, parts[part])}\n\n{table(name, parts)}")
    return "\n".join(pieces)


def origin(name: str, part: Mapping[str, Any]) -> str:
    """When, on what and with which versions a part was measured."""
    machine = part["machine"]
    versions = ", ".join(f"{package} {version}" for package, version in part["versions"].items() if version)
    where = f"{machine['processor']}, {machine['cores']} cores, {machine['memory'] / 2**30:.0f} GB"
    return f"**{name}**, {part['date']}, {where}; {versions}"


def _course(told: Rounds) -> list[str]:
    """The medians of what `networks.figures` keeps of a training."""
    seconds = [_seconds(median(told[figure])) for figure in ("epoch", "first_step", "process")]
    return [*seconds, f"{(median(told['peak']) or 0) / 2**20:,.0f} MB"]


def _lines(rows: Sequence[Sequence[str]]) -> str:
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _seconds(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}" if value < 1 else f"{value:.2f}"


def _share(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.2f} %"
