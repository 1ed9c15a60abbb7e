"""How long it takes, from the start of the process, until test accuracy is 97 % and 99 %."""

from functools import partial
from typing import Any

from tests.bench import course, programs
from tests.bench.networks import Figures, Say
from tests.bench.programs import Setting, Task, Trainer
from tests.bench.rounds import by_figure, in_turns

# Test is scored after each epoch, the clock running; training is on all 60,000. Epochs at most, and the accuracies that
# each network gets to: plain SGD takes the MLP past 97 % after 40 epochs only, so it is left out.
GOALS = {"deep": (15, (0.97,)), "wide": (8, (0.97,)), "cnn": (12, (0.97, 0.99)), "cnn, bfloat16": (12, (0.97, 0.99))}


def measure(setting: Setting, rounds: int, quick: bool, say: Say, only: str = "") -> dict[str, Any]:
    """For each network and program and round the seconds until each goal, and how many epochs it took; None: not reached.

    Args:
        setting: what the programs run with.
        rounds: how often each runs.
        quick: two epochs at most.
        say: told of each figure as it comes.
        only: networks whose name holds this.
    """
    found = {}
    for network in programs.chosen(GOALS, only):
        (epochs, goals), trainers = GOALS[network], programs.trainers(setting, network).items()
        most = 2 if quick else epochs
        running = {name: partial(_reached, trainer, setting, network, most, goals) for name, trainer in trainers}
        told = in_turns(running, rounds, lambda name, each, network=network: say(f"{network:14}{name:10}{each}"))
        found[network] = {name: by_figure(each) for name, each in told.items()}
    return found


def _reached(
    trainer: Trainer, setting: Setting, network: str, epochs: int, goals: tuple[float, ...], number: int
) -> Figures:
    task = Task(network, epochs, number, "test", lambda line: course.held(line) >= goals[-1])
    went = course.course(trainer(setting, task).lines)
    seconds = {f"{goal:.0%}": went.reached(goal) for goal in goals}
    return {
        **{goal: None if value is None else round(value, 3) for goal, value in seconds.items()},
        "epochs": len(went.epochs),
    }
