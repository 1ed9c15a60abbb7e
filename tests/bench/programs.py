"""Who is compared: nnctl as a user runs it, and hand-written programs that do the same."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from nnctl.spec.network.precision import multiplies_bfloat16
from tests.bench import process
from tests.bench.process import Ended

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
NNCTL = (sys.executable, "-m", "nnctl")
# As a network is called here: the spec or program that trains it, and the type that its layers compute in.
NETWORKS = {
    "mlp": ("mlp", "float32"),
    "deep": ("deep", "float32"),
    "wide": ("wide", "float32"),
    "cnn": ("cnn", "float32"),
    "wide, bfloat16": ("wide", "mixed_bfloat16"),
    "cnn, bfloat16": ("cnn", "mixed_bfloat16"),
}
DENSE = ("mlp", "deep", "wide")
TITLES = {
    "nnctl": "nnctl",
    "keras": "plain Keras",
    "keras_bfloat16": "Keras in bfloat16",
    "torch": "PyTorch",
    "jax": "JAX, jitted scan",
}


@dataclass(frozen=True, slots=True)
class Setting:
    """What the programs run with.

    Attributes:
        mnist: the file that holds MNIST.
        python: the interpreter that PyTorch and JAX are looked for in.
    """

    mnist: Path
    python: str = sys.executable

    @property
    def environment(self) -> dict[str, str]:
        """What nnctl finds its own code and MNIST by."""
        return {"NNCTL_DATA_DIR": str(self.mnist.parent), "PYTHONPATH": str(ROOT)}


@dataclass(frozen=True, slots=True)
class Task:
    """One training.

    Attributes:
        network: a key of `NETWORKS`.
        epochs: how many.
        seed: the seed.
        held: what is scored after each epoch: `validation`, cut from the training examples, or `test`.
        enough: asked for each line that the program says whether it may be ended early.
    """

    network: str
    epochs: int
    seed: int = 0
    held: str = "validation"
    enough: Callable[[str], bool] = lambda line: False


Trainer = Callable[[Setting, Task], Ended]


def chosen(networks: Iterable[str], only: str = "") -> list[str]:
    """The networks whose name holds `only`, without those in bfloat16 where the processor does not multiply it."""
    able = multiplies_bfloat16()
    return [name for name in networks if only in name and (able or NETWORKS[name][1] == "float32")]


def trainers(setting: Setting, network: str) -> dict[str, Trainer]:
    """The programs that train a network, of those that are installed."""
    found: dict[str, Trainer] = {"nnctl": nnctl, "keras": keras}
    if NETWORKS[network][1] != "float32":
        return {**found, "keras_bfloat16": keras_bfloat16}
    if version(setting.python, "torch"):
        found["torch"] = torch
    if network in DENSE and version(setting.python, "jax"):
        found["jax"] = jax
    return found


def nnctl(setting: Setting, task: Task) -> Ended:
    """`nnctl train`, with all that a user gets: metrics, checkpoints, the recorder, the progress bar, scores, pictures."""
    name, precision = NETWORKS[task.network]
    changes = [f"train.epochs={task.epochs}", f"train.precision={precision}", f"seed={task.seed}"]
    changes += [f"data.validation={json.dumps(str(setting.mnist))}"] if task.held == "test" else []
    with TemporaryDirectory() as runs:
        asked = [*NNCTL, "train", str(HERE / "specs" / f"{name}.yaml"), "--runs", runs]
        asked += [f"--set={change}" for change in changes]
        return process.run(asked, ROOT, setting.environment, task.enough)


def keras(setting: Setting, task: Task) -> Ended:
    """Plain Keras: `fit` on arrays, in float32 whatever nnctl computes in."""
    return _plain(sys.executable, "plain_keras.py", setting, task)


def keras_bfloat16(setting: Setting, task: Task) -> Ended:
    """The same under Keras's own policy of mixed precision."""
    return _plain(sys.executable, "plain_keras.py", setting, task, "--precision", "mixed_bfloat16")


def torch(setting: Setting, task: Task) -> Ended:
    """A PyTorch loop."""
    return _plain(setting.python, "plain_torch.py", setting, task)


def jax(setting: Setting, task: Task) -> Ended:
    """JAX, an epoch in one jitted scan."""
    return _plain(setting.python, "plain_jax.py", setting, task)


def _plain(python: str, program: str, setting: Setting, task: Task, *more: str) -> Ended:
    name = NETWORKS[task.network][0]
    asked = [python, program, name, str(task.epochs), str(setting.mnist), *more]
    return process.run([*asked, "--held", task.held, "--seed", str(task.seed)], HERE, enough=task.enough)


def floor(network: str) -> float:
    """Seconds that the products alone of an epoch of a dense network take."""
    (_, told), *_ = process.run([sys.executable, "products.py", network], HERE).lines
    return float(told.removeprefix("floor "))


def version(python: str, package: str) -> str | None:
    """The version of a package that an interpreter finds; None if it finds none."""
    code = f"import importlib.metadata as found; print(found.version({package!r}))"
    done = subprocess.run([python, "-c", code], capture_output=True, text=True, check=False)
    return done.stdout.strip() or None


Versions = Mapping[str, str | None]


def versions(setting: Setting) -> Versions:
    """The versions of all that is compared."""
    own = {name: version(sys.executable, name) for name in ("nnctl", "tensorflow", "keras", "numpy", "scikit-learn")}
    return {**own, **{name: version(setting.python, name) for name in ("torch", "jax")}}
