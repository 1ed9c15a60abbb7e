"""How cost grows with the number of examples and with the width and depth of a network."""

from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from tests.bench import process
from tests.bench.networks import Figures, Say, figures
from tests.bench.programs import NNCTL, ROOT, Setting
from tests.bench.rounds import by_figure, in_turns

FEATURES = 16
EXAMPLES = (10**3, 10**4, 10**5, 10**6, 10**7)
WIDTHS = (256, 512, 1024, 2048)  # of two layers
DEPTHS = (4, 8, 16, 32, 64)  # layers of 64 units
EPOCHS = 3
_SPEC = """\
name: growth
data: {{source: {{npz: {{memory: {memory}}}}}, path: {path}, validation: 0.1, test: 0.01}}
model:
  layers:
{layers}
    - dense: {{units: 2, activation: softmax}}
train: {{loss: sparse_categorical_crossentropy, optimizer: adam, batch_size: {batch}, epochs: {epochs}}}
"""


def measure(setting: Setting, rounds: int, quick: bool, say: Say, only: str = "") -> dict[str, Any]:
    """For `examples`, `streamed` (they stay on disk), `width` and `depth`, and each size: see `networks.figures`.

    Args:
        setting: what nnctl runs with.
        rounds: how often each runs.
        quick: only the three smallest of each.
        say: told of each figure as it comes.
        only: kinds of growth whose name holds this.
    """
    sizes = {
        "examples": {size: (size, (32,), 1024, "hold") for size in EXAMPLES},
        "streamed": {size: (size, (32,), 1024, "stream") for size in EXAMPLES},
        "width": {size: (20_000, (size, size), 128, "hold") for size in WIDTHS},
        "depth": {size: (20_000, (64,) * size, 128, "hold") for size in DEPTHS},
    }
    found = {}
    for kind in (kind for kind in sizes if only in kind):
        chosen = [*sizes[kind].items()][: 3 if quick else None]
        with TemporaryDirectory() as folder:
            running = {str(size): partial(_grown, setting, _spec(Path(folder), *each)) for size, each in chosen}
            told = in_turns(running, rounds, lambda size, each, kind=kind: say(f"{kind:10}{size:>10}  {each}"))
        found[kind] = {size: by_figure(each) for size, each in told.items()}
    return found


def _spec(folder: Path, examples: int, layers: tuple[int, ...], batch: int, memory: str) -> Path:
    """A spec, and the file of examples that it trains on: two classes, told apart by the sum of some features."""
    path = folder / f"{examples}.npz"
    if not path.is_file():
        random = np.random.default_rng(0)
        x = random.integers(0, 256, (examples, FEATURES), "uint8")
        np.savez(path, x=x, y=(x[:, :4].sum(axis=1) > 510).astype("uint8"))
    body = "\n".join(f"    - dense: {{units: {units}, activation: relu}}" for units in layers)
    spec = folder / f"{examples}-{len(layers)}-{layers[0]}.yaml"
    spec.write_text(_SPEC.format(path=path, memory=memory, layers=body, batch=batch, epochs=EPOCHS))
    return spec


def _grown(setting: Setting, spec: Path, number: int) -> Figures:
    asked = [*NNCTL, "train", str(spec), "--runs", str(spec.parent / "runs"), "--seed", str(number)]
    return figures(process.run(asked, ROOT, setting.environment))
