"""Four networks: a steady epoch, the first step, the whole process and its memory, beside hand-written programs."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from tests.bench import programs
from tests.bench.course import course
from tests.bench.process import Ended
from tests.bench.programs import DENSE, NETWORKS, Setting, Task, Trainer
from tests.bench.rounds import by_figure, in_turns, median

EPOCHS = {"mlp": 7, "deep": 7, "wide": 3, "cnn": 3, "wide, bfloat16": 3, "cnn, bfloat16": 3}
ROWS = 54_000  # that an epoch trains on
Figures = dict[str, float | None]
Say = Callable[[str], None]


def measure(setting: Setting, rounds: int, quick: bool, say: Say, only: str = "") -> dict[str, Any]:
    """For each network and program the figures of each round: see `figures`; each round has a seed of its own.

    Args:
        setting: what the programs run with.
        rounds: how often each runs.
        quick: two epochs only, of which one is steady.
        say: told of each figure as it comes.
        only: networks whose name holds this.
    """
    found = {}
    for network in programs.chosen(NETWORKS, only):
        epochs = 2 if quick else EPOCHS[network]
        trainers = programs.trainers(setting, network).items()
        running = {name: partial(_trained, trainer, setting, network, epochs) for name, trainer in trainers}
        if network in DENSE:
            running["products"] = partial(_floor, network)
        told = in_turns(running, rounds, partial(_tell, say, network))
        found[network] = {name: by_figure(each) for name, each in told.items()}
    return found


def figures(ended: Ended) -> Figures:
    """What is kept of a training.

    Returns:
        `epoch`: the median of its steady epochs; `first_step` and `process`: from the start of the process; all in
        seconds. `peak`: bytes. `test`: the accuracy on test.
    """
    went = course(ended.lines)
    seconds = {"epoch": median(went.steady), "first_step": went.first_step, "process": ended.seconds}
    kept = {name: None if value is None else round(value, 4) for name, value in seconds.items()}
    return {**kept, "peak": ended.peak, "test": went.test}


def _trained(trainer: Trainer, setting: Setting, network: str, epochs: int, number: int) -> Figures:
    return figures(trainer(setting, Task(network, epochs, seed=number)))


def _floor(network: str, number: int) -> Figures:
    return {"epoch": programs.floor(network)}


def _tell(say: Say, network: str, name: str, told: Mapping[str, float | None]) -> None:
    parts = "  ".join(f"{key} {value:,.4g}" for key, value in told.items() if value is not None)
    say(f"{network:14}{name:10}{parts}")
