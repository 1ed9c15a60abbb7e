"""How long commands take as a whole that hardly compute: beside imports, and beside scripts that do the same."""

import sys
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench import process
from tests.bench.networks import Say
from tests.bench.programs import HERE, NNCTL, ROOT, Setting
from tests.bench.rounds import in_turns

# Each command, and what it is measured by.
PAIRS = {"help": "imports", "check": "imports", "train": "plain train", "evaluate": "plain evaluate"}
IMPORTS = "import typer, rich.console"
OFTEN = 5  # times as often as the rest runs what takes an instant
_INSTANT = ("imports", "help", "check")


def measure(setting: Setting, rounds: int, quick: bool, say: Say, only: str = "") -> dict[str, list[float]]:
    """Seconds of the whole process of each command, a figure a round.

    Args:
        setting: what the programs run with.
        rounds: how often each runs; what takes an instant runs five times as often.
        quick: not heeded: nothing here takes long.
        say: told of each figure as it comes.
        only: commands whose name holds this, each with what it is measured by.
    """
    wanted = {name for pair in PAIRS.items() if only in pair[0] for name in pair}
    with TemporaryDirectory() as folder:
        commands = _commands(setting, Path(folder), _trained(setting, Path(folder)) if "evaluate" in wanted else None)
        found: dict[str, list[float]] = {}
        for instant, often in ((True, OFTEN * rounds), (False, rounds)):
            names = [name for name in commands if name in wanted and (name in _INSTANT) == instant]
            running = {name: partial(_seconds, setting, commands[name]) for name in names}
            found |= in_turns(running, often, lambda name, seconds: say(f"{name:15}{seconds:.3f} s"))
    return found


def _trained(setting: Setting, folder: Path) -> Path:
    """A run to evaluate, and to take the model from that the plain script loads."""
    spec, runs = HERE / "specs" / "mlp.yaml", folder / "trained"
    asked = [*NNCTL, "train", str(spec), "--epochs", "1", "--runs", str(runs)]
    process.run(asked, ROOT, setting.environment)
    return next(runs.iterdir())


def _commands(setting: Setting, folder: Path, run: Path | None) -> dict[str, list[str]]:
    mnist, smoke = str(setting.mnist), str(HERE / "specs" / "smoke.yaml")
    commands = {
        "imports": [sys.executable, "-c", IMPORTS],
        "help": [*NNCTL, "--help"],
        "check": [*NNCTL, "check", str(ROOT / "configs" / "mnist_mlp.yaml")],
        "plain train": [sys.executable, str(HERE / "plain_smoke.py"), mnist, str(folder / "plain.keras")],
        "train": [*NNCTL, "train", smoke, "--runs", str(folder / "runs")],
    }
    if run is not None:
        plain = [sys.executable, str(HERE / "plain_evaluate.py"), str(run / "model.keras"), mnist]
        commands |= {"plain evaluate": plain, "evaluate": [*NNCTL, "evaluate", str(run)]}
    return commands


def _seconds(setting: Setting, command: list[str], number: int) -> float:
    return round(process.run(command, ROOT, setting.environment).seconds, 4)
