"""A folder of pictures: Keras's own reader and `fit`, and nnctl where the pixels are held, stored and streamed."""

import sys
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench import pictures, process
from tests.bench.networks import Figures, Say, figures
from tests.bench.programs import HERE, NNCTL, ROOT, Setting
from tests.bench.rounds import by_figure, in_turns

COUNT, SIZE, EPOCHS = 20_000, 64, 4
MEMORY = ("hold", "store", "stream")


def measure(
    setting: Setting, rounds: int, quick: bool, say: Say, only: str = ""
) -> dict[str, dict[str, list[float | None]]]:
    """For `keras` and each way to keep the pixels, the figures of each round: see `networks.figures`.

    Args:
        setting: what nnctl runs with.
        rounds: how often each runs.
        quick: a tenth of the pictures, and two epochs.
        say: told of each figure as it comes.
        only: ways to keep the pixels whose name holds this.
    """
    count, epochs = (COUNT // 10, 2) if quick else (COUNT, EPOCHS)
    with TemporaryDirectory() as folder:
        home = Path(folder) / "pictures"
        for number, (split, many) in enumerate((("train", count), ("test", count // 10))):
            pictures.write(home / split, many, SIZE, number)
        running = {kept: partial(_nnctl, setting, home, epochs, kept) for kept in MEMORY if only in kept}
        running["keras"] = partial(_keras, home / "train", epochs)
        told = in_turns(running, rounds, lambda name, each: say(f"images {name:8}{each}"))
    return {name: by_figure(each) for name, each in told.items()}


def _nnctl(setting: Setting, folder: Path, epochs: int, kept: str, number: int) -> Figures:
    changes = [f"data.path={folder}", f"data.source.images.memory={kept}", f"train.epochs={epochs}", f"seed={number}"]
    asked = [*NNCTL, "train", str(HERE / "images.yaml"), "--runs", str(folder.parent / "runs")]
    return figures(process.run([*asked, *(f"--set={change}" for change in changes)], ROOT, setting.environment))


def _keras(folder: Path, epochs: int, number: int) -> Figures:
    return figures(process.run([sys.executable, "plain_images.py", str(folder), str(epochs)], HERE))
